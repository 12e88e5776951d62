// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/internal/opening_comparison.h"

#include <set>

#include "act/ceremony_use.h"
#include "approval/statement_names.h"
#include "ceremony/planned_request.h"
#include "ceremony/references.h"
#include "transcript/entry_fields.h"

namespace keyrite::ceremony {

namespace {

// A field that is an input and no more has the pseudonym of what the input was bound to.
bool is_bound_otherwise(const Ceremony& ceremony, const Json& intent, const Json& told,
                        const Json& value) {
  const auto names = references_in(value);
  if (!value.is_string() || names.size() != 1 || value != Json("${" + names.front() + "}"))
    return false;
  const Input* input = ceremony.input_named(names.front());
  if (input == nullptr || input->kind != InputKind::kText) return false;
  if (input->when == BoundWhen::kFresh) return told != Json(act::kFreshValue);
  const auto bound = transcript::entry_text(intent, "request", "bind." + input->name);
  // A word that the log keeps as it is has no pseudonym to be compared.
  const auto word = told.is_string() ? told.get<std::string>() : std::string();
  return told == Json(act::kFreshValue) || (approval::is_pseudonym(word) && word != bound);
}

}  // namespace

std::vector<std::string> opened_otherwise(const Ceremony& ceremony, const Step& step,
                                          const Json& intent) {
  const Json inputs = transcript::entry_object(intent, "inputs");
  const std::string prefix = act::step_member(step.number, "");
  std::set<std::string> known{"act", "keys"};
  std::vector<std::string> otherwise;
  for (const auto& [name, value] : step.fields) {
    known.insert(name);
    const Json told = inputs.value(prefix + name, Json());
    const bool missing = told.is_null() && value != Json(false);  // an unset flag is not recorded
    if (missing || is_bound_otherwise(ceremony, intent, told, value)) otherwise.push_back(name);
  }
  if (inputs.value(prefix + "act", Json()) != Json(step.act)) otherwise.emplace_back("act");
  for (const auto& field : plain_request(step)) {
    if (inputs.value(prefix + field.name, Json()) != field.value) otherwise.push_back(field.name);
  }
  for (const auto& [name, value] : inputs.items()) {
    if (name.starts_with(prefix) && !known.contains(name.substr(prefix.size())))
      otherwise.push_back(name.substr(prefix.size()));
  }
  return otherwise;
}

}  // namespace keyrite::ceremony
