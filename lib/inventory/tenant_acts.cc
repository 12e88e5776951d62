// The acts of keyrite tenant: what they write, and what their entries tell of it.
#include <memory>
#include <set>

#include <fmt/format.h>

#include "act/registry_replay.h"
#include "act/typed_text.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/text.h"
#include "inventory/internal/next_steps.h"
#include "inventory/internal/rows.h"
#include "inventory/record_file.h"
#include "inventory/tenants.h"
#include "site/layout.h"

namespace keyrite::inventory {

namespace {

using act::Fact;
using act::LogFacts;
using registry::DecisionId;
using registry::DecisionKind;
using registry::TenantPolicy;
using registry::TenantState;

struct NewTenant {
  std::string name{};
  std::optional<std::string> owner{};
  std::optional<std::string> contact{};
  std::vector<std::string> jurisdictions{};
};

// What the acts tell of tenants when they are done, filled in while the rows are written.
using WrittenTenants = std::shared_ptr<Json>;

act::Words state_word(TenantState state) {
  return act::Words::listed(registry::word(state),
                            {"active", "suspended", "offboarding", "forgotten"});
}

DecisionId policy_of(const std::string& tenant) { return {DecisionKind::kTenant, tenant, 0}; }

Json policy_json(const TenantPolicy& policy) {
  Json hold;
  if (policy.hold) hold = {{"authority", policy.hold->authority}, {"reason", policy.hold->reason}};
  return {{"jurisdictions", policy.jurisdictions}, {"hold", hold}};
}

Json written_json(const registry::Tenant& tenant, TenantState state, const TenantPolicy& policy) {
  return {{"name", text_json(tenant.name)},        {"id", tenant.id},
          {"state", registry::word(state)},        {"owner", text_json(tenant.owner)},
          {"contact", text_json(tenant.contact)},  {"jurisdictions", policy.jurisdictions},
          {"hold", policy_json(policy).at("hold")}};
}

NewTenant read_tenant(const Record& record) {
  record.require_only({"name", "owner", "contact", "jurisdictions"});
  return {.name = record.text("name"),
          .owner = record.optional_text("owner"),
          .contact = record.optional_text("contact"),
          .jurisdictions = record.texts("jurisdictions")};
}

void require_form(const NewTenant& tenant) {
  require_new_name(tenant.name, "the name of a tenant");
  require_names(tenant.owner, "the owner of a tenant");
  require_names(tenant.contact, "the contact of a tenant");
  for (const auto& region : tenant.jurisdictions) require_name(region, "a jurisdiction");
}

// Whole and each once, before anything is written.
void require_set(const std::vector<NewTenant>& tenants) {
  std::set<std::string_view> names;
  for (const auto& tenant : tenants) {
    require_form(tenant);
    if (names.insert(tenant.name).second) continue;
    throw Error(Kind::kUsage, "tenant-twice",
                fmt::format("tenant \"{}\" is named twice", printable(tenant.name)),
                "name each tenant once; nothing was written");
  }
}

std::vector<NewTenant> wanted(const AddTenantsRequest& request, std::optional<RecordFile>& file) {
  const bool fields = request.owner || request.contact || !request.jurisdiction.empty();
  if (request.name.has_value() == request.from.has_value() || (request.from && fields)) {
    throw Error(Kind::kUsage, "name-or-file",
                "tenant add takes one NAME with its options, or --from", "give one of the two");
  }
  if (request.name) return {{*request.name, request.owner, request.contact, request.jurisdiction}};
  file = read_records(*request.from, "tenant");
  std::vector<NewTenant> tenants;
  for (const auto& record : file->records) tenants.push_back(read_tenant(record));
  return tenants;
}

Json rows_json(const std::vector<NewTenant>& tenants) {
  Json rows = Json::array();
  for (const auto& one : tenants)
    rows.push_back({one.name, text_json(one.owner), text_json(one.contact), one.jurisdictions});
  return rows;
}

Fact add_tenant(registry::Stores& stores, const NewTenant& wanted, const std::string& batch,
                registry::Time now, Json& written) {
  if (stores.tenants.named(wanted.name)) {
    throw Error(Kind::kFailed, "tenant-exists",
                fmt::format("the site has a tenant \"{}\" already", printable(wanted.name)),
                "nothing was written; keyrite tenant change changes what it has");
  }
  const auto tenant =
      stores.tenants.add(wanted.name, random_id(), wanted.owner, wanted.contact, now, batch);
  LogFacts facts{{"tenant", Fact::id(tenant.id)}, {"state", state_word(TenantState::kActive)}};
  TenantPolicy policy{.jurisdictions = wanted.jurisdictions};
  const auto decision = stores.decisions.propose(policy_of(tenant.id), policy, batch, random_id());
  facts.add("decision", facts_of(decision));
  written.push_back(written_json(tenant, TenantState::kActive, policy));
  return facts;
}

// The intent of an act on tenants: their pseudonyms, and the names of what is set.
act::Intent intent_on(const char* act, const std::vector<std::string>& names,
                      const std::vector<std::string>& sets) {
  act::Intent intent{.act = act};
  intent.request.push_back({"tenants", Json(names), true});
  intent.request.push_back({"sets", Json(sets), false});
  return intent;
}

act::Outcome tenants_outcome(const WrittenTenants& written, const std::string& verb,
                             act::RegistryRows rows) {
  return outcome_of(
      "tenants", written,
      [verb](const Json& one) {
        return fmt::format("tenant \"{}\" is {}; in the log it is {}",
                           printable(one.at("name").get<std::string>()), verb,
                           one.at("id").get<std::string>());
      },
      std::move(rows));
}

// One tenant: `write` gets it as it is, with its policy as the log has it, and returns what the
// entry tells.
using ChangeOne = std::function<LogFacts(registry::Stores& stores, registry::Tenant& tenant,
                                         TenantPolicy& policy, const std::string& batch)>;

act::Outcome change_one(const act::Context& context, const char* act, const std::string& name,
                        const std::string& verb, const Json& what, const LogFacts& facts,
                        const ChangeOne& change) {
  const auto written = std::make_shared<Json>(Json::array());
  auto rows = rows_of(
      act, what, 1,
      [=, site = site_of(context)](registry::Stores& stores, const std::string& batch) {
        auto tenant = tenant_named(stores.tenants, name);
        auto policy = stores.decisions.checked_tenant_policy(tenant.id, act::decisions_of(site));
        LogFacts one{{"tenant", Fact::id(tenant.id)}};
        one.join(change(stores, tenant, policy, batch));
        const auto after = registry::from_word<TenantState>(
            one.json().value("state", std::string(registry::word(tenant.state))));
        written->push_back(written_json(tenant, after.value_or(tenant.state), policy));
        return changes({one});
      });
  auto outcome = tenants_outcome(written, verb, std::move(rows));
  outcome.facts = facts;
  return outcome;
}

LogFacts propose(registry::Stores& stores, const registry::Tenant& tenant,
                 const TenantPolicy& policy, const std::string& batch) {
  return {{"decision",
           facts_of(stores.decisions.propose(policy_of(tenant.id), policy, batch, random_id()))}};
}

act::KeptText keep_reason(const act::Context& context, const std::string& reason) {
  return act::keep_text(site_of(context).path(site::kTextsName), reason);
}

act::Outcome changed(const ChangeTenantRequest& request, act::AtWork& at) {
  const bool regions = request.any_jurisdiction || !request.jurisdiction.empty();
  const Json what{request.name, text_json(request.owner), text_json(request.contact),
                  request.jurisdiction};
  return change_one(at.context(), "tenant-change", request.name, "changed", what, {},
                    [=](registry::Stores& stores, registry::Tenant& tenant, TenantPolicy& policy,
                        const std::string& batch) {
                      if (request.owner) tenant.owner = request.owner;
                      if (request.contact) tenant.contact = request.contact;
                      if (request.owner || request.contact) stores.tenants.change(tenant);
                      if (!regions) return LogFacts{};
                      policy.jurisdictions = request.jurisdiction;
                      return propose(stores, tenant, policy, batch);
                    });
}

// Suspended or offboarding, by the name of the act; at its end active again.
template <class Request>
act::Outcome moved_to(TenantState state, const char* act, const Request& request, act::AtWork& at) {
  const auto reason = keep_reason(at.context(), request.reason);
  const auto to = request.end ? TenantState::kActive : state;
  return change_one(
      at.context(), act, request.name,
      request.end ? std::string("active again") : std::string(registry::word(state)),
      Json{request.name, request.end}, reason.log_facts(),
      [=](registry::Stores& /*stores*/, const registry::Tenant& tenant, TenantPolicy& /*policy*/,
          const std::string& /*batch*/) {
        if (!registry::is_legal(registry::Subject::kTenant, registry::word(tenant.state),
                                registry::word(to))) {
          throw Error(
              Kind::kFailed, "transition-illegal",
              fmt::format("tenant \"{}\" is {} and does not become {}", printable(request.name),
                          registry::word(tenant.state), registry::word(to)),
              "keyrite tenant show says in which state it is, and since when");
        }
        return LogFacts{{"state", state_word(to)}};
      });
}

act::Outcome suspended(const SuspendTenantRequest& request, act::AtWork& at) {
  return moved_to(TenantState::kSuspended, "tenant-suspend", request, at);
}

act::Outcome offboarded(const OffboardTenantRequest& request, act::AtWork& at) {
  auto outcome = moved_to(TenantState::kOffboarding, "tenant-offboard", request, at);
  if (request.requested_at) outcome.facts.add("requested_at", request_time(request));
  return outcome;
}

act::Outcome held(const HoldTenantRequest& request, act::AtWork& at) {
  return change_one(
      at.context(), "tenant-hold", request.name, "on legal hold: nothing of it is destroyed",
      Json{request.name, request.authority, request.reason}, {},
      [=](registry::Stores& stores, const registry::Tenant& tenant, TenantPolicy& policy,
          const std::string& batch) {
        if (policy.hold) {
          throw Error(Kind::kFailed, "hold-exists",
                      fmt::format("tenant \"{}\" is on legal hold already, by {}",
                                  printable(request.name), printable(policy.hold->authority)),
                      "release that hold first, with its own reason");
        }
        policy.hold = registry::Hold{request.authority, request.reason};
        auto facts = propose(stores, tenant, policy, batch);
        facts.add("hold", true);
        return facts;
      });
}

act::Outcome released(const ReleaseTenantRequest& request, act::AtWork& at) {
  const auto reason = keep_reason(at.context(), request.reason);
  return change_one(
      at.context(), "tenant-release", request.name, "on no legal hold any more", Json{request.name},
      reason.log_facts(),
      [=](registry::Stores& stores, const registry::Tenant& tenant, TenantPolicy& policy,
          const std::string& batch) {
        if (!policy.hold) {
          throw Error(Kind::kFailed, "hold-none",
                      fmt::format("tenant \"{}\" is on no legal hold", printable(request.name)),
                      "nothing was changed");
        }
        policy.hold.reset();
        auto facts = propose(stores, tenant, policy, batch);
        facts.add("hold", false);
        return facts;
      });
}

template <class Request>
act::Act on_one(const char* name, const Request& request, std::vector<std::string> sets,
                act::Outcome (*perform)(const Request&, act::AtWork&)) {
  return {approval::operation_named(name), [=](const act::Context& context) {
            (void)site_of(context);
            require_name(request.name, "the name of a tenant");
            return act::PreparedAct{
                .intent = intent_on(name, {request.name}, sets),
                .perform = [=](act::AtWork& at) { return perform(request, at); }};
          }};
}

act::PreparedAct prepared_add(const AddTenantsRequest& request, const act::Context& context) {
  (void)site_of(context);
  std::optional<RecordFile> file;
  const auto tenants = wanted(request, file);
  require_set(tenants);
  std::vector<std::string> names;
  for (const auto& tenant : tenants) names.push_back(tenant.name);
  auto intent = intent_on("tenant-add", names, {});
  if (file) intent.inputs.push_back({"from", Json{{"sha256", file->sha256}}, false});
  return {.intent = std::move(intent), .perform = [tenants, names](act::AtWork& at) {
            const auto written = std::make_shared<Json>(Json::array());
            auto add = [=, of = &at.context()](registry::Stores& stores, const std::string& batch) {
              std::vector<Fact> list;
              for (const auto& t : tenants)
                list.push_back(add_tenant(stores, t, batch, time_of(*of), *written));
              return changes(list);
            };
            auto rows = rows_of("tenant-add", rows_json(tenants), tenants.size(), add);
            auto outcome = tenants_outcome(written, "added", std::move(rows));
            return followed_by(std::move(outcome), after_tenants(names, at.context()));
          }};
}

}  // namespace

act::Act add_tenants(const AddTenantsRequest& request) {
  return {approval::operation_named("tenant-add"),
          [request](const act::Context& context) { return prepared_add(request, context); }};
}

act::Act change_tenant(const ChangeTenantRequest& request) {
  require_names(request.owner, "the owner of a tenant");
  require_names(request.contact, "the contact of a tenant");
  for (const auto& region : request.jurisdiction) require_name(region, "a jurisdiction");
  std::vector<std::string> sets;
  if (request.owner) sets.emplace_back("owner");
  if (request.contact) sets.emplace_back("contact");
  if (request.any_jurisdiction || !request.jurisdiction.empty()) sets.emplace_back("jurisdictions");
  if (sets.empty() || (request.any_jurisdiction && !request.jurisdiction.empty())) {
    throw Error(Kind::kUsage, "nothing-to-change", "it is not said what is to be changed",
                "give --owner, --contact, and --jurisdiction or --any-jurisdiction");
  }
  return on_one("tenant-change", request, std::move(sets), changed);
}

act::Act suspend_tenant(const SuspendTenantRequest& request) {
  return on_one("tenant-suspend", request, {"state"}, suspended);
}

act::Act offboard_tenant(const OffboardTenantRequest& request) {
  (void)request_time(request);
  return on_one("tenant-offboard", request, {"state"}, offboarded);
}

act::Act hold_tenant(const HoldTenantRequest& request) {
  require_name(request.authority, "the authority of a hold");
  require_name(request.reason, "the reason of a hold");
  return on_one("tenant-hold", request, {"hold"}, held);
}

act::Act release_tenant(const ReleaseTenantRequest& request) {
  return on_one("tenant-release", request, {"hold"}, released);
}

}  // namespace keyrite::inventory
