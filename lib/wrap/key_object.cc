#include "wrap/key_object.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "crypto/curve_name.h"
#include "pkcs11/ckr.h"
#include "pkcs11/key_kind.h"
#include "pkcs11/question.h"
#include "wrap/key_generation.h"
#include "wrap/session_object.h"

namespace keyrite::wrap {

namespace {

using pkcs11::Attr;
using pkcs11::KeyKind;

constexpr std::string_view kMeasuring = "measuring an HMAC key";

struct BoundRow {
  KeyKind kind{};
  crypto::Digest hash{};
};
constexpr std::array<BoundRow, 5> kBound{{{KeyKind::kSha1Hmac, crypto::Digest::kSha1},
                                          {KeyKind::kSha224Hmac, crypto::Digest::kSha224},
                                          {KeyKind::kSha256Hmac, crypto::Digest::kSha256},
                                          {KeyKind::kSha384Hmac, crypto::Digest::kSha384},
                                          {KeyKind::kSha512Hmac, crypto::Digest::kSha512}}};

const BoundRow* bound_row(std::optional<unsigned long> kind) {
  const auto* const row = std::find_if(kBound.begin(), kBound.end(), [&](const BoundRow& one) {
    return kind == static_cast<unsigned long>(one.kind);
  });
  return row == kBound.end() ? nullptr : row;
}

[[noreturn]] void unsupported(std::string_view what) {
  throw Error(Kind::kToken, "key-type-unsupported",
              fmt::format("the key in the token is {}, which keyrite does not handle", what),
              "generate-kek --help lists the key types");
}

[[noreturn]] void length_unknown(unsigned long kind) {
  throw Error(Kind::kToken, "key-length-unknown",
              fmt::format("the token does not report the length of the key: its type is {}, and "
                          "its CKA_VALUE_LEN is missing or 0",
                          pkcs11::key_kind_text(kind)),
              "make a new key with generate-kek --for; some tokens do not store the length of a "
              "key that was imported into them");
}

// The key once more as a generic secret of the session, which C_UnwrapKey gives its length. It does
// not leave the token, and may not. nullopt: this token wraps or unwraps it by none of these.
std::optional<unsigned long> copied_length(pkcs11::Session& session, pkcs11::ObjectHandle key) {
  const KeyType aes{.family = KeyFamily::kAes, .size = 256};
  const KeyTraits traits{.token = false, .usage = KeyUsage::kWrap};
  const SessionObject wrapping(
      session, session.generate_key(generation_mechanism(aes),
                                    key_templates(aes, traits, Detail::kShort).key, kMeasuring));
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(KeyKind::kGenericSecret)
      .set<Attr::kToken>(false)
      .set<Attr::kPrivate>(true)
      .set<Attr::kSensitive>(true)
      .set<Attr::kExtractable>(false)
      .set<Attr::kSign>(true);
  for (const auto& kwp : pkcs11::kwp_candidates()) {
    try {
      const auto mechanism = pkcs11::Mechanism::aes_key_wrap(kwp);
      const Bytes blob = session.wrap_key(mechanism, wrapping.handle(), key, kMeasuring);
      const SessionObject copy(
          session, session.unwrap_key(mechanism, wrapping.handle(), blob, wanted, kMeasuring));
      const auto length = session.read_ulong(copy.handle(), Attr::kValueLen);
      if (length.value_or(0) != 0) return length;
    } catch (const Error& error) {
      if (!pkcs11::says_no(error)) throw;
    }
  }
  return std::nullopt;
}

unsigned secret_length(pkcs11::Session& session, pkcs11::ObjectHandle handle, unsigned long kind) {
  auto length = session.read_ulong(handle, Attr::kValueLen);
  // NSS softoken has no CKA_VALUE_LEN for these types.
  if (length.value_or(0) == 0 && bound_row(kind) != nullptr) {
    length = pkcs11::find_out(
        "how long the HMAC key is", [&] { return copied_length(session, handle); },
        [](const Error& /*no*/) { return std::optional<unsigned long>(); });
  }
  if (length.value_or(0) == 0) length_unknown(kind);
  return static_cast<unsigned>(*length);
}

KeyType rsa_type(const pkcs11::Session& session, pkcs11::ObjectHandle handle) {
  const auto modulus = session.read_bytes(handle, Attr::kModulus).value_or(Bytes{});
  if (modulus.empty()) {
    throw Error(Kind::kToken, "public-half-unreadable",
                "the public half of the key cannot be read: CKA_MODULUS is missing",
                "check with pkcs11-tool that the key object holds its public components");
  }
  const auto first = std::find_if(modulus.begin(), modulus.end(), [](auto b) { return b != 0; });
  return {.family = KeyFamily::kRsa, .size = static_cast<unsigned>(modulus.end() - first) * 8};
}

KeyType curve_type(const pkcs11::Session& session, pkcs11::ObjectHandle handle) {
  const auto params = session.read_bytes(handle, Attr::kEcParams).value_or(Bytes{});
  for (const auto& curve : curves()) {
    if (std::ranges::equal(params, curve.ec_params_der))
      return {.family = KeyFamily::kEc, .curve = curve.curve};
  }
  unsupported(fmt::format("CKK_EC (0x03) of the curve {}", crypto::curve_text(params)));
}

// Ed25519 by its name, or by its object identifier 1.3.101.112 (RFC 8410 section 3). A token that
// tells no curve is asked no further: the public half has 32 bytes, or is refused.
KeyType edwards_type(const pkcs11::Session& session, pkcs11::ObjectHandle handle) {
  static const Bytes oid = from_hex("06032b6570");
  const auto params = session.read_bytes(handle, Attr::kEcParams).value_or(Bytes{});
  if (params.empty() || params == oid || params == pkcs11::edwards25519_params())
    return {.family = KeyFamily::kEd25519};
  unsupported(fmt::format("CKK_EC_EDWARDS (0x40) of the curve {}", crypto::curve_text(params)));
}

}  // namespace

KeyType read_key_type(pkcs11::Session& session, pkcs11::ObjectHandle handle) {
  const auto kind = session.read_ulong(handle, Attr::kKeyType);
  if (!kind) unsupported("of a type that the token does not report");
  if (*kind == static_cast<unsigned long>(KeyKind::kAes))
    return {.family = KeyFamily::kAes, .size = secret_length(session, handle, *kind) * 8};
  if (*kind == static_cast<unsigned long>(KeyKind::kGenericSecret) || bound_row(kind) != nullptr)
    return {.family = KeyFamily::kGenericSecret, .size = secret_length(session, handle, *kind)};
  if (*kind == static_cast<unsigned long>(KeyKind::kRsa)) return rsa_type(session, handle);
  if (*kind == static_cast<unsigned long>(KeyKind::kEcEdwards))
    return edwards_type(session, handle);
  if (*kind == static_cast<unsigned long>(KeyKind::kEc)) return curve_type(session, handle);
  unsupported(pkcs11::key_kind_text(*kind));
}

std::optional<crypto::Digest> bound_hash(const pkcs11::Session& session,
                                         pkcs11::ObjectHandle handle) {
  const BoundRow* row = bound_row(session.read_ulong(handle, Attr::kKeyType));
  return row == nullptr ? std::nullopt : std::optional(row->hash);
}

KeyDate read_date(const pkcs11::Session& session, pkcs11::ObjectHandle handle,
                  pkcs11::Attr attribute) {
  try {
    const auto value = session.read_bytes(handle, attribute);
    if (!value || value->empty()) return {};
    return {.day = pkcs11::value_text(attribute, *value)};
  } catch (const Error& error) {
    const bool no_reason = error.ckr() && (error.ckr()->name == "CKR_GENERAL_ERROR" ||
                                           error.ckr()->name == "CKR_FUNCTION_FAILED");
    if (!no_reason) throw;
    return {.unreadable = error};
  }
}

}  // namespace keyrite::wrap
