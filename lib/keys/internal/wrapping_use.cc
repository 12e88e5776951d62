// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/internal/wrapping_use.h"

#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "crypto/aes.h"
#include "pkcs11/question.h"
#include "wrap/key_generation.h"
#include "wrap/session_object.h"

namespace keyrite::keys {

namespace {

using pkcs11::Mechanism;

const KeyType kThrowaway{.family = KeyFamily::kAes, .size = 256};

// A throw-away key that another one wraps and unwraps; the copy is compared by use.
class RoundTrip {
 public:
  explicit RoundTrip(pkcs11::Session& session)
      : session_(session),
        original_(session,
                  session.generate_key(wrap::generation_mechanism(kThrowaway),
                                       wrap::throwaway_templates(kThrowaway).key, kTrying)) {}

  [[nodiscard]] bool gives_same(const Mechanism& mechanism, pkcs11::ObjectHandle wrapping,
                                pkcs11::ObjectHandle unwrapping) {
    const Bytes wrapped = session_.wrap_key(mechanism, wrapping, original_.handle(), kTrying);
    const wrap::SessionObject copy(
        session_,
        session_.unwrap_key(mechanism, unwrapping, wrapped, wrap::unwrapped_template(), kTrying));
    const Bytes block(crypto::kAesBlockBytes);
    return session_.encrypt(Mechanism::aes_ecb(), copy.handle(), block, kTrying) ==
           session_.encrypt(Mechanism::aes_ecb(), original_.handle(), block, kTrying);
  }

 private:
  pkcs11::Session& session_;
  wrap::SessionObject original_;
};

}  // namespace

void refuse_unusable(std::string_view how) {
  throw Error(Kind::kToken, "key-unusable", fmt::format("the new key does not work: {}", how),
              "do not use this token for this type of key; report it to its vendor");
}

act::Words try_wrapping(pkcs11::Session& session, pkcs11::ObjectHandle key) {
  std::string last_refusal = "the token has no AES key wrap";
  std::optional<Error> undecided;
  for (const auto& kwp : pkcs11::kwp_candidates()) {
    if (kwp.vendor) continue;
    const auto mechanism = Mechanism::aes_key_wrap(kwp);
    const std::string question =
        fmt::format("whether the new key wraps and unwraps by {}", kwp.display());
    const bool done = pkcs11::find_out(
        question,
        [&] {
          if (!RoundTrip(session).gives_same(mechanism, key, key))
            refuse_unusable("it unwraps another key than it wrapped");
          return true;
        },
        [&](const Error& no) {
          last_refusal = no.message();
          return false;
        },
        // Another mechanism may still show that the key works.
        [&](const Error& first, const Error& again) {
          undecided = pkcs11::not_found_out(question, first, again);
          return false;
        });
    if (done)
      return act::Words("C_WrapKey and C_UnwrapKey (") + act::Words::of(kwp) + act::Words(")");
  }
  if (undecided) throw *std::move(undecided);
  refuse_unusable(last_refusal);
}

act::Words try_rsa_unwrapping(pkcs11::Session& session, pkcs11::ObjectHandle key,
                              pkcs11::ObjectHandle public_half) {
  if (!RoundTrip(session).gives_same(Mechanism::rsa_oaep(Hash::kSha1), public_half, key))
    refuse_unusable("it unwraps another key than its public half wrapped");
  return act::Words("C_WrapKey and C_UnwrapKey (CKM_RSA_PKCS_OAEP)");
}

}  // namespace keyrite::keys
