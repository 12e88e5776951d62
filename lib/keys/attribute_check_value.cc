// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The check value that a token keeps of a key, where the key cannot be asked.
#include <string_view>

#include "base/error.h"
#include "keys/check_value_attribute.h"
#include "keys/check_values.h"
#include "pkcs11/question.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;

constexpr std::string_view kFromAttribute = "cka-check-value-aes-ecb-zero";
constexpr std::size_t kCheckValueBytes = 3;

AttributeCheckValue probe_check_value(pkcs11::Session& session, const KeyType& type,
                                      pkcs11::ObjectHandle key) {
  switch (check_value_attribute(session, type)) {
    case CheckValueAttribute::kAbsent:
      return {.why_none = "the key may not encrypt, and the token has no CKA_CHECK_VALUE",
              .code = act::Words("no-cka-check-value")};
    case CheckValueAttribute::kWrong:
      return {.why_none =
                  "the key may not encrypt, and the token's CKA_CHECK_VALUE is not AES of the "
                  "zero block",
              .code = act::Words("cka-check-value-wrong")};
    case CheckValueAttribute::kRight:
      break;
  }
  const auto value = session.read_bytes(key, Attr::kCheckValue);
  if (!value || value->size() != kCheckValueBytes)
    return {.why_none = "the key may not encrypt, and the token has no CKA_CHECK_VALUE for it",
            .code = act::Words("no-cka-check-value")};
  return {.values = {{std::string(kFromAttribute), to_hex(*value)}}};
}

}  // namespace

AttributeCheckValue check_value_of_attribute(pkcs11::Session& session, const KeyType& type,
                                             pkcs11::ObjectHandle key) {
  const auto not_tried = [](const Error& error) -> AttributeCheckValue {
    return {.why_none =
                "the key may not encrypt, and CKA_CHECK_VALUE cannot be tried: " + error.message(),
            .code = act::Words("cka-check-value-not-tried")};
  };
  return pkcs11::find_out(
      "whether this token's CKA_CHECK_VALUE is right",
      [&] { return probe_check_value(session, type, key); }, not_tried,
      [&](const Error& first, const Error& /*again*/) { return not_tried(first); });
}

}  // namespace keyrite::keys
