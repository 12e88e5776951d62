// The attributes keyrite may name, and the C++ type each takes: one table. An attribute that is not
// in it cannot be written, and a value of another type does not compile. Numbers are those of
// PKCS#11 3.1; a test compares every one with p11-kit's header. Pure constants, any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace keyrite::pkcs11 {

enum class ObjectClass : unsigned long { kPublicKey = 2, kPrivateKey = 3, kSecretKey = 4 };

enum class KeyKind : unsigned long {
  kRsa = 0x00,
  kEc = 0x03,
  kGenericSecret = 0x10,
  kAes = 0x1f,
  kSha1Hmac = 0x28,
  kSha256Hmac = 0x2b,
  kSha384Hmac = 0x2c,
  kSha512Hmac = 0x2d,
  kSha224Hmac = 0x2e,
  kEcEdwards = 0x40
};

// How an attribute's value is encoded in a CK_ATTRIBUTE. A kDate is read and never written: tokens
// enforce none, and one of them cannot read it back.
enum class ValueType { kBool, kNumber, kClass, kKeyKind, kText, kBytes, kDate };

// name, number, how its value is encoded
#define KEYRITE_ATTRIBUTES(ROW)                                \
  ROW(kClass, CKA_CLASS, 0x000, kClass)                        \
  ROW(kToken, CKA_TOKEN, 0x001, kBool)                         \
  ROW(kPrivate, CKA_PRIVATE, 0x002, kBool)                     \
  ROW(kLabel, CKA_LABEL, 0x003, kText)                         \
  ROW(kValue, CKA_VALUE, 0x011, kBytes)                        \
  ROW(kTrusted, CKA_TRUSTED, 0x086, kBool)                     \
  ROW(kCheckValue, CKA_CHECK_VALUE, 0x090, kBytes)             \
  ROW(kKeyType, CKA_KEY_TYPE, 0x100, kKeyKind)                 \
  ROW(kId, CKA_ID, 0x102, kBytes)                              \
  ROW(kSensitive, CKA_SENSITIVE, 0x103, kBool)                 \
  ROW(kEncrypt, CKA_ENCRYPT, 0x104, kBool)                     \
  ROW(kDecrypt, CKA_DECRYPT, 0x105, kBool)                     \
  ROW(kWrap, CKA_WRAP, 0x106, kBool)                           \
  ROW(kUnwrap, CKA_UNWRAP, 0x107, kBool)                       \
  ROW(kSign, CKA_SIGN, 0x108, kBool)                           \
  ROW(kSignRecover, CKA_SIGN_RECOVER, 0x109, kBool)            \
  ROW(kVerify, CKA_VERIFY, 0x10a, kBool)                       \
  ROW(kVerifyRecover, CKA_VERIFY_RECOVER, 0x10b, kBool)        \
  ROW(kDerive, CKA_DERIVE, 0x10c, kBool)                       \
  ROW(kStartDate, CKA_START_DATE, 0x110, kDate)                \
  ROW(kEndDate, CKA_END_DATE, 0x111, kDate)                    \
  ROW(kModulus, CKA_MODULUS, 0x120, kBytes)                    \
  ROW(kModulusBits, CKA_MODULUS_BITS, 0x121, kNumber)          \
  ROW(kPublicExponent, CKA_PUBLIC_EXPONENT, 0x122, kBytes)     \
  ROW(kValueLen, CKA_VALUE_LEN, 0x161, kNumber)                \
  ROW(kExtractable, CKA_EXTRACTABLE, 0x162, kBool)             \
  ROW(kLocal, CKA_LOCAL, 0x163, kBool)                         \
  ROW(kNeverExtractable, CKA_NEVER_EXTRACTABLE, 0x164, kBool)  \
  ROW(kAlwaysSensitive, CKA_ALWAYS_SENSITIVE, 0x165, kBool)    \
  ROW(kKeyGenMechanism, CKA_KEY_GEN_MECHANISM, 0x166, kNumber) \
  ROW(kModifiable, CKA_MODIFIABLE, 0x170, kBool)               \
  ROW(kEcParams, CKA_EC_PARAMS, 0x180, kBytes)                 \
  ROW(kEcPoint, CKA_EC_POINT, 0x181, kBytes)                   \
  ROW(kWrapWithTrusted, CKA_WRAP_WITH_TRUSTED, 0x210, kBool)

enum class Attr : unsigned long {
#define KEYRITE_ROW(name, cka, number, type) name = (number),
  KEYRITE_ATTRIBUTES(KEYRITE_ROW)
#undef KEYRITE_ROW
};

template <Attr>
struct AttrType;  // no default: an attribute outside the table does not compile
#define KEYRITE_ROW(name, cka, number, type)            \
  template <>                                           \
  struct AttrType<Attr::name> {                         \
    static constexpr ValueType value = ValueType::type; \
  };
KEYRITE_ATTRIBUTES(KEYRITE_ROW)
#undef KEYRITE_ROW

struct AttrInfo {
  Attr attribute{};
  std::string_view name{};  // "CKA_EXTRACTABLE"
  ValueType type{};
};
[[nodiscard]] const std::vector<AttrInfo>& attributes();
[[nodiscard]] const AttrInfo& attribute_info(Attr attribute);

}  // namespace keyrite::pkcs11
