// Secrets that a host has, sealed in the token under a data key of their own: AES-256-GCM with an
// IV from here and associated data, which must be the same when it is opened. Which token does that
// as the standard says is found first with a data key whose value the host knows. A data key seals
// one secret, so that no IV is used twice. One session, one thread.
#pragma once

#include <cstddef>
#include <string>

#include "base/bytes.h"
#include "crypto/secret_bytes.h"
#include "pkcs11/session.h"
#include "wrap/data_key_wrap.h"

namespace keyrite::wrap {

inline constexpr std::size_t kLargestSealedSecret = 8192;

struct SealedSecret {
  Bytes iv{};       // 12 bytes
  Bytes content{};  // ciphertext, then the tag of 16 bytes
};

// That this token was found to seal and open. Only test_sealing makes one.
class Sealing {
 public:
  // `data_key`: a session object that may encrypt and decrypt, and has sealed nothing. What was
  // sealed is opened again before it is returned. Errors kToken with the CKR, "seal-differs".
  [[nodiscard]] SealedSecret seal(pkcs11::ObjectHandle data_key, ByteView associated_data,
                                  const crypto::SecretBytes& secret) const;
  // Errors kVerification "sealed-record-bad": another IV, other bytes or associated data than were
  // sealed, or another data key, which works; kToken "token-ill": it does not, so that nothing is
  // said of the record.
  [[nodiscard]] crypto::SecretBytes open(pkcs11::ObjectHandle data_key, ByteView associated_data,
                                         const SealedSecret& sealed) const;

 private:
  friend Sealing test_sealing(pkcs11::Session& session, const DataKeyWrap& proven);
  explicit Sealing(pkcs11::Session& session) : session_(session) {}
  [[nodiscard]] bool works(pkcs11::ObjectHandle data_key) const;
  pkcs11::Session& session_;
};

// What the token makes of AES-GCM by a key of 32 bytes whose value is known: "" where it seals as
// the host does, opens what the host sealed, and refuses it with other associated data and with
// another tag; else what it does instead. Errors kToken with the CKR.
[[nodiscard]] std::string sealing_fault(pkcs11::Session& session, pkcs11::ObjectHandle key,
                                        ByteView value);

// Errors kToken "not-found-out" of a token that is not well, "secret-not-sealed"; those of
// unwrap_data_key.
[[nodiscard]] Sealing test_sealing(pkcs11::Session& session, const DataKeyWrap& proven);

}  // namespace keyrite::wrap
