// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/recorded_clauses.h"

#include <algorithm>

#include <fmt/format.h>

#include "provider/name_form.h"
#include "provider/rules.h"

namespace keyrite::provider {

namespace {

std::string two_texts(std::string_view what, std::string_view one, std::string_view other) {
  return fmt::format("{}: {} in one place, {} in another", what, in_quotes(one), in_quotes(other));
}

}  // namespace

std::string require_same(std::string_view what, std::string_view one, std::string_view other) {
  return one == other ? std::string() : two_texts(what, one, other);
}

std::string first_of(std::initializer_list<std::string> clauses) {
  for (const std::string& clause : clauses) {
    if (!clause.empty()) return clause;
  }
  return {};
}

std::optional<std::string> name_of(const RecordedImport& import, std::string_view name) {
  const auto it = std::find_if(import.names.begin(), import.names.end(),
                               [&](const auto& one) { return one.first == name; });
  return it == import.names.end() ? std::nullopt : std::optional(it->second);
}

std::string only_names(const RecordedImport& import, const NameList& must, const NameList& may) {
  for (const std::string_view name : must) {
    if (!name_of(import, name)) return fmt::format("the cloud's names lack \"{}\"", name);
  }
  for (const auto& one : import.names) {
    const bool known = std::find(must.begin(), must.end(), one.first) != must.end() ||
                       std::find(may.begin(), may.end(), one.first) != may.end();
    if (!known) return fmt::format("the cloud's names have {}", in_quotes(one.first));
  }
  return {};
}

JsonView parameters_of(const RecordedImport& import) {
  return {import.import_parameters, std::string(kRecordedMember)};
}

std::string bits_contradiction(const RecordedImport& import) {
  return require_same("the wrapping key's bits",
                      std::to_string(parameters_of(import).at("wrapping_key_bits").integer()),
                      std::to_string(import.wrapping_key_bits));
}

std::string use_contradiction(const RecordedImport& import, std::string_view name) {
  const CloudType type = cloud_type(import.provider, import.key_type, import.cloud_algorithm);
  const std::string use = name_of(import, name).value_or("");
  return std::find(type.uses.begin(), type.uses.end(), use) != type.uses.end()
             ? std::string()
             : fmt::format("{} is {}, which {} does not allow", name, in_quotes(use),
                           type.algorithm);
}

}  // namespace keyrite::provider
