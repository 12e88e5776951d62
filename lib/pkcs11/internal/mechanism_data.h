// A Mechanism as Cryptoki takes it: the CK_MECHANISM and the parameter structs it points to, for
// the length of a call.
#pragma once

#include <p11-kit/pkcs11.h>

#include "pkcs11/mechanism.h"

namespace keyrite::pkcs11 {

// PKCS#11 3.1 "RSA AES KEY WRAP": p11-kit's header has the mechanism but not its parameters.
struct RsaAesKeyWrapParams {
  CK_ULONG aes_key_bits{};
  CK_RSA_PKCS_OAEP_PARAMS* oaep_params{};
};

class MechanismData {
 public:
  explicit MechanismData(const Mechanism& mechanism);
  MechanismData(const MechanismData&) = delete;
  MechanismData& operator=(const MechanismData&) = delete;
  [[nodiscard]] CK_MECHANISM* get() { return &mechanism_; }

 private:
  void fill(const Mechanism::NoParameters& none);
  void fill(const Mechanism::Oaep& parameters);
  void fill(const Mechanism::RsaAes& parameters);
  void fill(const Mechanism::Iv& parameters);
  void fill(const Mechanism::Gcm& parameters);
  void fill(const Mechanism::Pss& parameters);
  void fill(const Mechanism::Ecdh& parameters);
  template <class Struct>
  void point_to(Struct& parameters) {
    mechanism_.pParameter = &parameters;
    mechanism_.ulParameterLen = sizeof(parameters);
  }

  CK_MECHANISM mechanism_{};
  CK_RSA_PKCS_OAEP_PARAMS oaep_{};
  RsaAesKeyWrapParams rsa_aes_{};
  CK_GCM_PARAMS gcm_{};
  CK_RSA_PKCS_PSS_PARAMS pss_{};
  CK_ECDH1_DERIVE_PARAMS ecdh_{};
  Bytes iv_{};
  Bytes associated_data_{};
  Bytes point_{};
};

}  // namespace keyrite::pkcs11
