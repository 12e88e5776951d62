#include "inventory/access.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "act/registry_replay.h"
#include "approval/operation.h"
#include "base/canonical_json.h"
#include "base/error.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "inventory/internal/access_report.h"
#include "inventory/internal/rows.h"
#include "site/layout.h"

namespace keyrite::inventory {

namespace {

using act::Fact;
using act::LogFacts;

constexpr const char* kSignOffAct = "inventory-sign-off";
constexpr std::size_t kMostAtOnce = 1000;

std::optional<approval::Roster> roster_of(const site::Site& site) {
  const std::string path = site.path(site.settings.approvals.roster);
  if (site.settings.approvals.roster.empty() || !is_there(path)) return std::nullopt;
  return approval::read_roster(path);
}

Json people_of(const approval::Roster& roster, const std::string& role) {
  Json people = Json::array();
  for (const auto& one : roster.approvers) {
    if (std::ranges::find(one.roles, role) != one.roles.end()) people.push_back(one.identity);
  }
  return people;
}

// One operation's row: who must approve it.
Json needed_json(const approval::Operation& operation, const site::Site& site,
                 const std::optional<approval::Roster>& roster) {
  Json roles = Json::array();
  const auto found = site.settings.approvals.needed.find(std::string(operation.name));
  if (found != site.settings.approvals.needed.end()) {
    for (const auto& [role, count] : found->second) {
      roles.push_back({{"role", role},
                       {"number", count},
                       {"people", roster ? people_of(*roster, role) : Json::array()}});
    }
  }
  return {{"operation", operation.name}, {"approvals", std::move(roles)}};
}

// Services that have data keys or credentials under a version.
Json services_json(const registry::Stores& stores, const registry::VersionId& version,
                   const std::vector<registry::Credential>& credentials) {
  Json list = Json::array();
  for (const auto& one : credentials) {
    const auto dek = stores.deks.find(one.dek);
    if (one.revoked || !dek || dek->version != version) continue;
    list.push_back({{"service", one.service},
                    {"environment", one.environment},
                    {"scope", one.scope},
                    {"owner", text_json(one.owner)}});
  }
  return list;
}

Json token_copies_json(const registry::Stores& stores, const registry::VersionId& version) {
  Json list = Json::array();
  for (const auto& copy : stores.copies.of(version)) {
    if (copy.state == registry::CopyState::kDestroyed) continue;
    const bool token = copy.form == registry::CopyForm::kToken;
    list.push_back({{"form", registry::word(copy.form)},
                    {"where", token ? copy.token_serial : copy.sha256},
                    {"state", registry::word(copy.state)}});
  }
  return list;
}

Json version_access(const registry::Stores& stores, const registry::Version& version,
                    const registry::KeyPolicy& policy,
                    const std::vector<registry::Credential>& credentials) {
  using registry::Use;
  Json uses = Json::array();
  for (const auto use : {Use::kProve, Use::kWrap, Use::kUnwrapService, Use::kUnwrapForRewrap}) {
    if (registry::may(version.state, version.frozen_by.has_value(), use, policy.compromised))
      uses.push_back(registry::word(use));
  }
  return {{"number", version.id.number},
          {"state", registry::word(version.state)},
          {"may", std::move(uses)},
          {"copies", token_copies_json(stores, version.id)},
          {"dek_holders", stores.deks.holders(version.id)},
          {"credentials", services_json(stores, version.id, credentials)}};
}

Json served_json(const HeldKey& held) {
  Json list = Json::array();
  for (const auto& place : held.places) {
    for (const auto& placed : place.placed) {
      if (!holds_material(placed.placement.state)) continue;
      list.push_back({{"version", placed.placement.id.number},
                      {"destination", place.destination.id},
                      {"where", identifier_text(place.destination)},
                      {"state", registry::word(placed.placement.state)},
                      {"proof", proof_text(placed)}});
    }
  }
  return list;
}

std::string digest_of(const Json& people, const Json& access) {
  return crypto::sha256_hex(as_bytes(canonical_json({{"people", people}, {"key", access}})));
}

std::vector<AccessReport> access_reports(const registry::Stores& stores,
                                         const AccessRequest& request, const Json& people,
                                         const site::Site& site) {
  if (request.key && !request.tenant) {
    throw Error(Kind::kUsage, "access-which",
                "--key names a key of a tenant, and which is not said", "give --tenant");
  }
  std::optional<std::string> tenant;
  if (request.tenant) tenant = tenant_named(stores.tenants, *request.tenant).id;
  std::vector<HeldKey> keys;
  if (request.key) {
    keys.push_back(held_key(stores, tenant_named(stores.tenants, *request.tenant),
                            key_named(stores, *request.tenant, *request.key)));
  } else {
    keys = held_keys(stores, tenant);
  }
  // Not of an act at work now, whose decision is not in force here yet.
  const auto log = act::decisions_of(site, stores.log.position(site.settings.log.origin).size);
  std::vector<AccessReport> reports;
  for (auto& held : keys) {
    if (held.is_over()) continue;
    Json access = access_json(stores, held, stores.decisions.checked_key_policy(held.key.id, log));
    std::string sha256 = digest_of(people, access);
    auto sign_off = stores.keys.last_sign_off(held.key.id);
    reports.push_back({std::move(held), std::move(access), std::move(sha256), std::move(sign_off)});
  }
  return reports;
}

void require_owner(const std::vector<AccessReport>& reports, const std::string& owner) {
  if (reports.empty()) {
    throw Error(Kind::kFailed, "sign-off-nothing", "there is no key to sign off",
                "nothing was written; keyrite inventory access shows the keys");
  }
  for (const auto& report : reports) {
    if (report.held.owner() == owner) continue;
    throw Error(Kind::kFailed, "sign-off-not-owner",
                fmt::format("\"{}\" does not own key {}", printable(owner),
                            whose_text(report.held.tenant, report.held.key, kColumns)),
                "nothing was written; its owner signs it off, or the key gets another owner with "
                "keyrite key change");
  }
}

// Reads again what it signs off: nobody writes now.
LogFacts sign_off_rows(registry::Stores& stores, const AccessRequest& request,
                       const site::Site& site, Json& document) {
  const Json people = people_json(site, roster_of(site));
  const auto reports = access_reports(stores, request, people, site);
  require_owner(reports, request.owner.value_or(""));
  std::vector<Fact> list;
  for (const auto& report : reports) {
    list.emplace_back(LogFacts{{"key", Fact::id(report.held.key.id)},
                               {"report_sha256", Fact::sha256(report.sha256)}});
    document.push_back({{"tenant", text_json(report.held.tenant.name)},
                        {"name", text_json(report.held.key.name)},
                        {"id", report.held.key.id},
                        {"report_sha256", report.sha256}});
  }
  return changes(list);
}

std::size_t count_of(const AccessRequest& request, const act::Context& context,
                     const site::Site& site) {
  const auto registry = registry_to_read(context);
  const auto view = registry->read();
  const Json people = people_json(site, roster_of(site));
  const auto reports = access_reports(*view.operator->(), request, people, site);
  require_owner(reports, request.owner.value_or(""));
  if (reports.size() <= kMostAtOnce) return reports.size();
  throw Error(Kind::kUsage, "sign-off-too-many",
              fmt::format("{} keys at once are more than {}", reports.size(), kMostAtOnce),
              "sign off the keys of one tenant at a time: give --tenant");
}

act::PreparedAct prepared_sign_off(const AccessRequest& request, const act::Context& context) {
  const site::Site& site = site_of(context);
  const std::size_t count = count_of(request, context, site);
  act::Intent intent{.act = kSignOffAct};
  intent.request = act::record(request);
  return {.intent = std::move(intent), .perform = [request, count](act::AtWork& at) {
            const auto written = std::make_shared<Json>(Json::array());
            const Json what{text_json(request.tenant), text_json(request.key),
                            text_json(request.owner)};
            auto rows = rows_of(kSignOffAct, what, count,
                                [=, site = site_of(at.context())](registry::Stores& stores,
                                                                  const std::string& /*batch*/) {
                                  return sign_off_rows(stores, request, site, *written);
                                });
            return outcome_of(
                "keys", written,
                [](const Json& one) {
                  return fmt::format(
                      "access to key \"{}\" is signed off; the report has SHA-256\n"
                      "  {}",
                      printable(one.at("name").is_string() ? one.at("name").get<std::string>()
                                                           : one.at("id").get<std::string>()),
                      one.at("report_sha256").get<std::string>());
                },
                std::move(rows));
          }};
}

}  // namespace

Json people_json(const site::Site& site, const std::optional<approval::Roster>& roster) {
  Json operators = Json::array();
  if (roster) {
    for (const auto& one : roster->operators) operators.push_back(one.identity);
  }
  Json operations = Json::array();
  for (const auto& operation : approval::kOperations) {
    if (operation.place == approval::Place::kToken &&
        operation.policy != approval::Policy::kNotAsked)
      operations.push_back(needed_json(operation, site, roster));
  }
  return {{"roster_sha256", roster ? Json(roster->sha256) : Json()},
          {"operators", std::move(operators)},
          {"operations", std::move(operations)}};
}

Json access_json(const registry::Stores& stores, const HeldKey& held,
                 const registry::KeyPolicy& policy) {
  const auto credentials = stores.credentials.of(held.tenant.id);
  Json versions = Json::array();
  for (const auto& version : held.versions) {
    if (version.state != registry::VersionState::kDestroyed)
      versions.push_back(version_access(stores, version, policy, credentials));
  }
  return {{"tenant", text_json(held.tenant.name)},
          {"name", text_json(held.key.name)},
          {"id", held.key.id},
          {"owner", text_json(held.owner())},
          {"usage", registry::word(held.key.usage)},
          {"roster_sha256", text_json(policy.roster_sha256)},
          {"versions", std::move(versions)},
          {"serves", served_json(held)}};
}

Shown show_access(const AccessRequest& request, const act::Context& context) {
  const site::Site& site = site_of(context);
  const auto registry = registry_to_read(context);
  const auto view = registry->read();
  const Json people = people_json(site, roster_of(site));
  return shown_access(people, access_reports(*view.operator->(), request, people, site));
}

act::Act sign_off_access(const AccessRequest& request) {
  if (!request.owner) {
    throw Error(Kind::kUsage, "sign-off-owner", "an owner signs off, and who is not said",
                "give --owner");
  }
  require_name(*request.owner, "the owner of a key");
  return {approval::operation_named(kSignOffAct),
          [request](const act::Context& context) { return prepared_sign_off(request, context); }};
}

}  // namespace keyrite::inventory
