// Mechanisms by named factories: number and parameters belong together and cannot be mixed up. The
// CK_MECHANISM is built at call time inside this module. Value type; copy freely; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/wrapping.h"
#include "crypto/digest.h"

namespace keyrite::pkcs11 {

// A mechanism number under which some token does RFC 5649. What it really does is found by
// self-test.
struct KwpMechanism {
  unsigned long number{};
  std::string_view name{};
  bool vendor{};  // a vendor's number: tried only when the token lists it
  [[nodiscard]] std::string display() const;  // "CKM_AES_KEY_WRAP_KWP (0x210B)"
  friend bool operator==(const KwpMechanism& a, const KwpMechanism& b) {
    return a.number == b.number;
  }
};
// In the order in which they are tried: the standard's number, the ambiguous old one, the vendors'.
[[nodiscard]] const std::vector<KwpMechanism>& kwp_candidates();

// DER of the curve name that CKM_EC_EDWARDS_KEY_PAIR_GEN takes as CKA_EC_PARAMS: PrintableString
// "edwards25519" (PKCS#11 3.1 "Edwards Elliptic curve public key objects").
[[nodiscard]] const Bytes& edwards25519_params();

class Mechanism {
 public:
  [[nodiscard]] static Mechanism aes_key_gen();
  [[nodiscard]] static Mechanism generic_secret_key_gen();
  [[nodiscard]] static Mechanism rsa_key_pair_gen();
  [[nodiscard]] static Mechanism ec_key_pair_gen();
  [[nodiscard]] static Mechanism eddsa_key_pair_gen();
  // Hash and MGF1 hash the same, source CKZ_DATA_SPECIFIED, empty label.
  [[nodiscard]] static Mechanism rsa_oaep(Hash hash);
  [[nodiscard]] static Mechanism rsa_aes_key_wrap(unsigned long aes_bits, Hash hash);
  [[nodiscard]] static Mechanism aes_key_wrap(const KwpMechanism& kwp);
  // RFC 3394. Some tokens zero-extend what is no multiple of 8 bytes.
  [[nodiscard]] static Mechanism aes_kw();
  [[nodiscard]] static Mechanism aes_ecb();
  [[nodiscard]] static Mechanism aes_cbc(ByteView iv16);
  // The tag has 128 bits: a token takes 32 where it is asked for so few. The IV is never left to
  // the token: without one, one token in the field encrypts everything under the same, and others
  // crash. Error kInternal "gcm-iv-size".
  [[nodiscard]] static Mechanism aes_gcm(ByteView iv12, ByteView associated_data);
  [[nodiscard]] static Mechanism hmac(crypto::Digest hash);
  [[nodiscard]] static Mechanism ecdsa();  // of a digest; raw r || s
  [[nodiscard]] static Mechanism eddsa();
  [[nodiscard]] static Mechanism rsa_pkcs();  // of a DigestInfo
  [[nodiscard]] static Mechanism rsa_pss(
      crypto::Digest hash);  // of a digest, salt as long as the digest
  [[nodiscard]] static Mechanism digest(crypto::Digest hash);
  // CKD_NULL: the x coordinate itself. `point`: the other side's, 0x04 || x || y (PKCS#11 "Elliptic
  // curve Diffie-Hellman": the raw form is the one every token must take).
  [[nodiscard]] static Mechanism ecdh1_derive(ByteView point);

  [[nodiscard]] unsigned long number() const { return number_; }
  [[nodiscard]] const std::string& name() const { return name_; }

  struct NoParameters {};
  struct Oaep {
    Hash hash{};
  };
  struct RsaAes {
    unsigned long aes_bits{};
    Hash hash{};
  };
  struct Iv {
    Bytes iv{};
  };
  struct Gcm {
    Bytes iv{};
    Bytes associated_data{};
  };
  struct Pss {
    crypto::Digest hash{};
  };
  struct Ecdh {
    Bytes point{};
  };
  using Parameters = std::variant<NoParameters, Oaep, RsaAes, Iv, Gcm, Pss, Ecdh>;
  [[nodiscard]] const Parameters& parameters() const { return parameters_; }

 private:
  Mechanism(unsigned long number, std::string name, Parameters parameters)
      : number_(number), name_(std::move(name)), parameters_(std::move(parameters)) {}
  unsigned long number_;
  std::string name_;
  Parameters parameters_;
};

}  // namespace keyrite::pkcs11
