// Session: reading attributes.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "pkcs11/internal/api.h"
#include "pkcs11/session.h"

namespace keyrite::pkcs11 {

namespace {

// No attribute we read is larger; a token that says so is not believed.
constexpr CK_ULONG kMaxAttributeBytes = 65536;
constexpr CK_ULONG kMaxDataKeyBytes = 512;

// An error that leaves the length as "unavailable" says nothing about the attribute.
bool has_no_value(CK_RV rv, CK_ULONG length) {
  return rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_SENSITIVE ||
         (rv == CKR_OK && length == CK_UNAVAILABLE_INFORMATION);
}

// The lengths of a raw point (uncompressed P-256, P-384, P-521, and Ed25519), none of which a
// DER-wrapped one has.
bool is_raw_point_length(std::size_t size) {
  return size == 65 || size == 97 || size == 133 || size == 32;
}

// The content of a DER OCTET STRING that fills `value`, or nullopt.
std::optional<Bytes> octet_string(ByteView value) {
  constexpr std::uint8_t kOctetString = 0x04;
  constexpr std::uint8_t kLongForm = 0x81;
  if (value.size() < 2 || value[0] != kOctetString) return std::nullopt;
  const bool long_form = value[1] == kLongForm && value.size() > 2;
  const std::size_t header = long_form ? 3 : 2;
  const std::size_t length = long_form ? value[2] : value[1];
  if (value.size() != header + length) return std::nullopt;
  return Bytes(value.begin() + static_cast<std::ptrdiff_t>(header), value.end());
}

}  // namespace

std::optional<Bytes> Session::read_bytes(ObjectHandle object, Attr attribute) const {
  if (attribute == Attr::kValue) {
    throw Error(Kind::kInternal, "secret-attribute", "the value of a key was about to be read");
  }
  const std::string what = fmt::format("reading {}", attribute_info(attribute).name);
  const auto ask = [&](CK_ATTRIBUTE& query) {
    return KEYRITE_CK(*token_.api(), C_GetAttributeValue, handle_.value(),
                      static_cast<CK_OBJECT_HANDLE>(object), &query, CK_ULONG{1});
  };
  CK_ATTRIBUTE query{static_cast<CK_ATTRIBUTE_TYPE>(attribute), nullptr, 0};
  const auto length = ask(query);
  if (has_no_value(length.rv(), query.ulValueLen)) return std::nullopt;
  length.expect_ok(what);
  if (query.ulValueLen > kMaxAttributeBytes) {
    throw Error(Kind::kToken, "attribute-too-large",
                fmt::format("the token says that {} has {} bytes", attribute_info(attribute).name,
                            query.ulValueLen),
                "report the token to its vendor");
  }
  Bytes value(query.ulValueLen);
  if (value.empty()) return value;
  query.pValue = value.data();
  const auto content = ask(query);
  if (has_no_value(content.rv(), query.ulValueLen)) return std::nullopt;
  content.expect_ok(what);
  value.resize(std::min<std::size_t>(query.ulValueLen, value.size()));
  return value;
}

// One call, where read_bytes asks for the length first: a token in a network takes its time for
// each.
template <class Fixed>
std::optional<Fixed> Session::read_fixed(ObjectHandle object, Attr attribute) const {
  Fixed value{};
  CK_ATTRIBUTE query{static_cast<CK_ATTRIBUTE_TYPE>(attribute), &value, sizeof(value)};
  const auto called = KEYRITE_CK(*token_.api(), C_GetAttributeValue, handle_.value(),
                                 static_cast<CK_OBJECT_HANDLE>(object), &query, CK_ULONG{1});
  if (called.rv() == CKR_BUFFER_TOO_SMALL || has_no_value(called.rv(), query.ulValueLen))
    return std::nullopt;
  called.expect_ok(fmt::format("reading {}", attribute_info(attribute).name));
  return query.ulValueLen == sizeof(value) ? std::optional(value) : std::nullopt;
}

std::optional<bool> Session::read_bool(ObjectHandle object, Attr attribute) const {
  const auto value = read_fixed<CK_BBOOL>(object, attribute);
  return value ? std::optional(*value != CK_FALSE) : std::nullopt;
}

std::optional<unsigned long> Session::read_ulong(ObjectHandle object, Attr attribute) const {
  return read_fixed<unsigned long>(object, attribute);
}

std::optional<std::string> Session::read_text(ObjectHandle object, Attr attribute) const {
  const auto value = read_bytes(object, attribute);
  return value ? std::optional(as_text(*value)) : std::nullopt;
}

bool Session::is_data_key(ObjectHandle object) const {
  CK_OBJECT_CLASS object_class = CK_UNAVAILABLE_INFORMATION;
  CK_BBOOL on_token = CK_TRUE;
  CK_BBOOL sensitive = CK_TRUE;
  std::array<CK_ATTRIBUTE, 3> query{{{CKA_CLASS, &object_class, sizeof(object_class)},
                                     {CKA_TOKEN, &on_token, sizeof(on_token)},
                                     {CKA_SENSITIVE, &sensitive, sizeof(sensitive)}}};
  const auto called =
      KEYRITE_CK(*token_.api(), C_GetAttributeValue, handle_.value(),
                 static_cast<CK_OBJECT_HANDLE>(object), query.data(), CK_ULONG{query.size()});
  // An answer that one of them is not told is no answer that it is false.
  if (called.rv() == CKR_ATTRIBUTE_TYPE_INVALID || called.rv() == CKR_ATTRIBUTE_SENSITIVE)
    return false;
  called.expect_ok("reading CKA_CLASS, CKA_TOKEN and CKA_SENSITIVE");
  const bool all_told = std::ranges::none_of(
      query, [](const CK_ATTRIBUTE& one) { return one.ulValueLen == CK_UNAVAILABLE_INFORMATION; });
  return all_told && object_class == CKO_SECRET_KEY && on_token == CK_FALSE &&
         sensitive == CK_FALSE;
}

std::optional<crypto::SecretBytes> Session::read_data_key(ObjectHandle object) const {
  if (!is_data_key(object)) {
    throw Error(Kind::kInternal, "secret-attribute",
                "the value of a key that is not a data key was about to be read");
  }
  crypto::SecretBytes value(kMaxDataKeyBytes);
  CK_ATTRIBUTE query{CKA_VALUE, value.reveal_for_writing().data(), kMaxDataKeyBytes};
  const auto called = KEYRITE_CK(*token_.api(), C_GetAttributeValue, handle_.value(),
                                 static_cast<CK_OBJECT_HANDLE>(object), &query, CK_ULONG{1});
  if (has_no_value(called.rv(), query.ulValueLen)) return std::nullopt;
  called.expect_ok("reading a data key");
  if (query.ulValueLen > kMaxDataKeyBytes) return std::nullopt;
  value.truncate(query.ulValueLen);
  return value;
}

Bytes Session::read_ec_point(ObjectHandle object) const {
  auto value = read_bytes(object, Attr::kEcPoint);
  if (value && is_raw_point_length(value->size())) return *std::move(value);
  if (value) {
    if (auto point = octet_string(*value)) return *std::move(point);
  }
  throw Error(Kind::kToken, "ec-point-invalid", "CKA_EC_POINT of the key is missing or not a point",
              "the public key object must hold its point");
}

}  // namespace keyrite::pkcs11
