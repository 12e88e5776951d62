// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/request_comparison.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "act/ceremony_use.h"
#include "transcript/entry_fields.h"

namespace keyrite::ceremony {

namespace {

using Sentences = std::vector<std::string>;

std::string other_field(const ToldAct& act, const std::string& field) {
  return fmt::format("step {}: \"{}\" is not what the ceremony was begun with", act.step, field);
}

// Field by field, as the intent that began the ceremony has them.
Sentences whole_request(const ToldAct& act, const Json& inputs, const Json& asked) {
  const std::string prefix = act::step_member(act.step, "");
  std::set<std::string> fields;
  for (const auto& [name, value] : asked.items()) fields.insert(name);
  for (const auto& [name, value] : inputs.items()) {
    if (name.starts_with(prefix) && name != prefix + "act")
      fields.insert(name.substr(prefix.size()));
  }
  Sentences found;
  for (const auto& field : fields) {
    const Json planned = inputs.value(prefix + field, Json());
    if (planned == Json(act::kFreshValue) || planned == asked.value(field, Json())) continue;
    found.push_back(other_field(act, field));
  }
  return found;
}

// Of an act on rows the intent has the tenants, and beside the step the request that was done.
Sentences of_rows(const ToldAct& act, const Json& inputs, const Json& asked) {
  const auto tenants = transcript::entry_texts(asked, "tenants");
  std::string planned = transcript::entry_text(inputs, act::step_member(act.step, "tenant"));
  if (planned.empty()) planned = transcript::entry_text(inputs, act::step_member(act.step, "name"));
  Sentences found;
  if (std::ranges::find(tenants, planned) == tenants.end())
    found.push_back(fmt::format(
        "step {}: the tenant is not the one that the ceremony was begun with", act.step));
  const Json use = transcript::entry_object(act.intent, act::kCeremonyField);
  for (auto& one : whole_request(act, inputs, transcript::entry_object(use, "request")))
    found.push_back(std::move(one));
  return found;
}

// Of a command of several acts each has a request of its own: tenant and key are the step's, and
// so are the wrapping keys that officers expected.
Sentences flow(const ToldAct& act, const Json& inputs, const Json& asked) {
  Sentences found;
  for (const char* field : {"tenant", "key"}) {
    const Json planned = inputs.value(act::step_member(act.step, field), Json());
    const Json told = asked.value(field, Json());
    if (planned.is_null() || planned == Json(act::kFreshValue) || told.is_null()) continue;
    if (told != planned) found.push_back(other_field(act, field));
  }
  const auto expected =
      transcript::entry_texts(inputs, act::step_member(act.step, "expect-wrapping-key"));
  const Json used = transcript::entry_object(act.intent, "inputs");
  for (const auto& key : transcript::entry_texts(used, "wrapping_keys")) {
    if (!expected.empty() && std::ranges::find(expected, key) == expected.end())
      found.push_back(
          fmt::format("step {}: the wrapping key {} is none that was expected", act.step, key));
  }
  return found;
}

}  // namespace

Sentences request_differences(const ActRow& row, const ToldAct& act, const Json& opening) {
  const Json inputs = transcript::entry_object(opening, "inputs");
  const Json asked = transcript::entry_object(act.intent, "request");
  if (!row.one_act) return flow(act, inputs, asked);
  return row.logs_request ? whole_request(act, inputs, asked) : of_rows(act, inputs, asked);
}

}  // namespace keyrite::ceremony
