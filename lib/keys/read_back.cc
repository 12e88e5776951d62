// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/read_back.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "wrap/key_generation.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;

constexpr std::string_view kNotReadable = "not readable";

// Without these four read back, nothing can be said about a key's protection.
constexpr std::array kMustBeRead{Attr::kToken, Attr::kPrivate, Attr::kSensitive,
                                 Attr::kExtractable};
// What the token says about the key's origin: shown, never demanded (NSS says CKA_LOCAL=false of
// its own keys).
constexpr std::array kOrigin{Attr::kLocal, Attr::kAlwaysSensitive, Attr::kNeverExtractable,
                             Attr::kKeyGenMechanism, Attr::kModifiable};
constexpr unsigned long kUnavailable = ~0UL;  // CK_UNAVAILABLE_INFORMATION

[[noreturn]] void differs(Attr attribute, std::string_view wanted, std::string_view got) {
  throw Error(Kind::kToken, "attribute-differs",
              fmt::format("the token stored {} = {}, but keyrite requested {}",
                          pkcs11::attribute_info(attribute).name, got, wanted),
              "this token does not follow the template that it is given; run token-check to see "
              "what else it does");
}

std::string read_text(const pkcs11::Session& session, pkcs11::ObjectHandle handle, Attr attribute) {
  const auto value = session.read_bytes(handle, attribute);
  if (!value || (value->empty() && attribute != Attr::kLabel)) return std::string(kNotReadable);
  return pkcs11::value_text(attribute, *value);
}

void add_readable(NamedValues& values, const pkcs11::Session& session, pkcs11::ObjectHandle handle,
                  Attr attribute) {
  const std::string got = read_text(session, handle, attribute);
  if (got != kNotReadable) values.emplace_back(pkcs11::attribute_info(attribute).name, got);
}

// Usages that the template did not name, because the token takes no template that does.
NamedValues other_usages(const pkcs11::Session& session, pkcs11::ObjectHandle handle,
                         const pkcs11::Template& wanted) {
  NamedValues values;
  const auto object_class = session.read_ulong(handle, Attr::kClass);
  if (!object_class) return values;
  for (const Attr usage : wrap::usage_attributes(static_cast<pkcs11::ObjectClass>(*object_class))) {
    const auto& named = wanted.entries();
    if (std::any_of(named.begin(), named.end(),
                    [&](const auto& e) { return e.attribute == usage; }))
      continue;
    add_readable(values, session, handle, usage);
  }
  return values;
}

// A key with both lets anybody who may use it read what it wraps.
void require_apart(const pkcs11::Session& session, pkcs11::ObjectHandle handle, Attr one,
                   Attr other) {
  if (session.read_bool(handle, one) != true || session.read_bool(handle, other) != true) return;
  throw Error(Kind::kToken, "attribute-differs",
              fmt::format("the token gave one key both {} and {}, so whoever may use the key can "
                          "read what it wraps",
                          pkcs11::attribute_info(one).name, pkcs11::attribute_info(other).name),
              "this token does not follow the template that it is given; run token-check to see "
              "what else it does");
}

}  // namespace

NamedValues read_as_it_is(const pkcs11::Session& session, pkcs11::ObjectHandle handle) {
  NamedValues values;
  for (const Attr attribute : kMustBeRead) add_readable(values, session, handle, attribute);
  add_readable(values, session, handle, Attr::kWrapWithTrusted);
  for (auto& usage : other_usages(session, handle, {})) values.push_back(std::move(usage));
  for (const Attr attribute : kOrigin) add_readable(values, session, handle, attribute);
  return values;
}

NamedValues read_back(const pkcs11::Session& session, pkcs11::ObjectHandle handle,
                      const pkcs11::Template& wanted) {
  NamedValues values;
  for (const auto& entry : wanted.entries()) {
    // Some tokens take CKA_MODIFIABLE=false and store true: told with the origin.
    if (entry.attribute == Attr::kModifiable) continue;
    const std::string got = read_text(session, handle, entry.attribute);
    const std::string expected = pkcs11::value_text(entry.attribute, entry.value);
    const bool must =
        std::find(kMustBeRead.begin(), kMustBeRead.end(), entry.attribute) != kMustBeRead.end();
    if (got != expected && (must || got != kNotReadable)) differs(entry.attribute, expected, got);
    values.emplace_back(pkcs11::attribute_info(entry.attribute).name, got);
  }
  for (const auto& usage : other_usages(session, handle, wanted)) values.push_back(usage);
  require_apart(session, handle, Attr::kWrap, Attr::kDecrypt);
  require_apart(session, handle, Attr::kUnwrap, Attr::kEncrypt);
  for (const Attr attribute : kOrigin) add_readable(values, session, handle, attribute);
  return values;
}

std::string generation_mechanism_text(unsigned long number, const KeyType& type) {
  if (number == kUnavailable) return "none";
  const auto usual = wrap::generation_mechanism(type);
  return number == usual.number() ? fmt::format("{} (0x{:X})", usual.name(), number)
                                  : fmt::format("0x{:X}", number);
}

}  // namespace keyrite::keys
