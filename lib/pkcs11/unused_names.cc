// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// No two objects of a class in a token with one id or one label.
#include <cstring>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/internal/api.h"
#include "pkcs11/internal/attribute_array.h"
#include "pkcs11/internal/call_arguments.h"
#include "pkcs11/internal/returned_handle.h"
#include "pkcs11/session.h"

namespace keyrite::pkcs11 {

namespace {

std::optional<ObjectClass> class_of(const Template& wanted) {
  const Bytes* value = wanted.value_of(Attr::kClass);
  unsigned long number = 0;
  if (value == nullptr || value->size() != sizeof(number)) return std::nullopt;
  std::memcpy(&number, value->data(), sizeof(number));
  return static_cast<ObjectClass>(number);
}

}  // namespace

void Session::require_unused(const Template& wanted) const {
  const Bytes* token = wanted.value_of(Attr::kToken);
  if (token == nullptr || token->empty() || token->front() == CK_FALSE) return;
  const auto require = [&](Template namesake, Attr attribute, const char* code) {
    const Bytes* value = wanted.value_of(attribute);
    if (value == nullptr || value->empty()) return;
    if (const auto object_class = class_of(wanted)) namesake.set<Attr::kClass>(*object_class);
    if (find(namesake).empty()) return;
    throw Error(Kind::kToken, code,
                fmt::format("token \"{}\" already holds an object of this class whose {} is {}",
                            printable(token_.info().label), attribute_info(attribute).name,
                            printable(value_text(attribute, *value))),
                "choose another one: some tokens destroy the existing object and answer CKR_OK");
  };
  const auto bytes = [&](Attr attribute) {
    const Bytes* value = wanted.value_of(attribute);
    return value == nullptr ? Bytes{} : *value;
  };
  require(Template{}.set<Attr::kId>(bytes(Attr::kId)), Attr::kId, "id-taken");
  require(Template{}.set<Attr::kLabel>(as_text(bytes(Attr::kLabel))), Attr::kLabel, "label-taken");
}

}  // namespace keyrite::pkcs11
