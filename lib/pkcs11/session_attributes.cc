// Session: reading attributes.
#include <cstring>

#include <fmt/format.h>

#include "base/error.h"
#include "pkcs11/internal/api.h"
#include "pkcs11/session.h"

namespace keyrite::pkcs11 {

namespace {

// No attribute we read is larger; a token that says so is not believed.
constexpr CK_ULONG kMaxAttributeBytes = 65536;

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

std::optional<bool> Session::read_bool(ObjectHandle object, Attr attribute) const {
  const auto value = read_bytes(object, attribute);
  if (!value || value->size() != sizeof(CK_BBOOL)) return std::nullopt;
  return (*value)[0] != CK_FALSE;
}

std::optional<unsigned long> Session::read_ulong(ObjectHandle object, Attr attribute) const {
  const auto value = read_bytes(object, attribute);
  unsigned long number = 0;
  if (!value || value->size() != sizeof(number)) return std::nullopt;
  std::memcpy(&number, value->data(), sizeof(number));
  return number;
}

std::optional<std::string> Session::read_text(ObjectHandle object, Attr attribute) const {
  const auto value = read_bytes(object, attribute);
  return value ? std::optional(as_text(*value)) : std::nullopt;
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
