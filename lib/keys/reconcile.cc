#include "keys/reconcile.h"

#include <utility>

#include <fmt/format.h>

#include "act/change_facts.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "approval/operation.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "keys/internal/logged_making.h"
#include "keys/token_findings.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::keys {

namespace {

using act::Fact;
using act::LogFacts;
using registry::CopyState;

struct Reconciled {
  std::vector<SurveyedKey> found{};
  std::vector<KnownVersion> known{};
  std::vector<KnownVersion> unrecorded{};  // of these: with a copy here that nobody recorded
  std::vector<Finding> findings{};
  pkcs11::TokenInfo token{};
};

// Of a cluster each member is a token of its own.
std::vector<KnownVersion> unrecorded_in(const std::vector<SurveyedKey>& found,
                                        const std::vector<KnownVersion>& known) {
  std::vector<KnownVersion> list;
  std::ranges::copy_if(known, std::back_inserter(list), [&](const KnownVersion& one) {
    return !one.copy && one.version.state != registry::VersionState::kDestroyed &&
           is_shown(found, one);
  });
  return list;
}

std::optional<registry::Copy> copy_on(const registry::Stores& stores,
                                      const registry::VersionId& version,
                                      const std::string& serial) {
  for (const auto& copy : stores.copies.of(version)) {
    if (copy.form == registry::CopyForm::kToken && copy.token_serial == serial) return copy;
  }
  return std::nullopt;
}

std::vector<KnownVersion> known_versions(const registry::Stores& stores,
                                         const std::string& serial) {
  std::vector<KnownVersion> known;
  for (const auto& key : stores.keys.list()) {
    for (auto& version : stores.versions.of(key.id)) {
      auto values = stores.versions.check_values(version.id);
      auto copy = copy_on(stores, version.id, serial);
      known.push_back({.key = key,
                       .version = std::move(version),
                       .check_values = std::move(values),
                       .copy = std::move(copy)});
    }
  }
  return known;
}

// Only of what is there: a making is looked up in the log.
void add_makings(std::vector<KnownVersion>& known, const std::vector<SurveyedKey>& found,
                 const site::Site& site) {
  std::vector<std::string> ids;
  for (const auto& one : known) {
    if (is_there(found, one)) ids.push_back(to_hex(one.version.cka_id));
  }
  const auto makings = logged_makings(site, ids);
  for (auto& one : known) {
    const auto own = makings.find(to_hex(one.version.cka_id));
    if (own == makings.end() || !is_there(found, one)) continue;
    one.attributes = own->second.back().attributes;
    one.made_for = own->second.back().made_for;
  }
}

Reconciled look(act::AtWork& at) {
  const site::Site& site = act::required_site(at.context());
  Reconciled seen{.found = survey_token(at.token(), from_hex(site.settings.log.key_id)),
                  .token = at.token().info()};
  const registry::Registry registry(site.path(site::kRegistryName));
  {
    const auto view = registry.read();
    seen.known = known_versions(*view.operator->(), seen.token.serial);
  }
  seen.unrecorded = unrecorded_in(seen.found, seen.known);
  add_makings(seen.known, seen.found, site);
  seen.findings = findings_of(seen.found, seen.known);
  return seen;
}

// A copy that is gone, or back.
std::vector<Fact> moves_of(const Reconciled& seen) {
  std::vector<Fact> list;
  for (const auto& one : seen.unrecorded)
    list.push_back(act::new_copy(registry::Copy{.id = act::random_id(),
                                                .version = one.version.id,
                                                .form = registry::CopyForm::kToken,
                                                .cka_id = one.version.cka_id,
                                                .state = CopyState::kPresent},
                                 seen.token));
  for (const auto& one : seen.known) {
    if (!one.copy || one.version.state == registry::VersionState::kDestroyed) continue;
    const bool there = is_there(seen.found, one);
    const auto state = one.copy->state;
    if (there && (state == CopyState::kMissing || state == CopyState::kExpected))
      list.push_back(act::moved(one.copy->id, CopyState::kPresent));
    if (!there && (state == CopyState::kPresent || state == CopyState::kExpected))
      list.push_back(act::moved(one.copy->id, CopyState::kMissing));
  }
  return list;
}

// An id that somebody else chose may be longer than the log takes.
constexpr std::size_t kLongestLoggedId = 64;

LogFacts facts_about(const Reconciled& seen) {
  std::vector<Fact> list;
  for (const auto& one : seen.findings) {
    LogFacts fact{{"finding", logged_word(one.kind)}};
    if (!one.id.empty() && one.id.size() <= 2 * kLongestLoggedId)
      fact.add("key_id", Fact::id(one.id));
    if (one.version) {
      fact.add("key", Fact::id(one.version->key));
      fact.add("number", one.version->number);
    }
    list.emplace_back(fact);
  }
  return {{"objects", seen.found.size()}, {"findings", list}};
}

Json to_json(const Finding& one) {
  return {{"finding", word(one.kind)},
          {"label", one.label},
          {"id", one.id},
          {"key", one.version ? Json(one.version->key) : Json()},
          {"number", one.version ? Json(one.version->number) : Json()},
          {"detail", one.detail}};
}

Json document_of(const Reconciled& seen) {
  Json list = Json::array();
  for (const auto& one : seen.findings) list.push_back(to_json(one));
  Json recorded = Json::array();
  for (const auto& one : seen.unrecorded)
    recorded.push_back({{"key", one.version.id.key}, {"number", one.version.id.number}});
  return {{"token_serial", seen.token.serial},
          {"objects", seen.found.size()},
          {"recorded", std::move(recorded)},
          {"findings", std::move(list)}};
}

std::string text_of(const Reconciled& seen) {
  if (seen.findings.empty()) {
    return fmt::format("{} key objects of token {} are what registry and log have of them",
                       seen.found.size(), printable(seen.token.serial));
  }
  std::vector<std::vector<std::string>> rows{{"finding", "object"}};
  for (const auto& one : seen.findings) {
    rows.push_back({std::string(word(one.kind)),
                    fmt::format("{}id {}",
                                one.label.empty() ? std::string()
                                                  : fmt::format("\"{}\", ", printable(one.label)),
                                one.id.empty() ? "none" : one.id)});
    rows.push_back({"", one.detail});
  }
  return format_table(rows);
}

act::Outcome outcome_of(const Reconciled& seen) {
  act::Outcome outcome{
      .document = document_of(seen), .text = {text_of(seen)}, .facts = facts_about(seen)};
  for (const auto& one : seen.unrecorded)
    outcome.text.push_back(fmt::format("{} is on token {} too: the registry has that copy now",
                                       act::version_text(one.key, one.version.id),
                                       printable(seen.token.serial)));
  if (!seen.findings.empty()) outcome.code = static_cast<int>(Kind::kVerification);
  return outcome;
}

act::Outcome performed(act::AtWork& at) {
  const auto seen = look(at);
  auto outcome = outcome_of(seen);
  const auto moves = moves_of(seen);
  if (moves.empty()) return outcome;
  outcome.registry =
      act::rows_of(kReconcileAct, outcome.document, moves.size(),
                   [moves](registry::Stores& /*stores*/, const std::string& /*batch*/) {
                     return act::changes(moves);
                   });
  return outcome;
}

}  // namespace

const std::vector<act::Field<ReconcileRequest>>& ReconcileRequest::table() {
  static const std::vector<act::Field<ReconcileRequest>> fields{};
  return fields;
}

act::Act reconcile(const ReconcileRequest& request) {
  return {approval::operation_named(kReconcileAct), [request](const act::Context& context) {
            (void)act::required_site(context);
            return act::PreparedAct{
                .intent = {.act = kReconcileAct, .request = act::record(request)},
                .need = {.access = pkcs11::Access::kReadOnly},
                .preview = [](act::AtWork& at) { return outcome_of(look(at)); },
                .perform = performed};
          }};
}

}  // namespace keyrite::keys
