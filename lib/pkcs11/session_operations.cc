// Session: operations with keys.
#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "base/error.h"
#include "pkcs11/internal/api.h"
#include "pkcs11/internal/attribute_array.h"
#include "pkcs11/internal/call_arguments.h"
#include "pkcs11/internal/mechanism_data.h"
#include "pkcs11/internal/operation.h"
#include "pkcs11/internal/returned_handle.h"
#include "pkcs11/session.h"

namespace keyrite::pkcs11 {

namespace {

// Larger than any wrapped key or signature (an RSA-4096 PKCS#8 has about 2,400 bytes).
constexpr std::size_t kFirstBuffer = 8192;
constexpr std::size_t kLargestBuffer = std::size_t{1} << 20U;

// Calls `call(buffer, length)` with room enough, and more room when the token says it is too small.
// The length query is not used: it may answer too little, and CKR_BUFFER_TOO_SMALL may come without
// the right length.
std::size_t within(CK_ULONG length, std::size_t room, std::string_view what) {
  if (length <= room) return length;
  throw Error(Kind::kToken, "length-beyond-buffer",
              fmt::format("the token claims to have written {} bytes into a buffer of {}, {}",
                          length, room, what),
              "do not use this token; report it to its vendor");
}

template <class Call>
Bytes with_room_for(std::size_t expected, const Call& call, std::string_view what,
                    std::string_view mechanism = {}) {
  std::array<CK_BYTE, kFirstBuffer> first{};
  std::span<CK_BYTE> room(first);
  Bytes more;
  while (true) {
    if (room.size() < expected) room = more = Bytes(expected);
    CK_ULONG length = room.size();
    const Called called = call(room.data(), &length);
    if (called.rv() == CKR_BUFFER_TOO_SMALL && room.size() < kLargestBuffer) {
      room = more = Bytes(room.size() * 2);
      continue;
    }
    called.expect_ok(mechanism, what);
    // No larger than what came: thousands of these are in memory at once.
    const auto came = room.first(within(length, room.size(), what));
    return {came.begin(), came.end()};
  }
}

// As with_room_for, for what is never empty.
template <class Call>
Bytes something_from(const Call& call, std::string_view what, std::string_view mechanism = {}) {
  Bytes result = with_room_for(0, call, what, mechanism);
  if (!result.empty()) return result;
  throw Error(Kind::kToken, "result-empty",
              fmt::format("the token answered CKR_OK and returned nothing, {}", what),
              "do not use this token; report it to its vendor");
}

}  // namespace

Bytes Session::wrap_key(const Mechanism& mechanism, ObjectHandle wrapping, ObjectHandle target,
                        std::string_view what) {
  MechanismData data(mechanism);
  const auto call = [&](CK_BYTE* buffer, CK_ULONG* length) {
    return KEYRITE_CK(*token_.api(), C_WrapKey, handle_.value(), data.get(), raw(wrapping),
                      raw(target), buffer, length);
  };
  return something_from(call, what, mechanism.name());
}

std::size_t Session::wrap_key_length(const Mechanism& mechanism, ObjectHandle wrapping,
                                     ObjectHandle target, std::string_view what) {
  MechanismData data(mechanism);
  CK_ULONG length = 0;
  KEYRITE_CK(*token_.api(), C_WrapKey, handle_.value(), data.get(), raw(wrapping), raw(target),
             static_cast<CK_BYTE*>(nullptr), &length)
      .expect_ok(mechanism.name(), what);
  return length;
}

ObjectHandle Session::unwrap_key(const Mechanism& mechanism, ObjectHandle unwrapping,
                                 ByteView wrapped, const Template& wanted, std::string_view what) {
  require_unused(wanted);
  MechanismData data(mechanism);
  AttributeArray attributes(wanted);
  // One token works through the list in order, and nothing can be set behind CKA_MODIFIABLE=false.
  attributes.move_last(CKA_MODIFIABLE);
  CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
  KEYRITE_CK(*token_.api(), C_UnwrapKey, handle_.value(), data.get(), raw(unwrapping), in(wrapped),
             CK_ULONG{wrapped.size()}, attributes.data(), attributes.size(), &key)
      .expect_ok(mechanism.name(), what);
  return returned_handle(key, "C_UnwrapKey", what);
}

ObjectHandle Session::derive_key(const Mechanism& mechanism, ObjectHandle base,
                                 const Template& wanted, std::string_view what) {
  require_unused(wanted);
  MechanismData data(mechanism);
  AttributeArray attributes(wanted);
  CK_OBJECT_HANDLE key = CK_INVALID_HANDLE;
  KEYRITE_CK(*token_.api(), C_DeriveKey, handle_.value(), data.get(), raw(base), attributes.data(),
             attributes.size(), &key)
      .expect_ok(mechanism.name(), what);
  return returned_handle(key, "C_DeriveKey", what);
}

Bytes Session::encrypt(const Mechanism& mechanism, ObjectHandle key, ByteView plaintext,
                       std::string_view what) {
  MechanismData data(mechanism);
  const Api& api = *token_.api();
  begun(KEYRITE_CK(api, C_EncryptInit, idle(), data.get(), raw(key)), unended_, mechanism.name(),
        what);
  const auto call = [&](CK_BYTE* buffer, CK_ULONG* length) {
    return KEYRITE_CK(api, C_Encrypt, *handle_, in(plaintext), CK_ULONG{plaintext.size()}, buffer,
                      length);
  };
  return finish([&] { return with_room_for(plaintext.size() * 2, call, what); });
}

Bytes Session::decrypt(const Mechanism& mechanism, ObjectHandle key, ByteView ciphertext,
                       std::string_view what) {
  MechanismData data(mechanism);
  const Api& api = *token_.api();
  begun(KEYRITE_CK(api, C_DecryptInit, idle(), data.get(), raw(key)), unended_, mechanism.name(),
        what);
  const auto call = [&](CK_BYTE* buffer, CK_ULONG* length) {
    return KEYRITE_CK(api, C_Decrypt, *handle_, in(ciphertext), CK_ULONG{ciphertext.size()}, buffer,
                      length);
  };
  return finish([&] { return with_room_for(ciphertext.size() * 2, call, what); });
}

crypto::SecretBytes Session::decrypt_secret(const Mechanism& mechanism, ObjectHandle key,
                                            ByteView ciphertext, std::string_view what) {
  MechanismData data(mechanism);
  const Api& api = *token_.api();
  begun(KEYRITE_CK(api, C_DecryptInit, idle(), data.get(), raw(key)), unended_, mechanism.name(),
        what);
  return finish([&] {
    // No mode gives out more than it takes in, and nothing is left behind in a buffer that grew.
    crypto::SecretBytes buffer(ciphertext.size());
    CK_ULONG length = buffer.size();
    KEYRITE_CK(api, C_Decrypt, *handle_, in(ciphertext), CK_ULONG{ciphertext.size()},
               buffer.reveal_for_writing().data(), &length)
        .expect_ok(what);
    buffer.truncate(within(length, buffer.size(), what));
    return buffer;
  });
}

Bytes Session::sign(const Mechanism& mechanism, ObjectHandle key, ByteView content,
                    std::string_view what) {
  MechanismData data(mechanism);
  const Api& api = *token_.api();
  begun(KEYRITE_CK(api, C_SignInit, idle(), data.get(), raw(key)), unended_, mechanism.name(),
        what);
  const auto call = [&](CK_BYTE* buffer, CK_ULONG* length) {
    return KEYRITE_CK(api, C_Sign, *handle_, in(content), CK_ULONG{content.size()}, buffer, length);
  };
  return finish([&] { return something_from(call, what); });
}

bool Session::verify(const Mechanism& mechanism, ObjectHandle key, ByteView content,
                     ByteView signature, std::string_view what) {
  MechanismData data(mechanism);
  const Api& api = *token_.api();
  begun(KEYRITE_CK(api, C_VerifyInit, idle(), data.get(), raw(key)), unended_, mechanism.name(),
        what);
  const auto called = KEYRITE_CK(api, C_Verify, *handle_, in(content), CK_ULONG{content.size()},
                                 in(signature), CK_ULONG{signature.size()});
  if (called.rv() == CKR_SIGNATURE_INVALID || called.rv() == CKR_SIGNATURE_LEN_RANGE) return false;
  finish([&] { called.expect_ok(what); });
  return true;
}

Bytes Session::digest_key(const Mechanism& mechanism, ObjectHandle key, std::string_view what) {
  return digest_key(mechanism, {}, key, what);
}

Bytes Session::digest_key(const Mechanism& mechanism, ByteView before, ObjectHandle key,
                          std::string_view what) {
  MechanismData data(mechanism);
  const Api& api = *token_.api();
  begun(KEYRITE_CK(api, C_DigestInit, idle(), data.get()), unended_, mechanism.name(), what);
  const auto call = [&](CK_BYTE* buffer, CK_ULONG* length) {
    return KEYRITE_CK(api, C_DigestFinal, *handle_, buffer, length);
  };
  return finish([&] {
    if (!before.empty()) {
      KEYRITE_CK(api, C_DigestUpdate, *handle_, in(before), CK_ULONG{before.size()})
          .expect_ok(what);
    }
    KEYRITE_CK(api, C_DigestKey, *handle_, raw(key)).expect_ok(what);
    return something_from(call, what);
  });
}

}  // namespace keyrite::pkcs11
