#include "wrap/key_check_value.h"

#include "pkcs11/mechanism.h"
#include "pkcs11/question.h"

namespace keyrite::wrap {

KeyCheckValue key_check_value(pkcs11::Session& session, pkcs11::ObjectHandle key) {
  const auto none = [](const Error& no) -> KeyCheckValue {
    return {.why_none = no.message(), .answer = no.ckr()};
  };
  return pkcs11::find_out(
      "whether this token computes a check value by C_DigestKey",
      [&]() -> KeyCheckValue {
        return {.value = crypto::hkdf_sha256([&](ByteView pad) {
                  return session.digest_key(pkcs11::Mechanism::digest(crypto::Digest::kSha256), pad,
                                            key, "computing a check value");
                })};
      },
      none, [&](const Error& first, const Error& /*again*/) { return none(first); });
}

}  // namespace keyrite::wrap
