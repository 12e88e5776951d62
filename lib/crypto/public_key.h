// A public key on the host, parsed from any form the clouds or tokens give. Value type over
// OpenSSL; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/key_type.h"

struct evp_pkey_st;  // EVP_PKEY

namespace keyrite::crypto {

// F4, big-endian: the one RSA exponent that keyrite makes and that clouds take (NIST SP 800-56B
// section 6.2 allows no smaller one).
inline constexpr std::array<std::uint8_t, 3> kF4{0x01, 0x00, 0x01};

class PublicKey {
 public:
  // DER SubjectPublicKeyInfo (RFC 5280 4.1.2.7), nothing after it, of a type in base/key_type.h or
  // RSA of any size. `origin` names the object in errors. Errors kConfig: "public-key-invalid",
  // "public-key-is-pem" (PEM text where DER is wanted), "public-key-trailing-bytes",
  // "public-key-unsupported".
  [[nodiscard]] static PublicKey from_spki(ByteView der, std::string_view origin);
  // DER RSAPublicKey (RFC 8017 A.1.1), nothing after it. Errors "public-key-invalid",
  // "public-key-trailing-bytes", "public-key-unsupported".
  [[nodiscard]] static PublicKey from_rsa_der(ByteView der, std::string_view origin);
  // One "PUBLIC KEY" PEM block. Errors as above, and "private-key-given" when the PEM holds a
  // private key.
  [[nodiscard]] static PublicKey from_pem(std::string_view pem, std::string_view origin);
  // PEM or DER, whichever it is.
  [[nodiscard]] static PublicKey from_file_content(ByteView content, std::string_view origin);
  // Big-endian modulus and exponent.
  [[nodiscard]] static PublicKey from_rsa(ByteView modulus, ByteView exponent,
                                          std::string_view origin);
  // Affine coordinates (JWK x, y), or an X9.62 point (0x04||x||y or compressed).
  [[nodiscard]] static PublicKey from_ec(Curve curve, ByteView x, ByteView y,
                                         std::string_view origin);
  [[nodiscard]] static PublicKey from_ec_point(Curve curve, ByteView point,
                                               std::string_view origin);
  [[nodiscard]] static PublicKey from_ed25519(ByteView raw32, std::string_view origin);

  [[nodiscard]] KeyType type() const;
  [[nodiscard]] unsigned rsa_bits() const;   // 0 when not RSA
  [[nodiscard]] Bytes rsa_modulus() const;   // big-endian, no leading zero
  [[nodiscard]] Bytes rsa_exponent() const;  // big-endian, no leading zero
  [[nodiscard]] const Bytes& spki() const {
    return spki_;
  }  // canonical DER (uncompressed EC point)
  [[nodiscard]] std::string pem() const;
  [[nodiscard]] std::string sha256()
      const;  // lower-case hex of SHA-256(spki): the fingerprint we print everywhere
  [[nodiscard]] evp_pkey_st* get() const { return key_.get(); }
  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.spki_ == b.spki_; }

 private:
  explicit PublicKey(std::shared_ptr<evp_pkey_st> key);
  std::shared_ptr<evp_pkey_st> key_;
  Bytes spki_;
};

}  // namespace keyrite::crypto
