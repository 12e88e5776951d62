// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What officers approve of a ceremony: its file, its operations, and the request of each step.
#include <algorithm>
#include <chrono>
#include <utility>

#include "act/ceremony_use.h"
#include "act/tenant_key.h"
#include "approval/operation.h"
#include "base/error.h"
#include "ceremony/planned_request.h"
#include "ceremony/records.h"
#include "ceremony/references.h"
#include "ceremony/step_acts.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::ceremony {

namespace {

using act::Fact;
using act::LogFacts;
using act::Words;

bool trusts(const Step& step) {
  return std::ranges::any_of(step.fields, [](const auto& field) {
    return (field.first == "trust-wrapping-key" || field.first == "trusted") &&
           field.second == Json(true);
  });
}

std::vector<std::string> operations_of(const Ceremony& ceremony) {
  std::vector<std::string> operations;
  for (const Step* step : ceremony.acts()) {
    for (const auto& one : find_act(step->act)->operations) {
      const bool asked = one != "trust-wrapping-key" || trusts(*step);
      if (asked && std::ranges::find(operations, one) == operations.end())
        operations.emplace_back(one);
    }
  }
  return operations;
}

// The keys of a command of several acts, by their ids in the registry: whoever wrote the file could
// mean another key by a name.
Json key_ids(const PlannedRequest& planned, const site::Site& site) {
  Json ids = Json::array();
  const std::string tenant = field_text(planned.request, "tenant");
  const std::string key = field_text(planned.request, "key");
  if (tenant.empty()) return ids;
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  // Without a key all of the tenant are meant.
  if (key.empty()) {
    const auto id = act::tenant_named(view->tenants, tenant).id;
    for (const auto& one : view->keys.of(id)) ids.push_back(one.id);
  } else {
    ids.push_back(act::key_named(*view.operator->(), tenant, key).id);
  }
  return ids;
}

act::RecordedRequest request_of(const Opening& opening) {
  const auto& ceremony = opening.file.ceremony;
  act::RecordedRequest request{
      {.name = "file_sha256", .value = ceremony.sha256},
      {.name = "mode", .value = opening.mode == Mode::kLive ? "live" : "rehearsal"},
      {.name = "valid_days", .value = ceremony.valid_days}};
  for (const auto& input : ceremony.inputs) {
    if (input.when != BoundWhen::kFixed) continue;
    request.push_back({.name = "bind." + input.name,
                       .value = opening.bindings.value(input.name).value_or(""),
                       .is_name = true});
  }
  return request;
}

act::RecordedRequest steps_of(const Opening& opening, const site::Site& site) {
  const auto& ceremony = opening.file.ceremony;
  const auto values = fixed_values(ceremony, opening.bindings);
  act::RecordedRequest all;
  for (const auto* list : {&ceremony.steps, &ceremony.teardown}) {
    for (const auto& step : *list)
      all.push_back({.name = act::title_member(step.number),
                     .value = shown(step.title, values),
                     .is_name = true});
  }
  for (const Step* step : ceremony.acts()) {
    for (auto& field : recorded_request(*step, values)) all.push_back(std::move(field));
    if (!find_act(step->act)->one_act) {
      all.push_back({.name = act::step_member(step->number, "keys"),
                     .value = key_ids(planned_request(*step, values), site)});
    }
  }
  return all;
}

LogFacts facts_of(const Opening& opening, TimePoint now) {
  const auto& ceremony = opening.file.ceremony;
  const Words mode = opening.mode == Mode::kLive ? Words("live") : Words("rehearsal");
  return {{"ceremony", Fact::id(opening.id)},
          {"file_sha256", Fact::sha256(ceremony.sha256)},
          {"mode", mode},
          {"steps", ceremony.steps.size()},
          {"teardown", ceremony.teardown.size()},
          {"until", TimePoint(std::chrono::floor<std::chrono::seconds>(
                        now + std::chrono::days(ceremony.valid_days)))}};
}

}  // namespace

bool wants_officer(const Ceremony& ceremony) {
  return std::ranges::any_of(ceremony.acts(), [](const Step* step) { return trusts(*step); });
}

act::Act open_ceremony(const Opening& opening) {
  return {approval::operation_named(act::kOpenCeremonyAct), [opening](const act::Context& context) {
            const auto& site = act::required_site(context);
            opening.bindings.require_fixed(opening.file.ceremony);
            act::PreparedAct prepared;
            prepared.intent = {.act = act::kOpenCeremonyAct,
                               .also = operations_of(opening.file.ceremony),
                               .request = request_of(opening),
                               .inputs = steps_of(opening, site),
                               .evidence = {opening.file.content}};
            prepared.need.access = pkcs11::Access::kReadOnly;
            prepared.perform = [opening](act::AtWork& at) {
              return act::Outcome{.facts = facts_of(opening, at.context().now())};
            };
            return prepared;
          }};
}

}  // namespace keyrite::ceremony
