#include "act/internal/other_site_statement.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "approval/statement_names.h"
#include "base/canonical_json.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "transcript/entry_fields.h"

namespace keyrite::act {

namespace {

namespace fs = std::filesystem;

using transcript::entry_object;
using transcript::entry_text;

// What a statement binds that is the same at each site.
const std::set<std::string, std::less<>>& everywhere() {
  static const std::set<std::string, std::less<>> fields{
      "version", "operation", "tool_version", "script_sha256", "roster_sha256", "threshold"};
  return fields;
}

[[noreturn]] void differs(const char* code, const PendingStatement& pending,
                          const std::string& why) {
  throw Error(Kind::kVerification, code,
              fmt::format("the approvals sign the statement {} of the site {}: {}", pending.sha256,
                          printable(pending.statement.log_origin), why),
              "give what was approved there (keyrite approve show says it), or have a statement "
              "approved that names what is here");
}

Json sites_in(const Json& request) {
  const Json sites = entry_object(request, "inputs").value("sites", Json());
  return sites.is_array() ? sites : Json();
}

// A file beside the statement, which has its SHA-256.
Bytes beside(const PendingStatement& pending, const char* name, const std::string& sha256) {
  Bytes bytes = read_file(fs::path(pending.path).parent_path() / name);
  if (crypto::sha256_hex(bytes) != sha256)
    differs("statement-other-names", pending,
            fmt::format("{} beside it is not the one that it names", name));
  return bytes;
}

// Each site has pseudonyms of its own: what they stand for is compared.
Json in_names(const Json& value, const approval::Names& names) {
  if (value.is_string()) {
    const auto name = names.find(value.get<std::string>());
    return name == names.end() ? value : Json{{"name", name->second}};
  }
  if (!value.is_structured()) return value;
  Json all = value;
  for (auto& one : all) one = in_names(one, names);
  return all;
}

// All but the inputs, which are this site's own: of these the list of sites has what counts.
Json asked_by(const Json& request, const approval::Names& names) {
  Json asked = request;
  asked["inputs"] = {{"sites", sites_in(request)}};
  asked["request"] = in_names(entry_object(request, "request"), names);
  asked["outputs"] = in_names(request.value("outputs", Json::array()), names);
  return asked;
}

// What was read has its members in another order than what was made here.
bool is_same(const Json& one, const Json& other) {
  return canonical_json(one) == canonical_json(other);
}

// This site's line in the list is what it has now, and so would be approved here.
void require_own_part(const PendingStatement& pending, const ApprovalContext& scene,
                      const Json& sites) {
  const auto& site = scene.context.site.value().site;
  const Json inputs = entry_object(scene.request.json, "inputs");
  const auto own = std::ranges::find_if(sites, [&](const Json& one) {
    return entry_text(one, "origin") == site.settings.log.origin &&
           entry_text(one, "vkey") == site.log_key.text();
  });
  if (own == sites.end()) differs("statement-other-request", pending, "it does not name this site");
  for (const char* name :
       {"list_sha256", "data_keys", "data_key_list_sha256", "credentials", "tokens"}) {
    if (!is_same(own->value(name, Json()), inputs.value(name, Json())))
      differs("statement-other-request", pending,
              fmt::format("its \"{}\" of this site is not what this site has", name));
  }
}

void require_asking_site(const PendingStatement& pending, const Json& sites) {
  const bool listed = std::ranges::any_of(sites, [&](const Json& one) {
    return entry_text(one, "origin") == pending.statement.log_origin;
  });
  if (!listed) differs("statement-other-log", pending, "that site is not in its own list of sites");
}

}  // namespace

void require_statement_for_sites(const ApprovalContext& scene, const approval::Threshold& needed) {
  if (sites_in(scene.request.json).is_null()) return;
  const auto& binding = scene.context.site.value();
  if (!needed.empty() && !binding.campaign && binding.step_of_ceremony() == nullptr) return;
  throw Error(Kind::kConfig, "statement-for-sites",
              "several sites take one statement, and here no statement of this act is signed",
              "the policy of each site must ask for approvals of shred, and the act must be no "
              "step of a ceremony: shred each site by itself otherwise");
}

bool is_of_other_site(const PendingStatement& pending, const ApprovalContext& scene) {
  if (sites_in(scene.request.json).is_null()) return false;
  return pending.statement.log_origin != scene.context.site.value().site.settings.log.origin;
}

void require_for_this_site(const PendingStatement& pending, const ApprovalContext& scene,
                           const approval::Due& due) {
  approval::Due here = due;
  here.only = everywhere();
  here.root_of = {};
  approval::require_due(pending.statement, here,
                        fmt::format("the approvals sign the statement {} of the site {}: ",
                                    pending.sha256, printable(pending.statement.log_origin)));
  const Json request = parse_json(
      beside(pending, site::kRequestName, pending.statement.request_sha256), site::kRequestName);
  const auto names = approval::names_from_bytes(
      beside(pending, site::kNamesName, pending.statement.names_sha256), site::kNamesName);
  const Json approved = asked_by(request, names);
  const Json asked = asked_by(scene.request.json, scene.request.names);
  if (!is_same(approved, asked))
    differs("statement-other-request", pending,
            fmt::format("it was made for another command: what differs is {}",
                        differing_members(approved, asked)));
  const Json sites = sites_in(request);
  require_own_part(pending, scene, sites);
  require_asking_site(pending, sites);
}

}  // namespace keyrite::act
