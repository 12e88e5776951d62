// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What was read back, for the log: an allow-list of types, and of the values of each.
#include <algorithm>

#include "act/log_words.h"
#include "keys/read_back.h"

namespace keyrite::keys {

namespace {

// Of the texts by which pkcs11::value_text shows values; nullopt for one that may be somebody's.
std::optional<act::Fact> attribute_fact(pkcs11::ValueType type, const std::string& value) {
  if (value == "not readable") return act::Words("not readable");
  switch (type) {
    case pkcs11::ValueType::kBool:
      return act::Words::listed(value, {"true", "false"});
    case pkcs11::ValueType::kClass:
      return act::Words::listed(value, {"CKO_PUBLIC_KEY", "CKO_PRIVATE_KEY", "CKO_SECRET_KEY"});
    case pkcs11::ValueType::kKeyKind:
      return act::Words::listed(
          value, {"CKK_RSA", "CKK_EC", "CKK_GENERIC_SECRET", "CKK_AES", "CKK_EC_EDWARDS"});
    case pkcs11::ValueType::kNumber:
    case pkcs11::ValueType::kBytes:
      return act::Fact::digits(value);
    case pkcs11::ValueType::kText:
    case pkcs11::ValueType::kDate:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

act::LogFacts facts_of(const NamedValues& attributes) {
  act::LogFacts facts;
  for (const auto& [name, value] : attributes) {
    const auto& table = pkcs11::attributes();
    const auto info = std::ranges::find(table, name, &pkcs11::AttrInfo::name);
    if (info == table.end()) continue;
    if (auto fact = attribute_fact(info->type, value)) facts.add(act::Words::of(*info), *fact);
  }
  return facts;
}

}  // namespace keyrite::keys
