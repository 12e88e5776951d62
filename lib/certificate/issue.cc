// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/issue.h"

#include <filesystem>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "act/closing.h"
#include "act/log_key.h"
#include "act/tenant_key.h"
#include "approval/operation.h"
#include "base/bytes.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "certificate/gathering.h"
#include "certificate/internal/members.h"
#include "certificate/other_sites.h"
#include "certificate/page.h"
#include "certificate/verification.h"
#include "crypto/digest.h"
#include "crypto/timestamp.h"
#include "registry/registry.h"
#include "site/layout.h"
#include "transcript/vkey_file.h"

namespace keyrite::certificate {

namespace {

namespace fs = std::filesystem;
using act::Fact;

struct Whose {
  Scope scope{};
  GivenNames names{};
};

// By name, or by id: a tenant that was forgotten has no name.
registry::Tenant tenant_meant(const registry::Stores& stores, const std::string& word) {
  if (const auto tenant = stores.tenants.find(word)) return *tenant;
  return act::tenant_named(stores.tenants, word);
}

registry::Key key_meant(const registry::Stores& stores, const registry::Tenant& tenant,
                        const std::string& word) {
  for (const auto& key : stores.keys.of(tenant.id)) {
    if (key.id == word || key.name == word) return key;
  }
  throw Error(Kind::kUsage, "key-unknown",
              fmt::format("the tenant has no key \"{}\"", printable(word)),
              "keyrite key show lists the keys of a tenant");
}

Whose whose(const registry::Stores& stores, const IssueRequest& request) {
  const auto tenant = tenant_meant(stores, request.tenant);
  Whose whose{.scope = {.tenant = tenant.id}, .names = {.tenant = tenant.name}};
  if (request.key) whose.scope.key = key_meant(stores, tenant, *request.key).id;
  if (request.version) whose.scope.number = *request.version;
  for (const auto& key : stores.keys.of(tenant.id)) {
    if (key.name && (!whose.scope.key || *whose.scope.key == key.id))
      whose.names.keys[key.id] = *key.name;
  }
  return whose;
}

// The newest decisions about destinations, as far as the registry still has their documents. The
// log has their SHA-256: one that no entry names is refused by whoever verifies the certificate.
void put_decisions(const registry::Stores& stores, const std::vector<ToldEntry>& told,
                   const Facts& facts, Document& document) {
  std::set<std::string> named;
  for (const auto& one : told) {
    for (const auto& change : list_in(one.facts, "changes"))
      named.insert(text_in(member_of(change, "decision"), "sha256"));
  }
  std::set<std::string> destinations;
  for (const auto& place : facts.places) destinations.insert(place.destination);
  for (const auto& destination : destinations) {
    const auto decided =
        stores.decisions.in_force({registry::DecisionKind::kDestination, destination, 0});
    if (decided && decided->document && named.contains(decided->sha256))
      document.decisions.push_back(*decided->document);
  }
}

// What other sites issued, and by which keys it is verified.
struct OfSites {
  std::vector<std::string> results{};
  std::vector<transcript::NoteKey> keys{};
};

OfSites sites_given(const IssueRequest& request, const site::Site& site) {
  if (request.site_result.empty() != request.site_vkey.empty()) {
    throw Error(Kind::kUsage, "certificate-sites",
                "--site-result and --site-vkey are given together, or not at all",
                "give the vkey of each site that was noted when it was made");
  }
  OfSites given{.keys = {site.log_key}};
  for (const auto& path : request.site_result)
    given.results.push_back(as_text(read_file(path, kLongest)));
  for (const auto& one : request.site_vkey) {
    for (auto& key : transcript::vkeys_given(one)) given.keys.push_back(std::move(key));
  }
  return given;
}

struct Issued {
  Verified verified{};
  std::string file{};
  std::string page{};
};

Document drafted(const act::Context& context, const IssueRequest& request,
                 const std::vector<Declaration>& declarations, const OfSites& sites) {
  const site::Site& site = act::required_site(context);
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  const Whose meant = whose(*view.operator->(), request);
  Gathered gathered = gather(site, meant.scope);
  Document document{.origin = site.log_key.name(),
                    .issued = format_rfc3339(context.now()),
                    .tool = context.tool_version,
                    .scope = meant.scope,
                    .names = meant.names,
                    .entries = std::move(gathered.entries),
                    .checkpoint = std::move(gathered.checkpoint)};
  document.declarations = declarations;
  document.sites = sites.results;
  const auto told = told_by(document, [](const Json& entry) { return entry.contains("vouch"); });
  const Facts facts = facts_of(document.scope, told, {});
  if (facts.versions.empty()) {
    throw Error(Kind::kFailed, "certificate-nothing",
                "no signed entry of the log condemns a version of this tenant or key",
                "shred it first; keyrite resume signs the log");
  }
  put_decisions(*view.operator->(), told, facts, document);
  return document;
}

Issued signed_certificate(const Document& document, const site::Site& site,
                          const std::vector<transcript::NoteKey>& keys, act::TokenSession& token) {
  const auto told = told_by(
      document, [&](const Json& entry) { return transcript::is_vouched(entry, site.log_key); });
  Facts facts = facts_of(document.scope, told, documents_of(document));
  add_other_sites(facts, document.origin, verify_sites(document, keys));
  const Statement statement = statement_of(facts, document.names, words_of(document));
  const std::string body = body_of(document, facts, statement);
  const transcript::NoteSignature signature{
      .name = site.log_key.name(),
      .id = site.log_key.id(),
      .value = act::sign_note(token, site.log_key, from_hex(site.settings.log.key_id),
                              text_to_sign(document, body))};
  std::string line = signature.line();
  line.pop_back();
  Issued issued{.file = file_of(body, {line})};
  issued.verified = verify_certificate(issued.file, keys, kDocumentName);
  issued.page = page_of(issued.verified.document, issued.verified.facts, issued.verified.statement,
                        issued.verified.sha256);
  return issued;
}

// What arrived on the disk is what was signed. The query asks an authority outside when it saw it.
void write_both(const IssueRequest& request, const Issued& issued,
                const std::vector<transcript::NoteKey>& keys) {
  write_new_folder(
      request.out,
      {{.name = kDocumentName, .content = concat(as_bytes(issued.file), {})},
       {.name = kPageName, .content = concat(as_bytes(issued.page), {})},
       {.name = kQueryName, .content = crypto::timestamp_query(as_bytes(issued.file))}});
  try {
    const fs::path written = fs::path(request.out) / kDocumentName;
    (void)verify_certificate(as_text(read_file(written, kLongest)), keys, written.native());
  } catch (const Error&) {
    remove_folder(request.out);
    throw;
  }
}

std::string closing_of(const IssueRequest& request, const std::string& sha256,
                       const act::Context& context) {
  const fs::path folder(request.out);
  const std::string query = folder / kQueryName;
  return act::closing(
      context, {{"the certificate's folder", request.out}, {"SHA-256 of certificate.json", sha256}},
      {{fmt::format("for a time that others believe, send {} to a timestamp authority", query)},
       {"check the certificate on any machine, with the vkey that was noted",
        {"keyrite verify-certificate", shell_quote((folder / kDocumentName).native()),
         "--vkey VKEY", act::option("page", (folder / kPageName).native())}}});
}

act::Outcome outcome_of(const IssueRequest& request, const Issued& issued,
                        const act::Context& context) {
  const Verified& verified = issued.verified;
  const Statement& statement = verified.statement;
  const std::string page_sha256 = crypto::sha256_hex(as_bytes(issued.page));
  act::Outcome outcome{
      .document = {{"kind", statement.kind},
                   {"folder", request.out},
                   {"sha256", verified.sha256},
                   {"page_sha256", page_sha256},
                   {"versions", verified.facts.versions.size()},
                   {"entries", verified.document.entries.size()},
                   {"sites", verified.document.sites.size()},
                   {"pending", statement.pending}},
      .facts = {{"tenant", Fact::id(verified.document.scope.tenant)},
                {"certificate_sha256", Fact::sha256(verified.sha256)},
                {"page_sha256", Fact::sha256(page_sha256)},
                {"complete", statement.is_complete()},
                {"versions", verified.facts.versions.size()},
                {"log_size", verified.checkpoint.head.size}},
      .code = statement.is_complete() ? 0 : static_cast<int>(Kind::kWaiting),
      .lasting = act::Lasting{.made = fmt::format("the folder {} was made", printable(request.out)),
                              .code = "certificate-unreported",
                              .hint = "the folder is complete: check it with keyrite "
                                      "verify-certificate, or issue it again"}};
  outcome.text.push_back(format_table({{statement.headline}}));
  for (const auto& sentence : statement.pending)
    outcome.text.push_back(format_table({{"pending: " + printable(sentence)}}));
  outcome.text.push_back(
      fmt::format("{} and {} are in {}", kDocumentName, kPageName, printable(request.out)));
  outcome.text.push_back(closing_of(request, verified.sha256, context));
  return outcome;
}

std::vector<Declaration> declarations_in(const IssueRequest& request, const site::Site& site,
                                         const std::string& tenant) {
  std::vector<Declaration> declarations;
  if (request.declaration.empty()) return declarations;
  const auto roster = approval::read_roster(site.path(site.settings.approvals.roster));
  for (const auto& path : request.declaration)
    declarations.push_back(read_declaration(path, tenant, roster));
  return declarations;
}

act::PreparedAct prepared(const IssueRequest& request, const act::Context& context) {
  if (request.version && !request.key) {
    throw Error(Kind::kUsage, "certificate-which", "--key-version is of one key, and none is given",
                "give --key too");
  }
  const site::Site& site = act::required_site(context);
  require_writable_new_path(request.out);
  Scope scope;
  {
    const registry::Registry registry(site.path(site::kRegistryName));
    const auto view = registry.read();
    scope = whose(*view.operator->(), request).scope;
  }
  const auto declarations = declarations_in(request, site, scope.tenant);
  const auto sites = sites_given(request, site);
  act::ReadInputs read;
  for (const auto& one : sites.results)
    read["site-result"].push_back(crypto::sha256_hex(as_bytes(one)));
  for (const auto& one : declarations)
    read["declaration"].push_back(crypto::sha256_hex(as_bytes(one.text)));
  act::Intent intent{
      .act = kIssueAct, .request = act::record(request, read), .outputs = {request.out}};
  intent.inputs.push_back({.name = "tenant_id", .value = scope.tenant});
  if (scope.key) intent.inputs.push_back({.name = "key_id", .value = *scope.key});
  return {.intent = std::move(intent), .perform = [request, declarations, sites](act::AtWork& at) {
            const site::Site& of = act::required_site(at.context());
            const Issued issued = signed_certificate(
                drafted(at.context(), request, declarations, sites), of, sites.keys, at.token());
            write_both(request, issued, sites.keys);
            return outcome_of(request, issued, at.context());
          }};
}

}  // namespace

act::Act issue(const IssueRequest& request) {
  return {approval::operation_named(kIssueAct),
          [request](const act::Context& context) { return prepared(request, context); }};
}

}  // namespace keyrite::certificate
