#include "crypto/public_key.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "crypto/digest.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

namespace {

[[noreturn]] void refuse(std::string code, std::string_view origin, std::string_view why,
                         std::string hint) {
  ERR_clear_error();
  throw Error(Kind::kConfig, std::move(code), fmt::format("{}: {}", origin, why), std::move(hint));
}

[[noreturn]] void invalid(std::string_view origin, std::string_view why) {
  refuse("public-key-invalid", origin, why,
         "fetch it again: it may be truncated, or of another format");
}

[[noreturn]] void unsupported(std::string_view origin, std::string_view why) {
  refuse("public-key-unsupported", origin, why,
         "keyrite handles RSA, the curves P-256, P-384, P-521 and secp256k1 by name, and Ed25519");
}

constexpr std::string_view kPemBegin = "-----BEGIN ";

bool is_pem(ByteView content) {
  const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
  return text.find(kPemBegin) != std::string_view::npos;
}

// The DER in the first PEM block, if that is a PUBLIC KEY. OpenSSL's own PEM_read_bio_PUBKEY takes
// other labels too, and bytes behind the DER.
std::optional<Bytes> public_key_block(std::string_view pem) {
  if (pem.empty()) return std::nullopt;
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* content = nullptr;
  long length = 0;
  if (bio == nullptr || PEM_read_bio(bio.get(), &label, &header, &content, &length) != 1) {
    return std::nullopt;
  }
  std::optional<Bytes> der;
  if (std::string_view(label) == PEM_STRING_PUBLIC) der.emplace(content, content + length);
  OPENSSL_free(label);
  OPENSSL_free(header);
  OPENSSL_free(content);
  return der;
}

// OpenSSL's short name of the key's curve, "" for none.
std::string group_name(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t length = 0;
  if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(),
                                     &length) != 1) {
    ERR_clear_error();
    return {};
  }
  return {name.data(), length};
}

Curve curve_of(const EVP_PKEY* key) {
  const std::string name = group_name(key);
  for (const auto& row : curves()) {
    if (row.openssl == name) return row.curve;
  }
  return Curve::kNone;
}

// Explicit parameters are another encoding of a curve and no cloud takes them.
bool has_explicit_curve(const EVP_PKEY* key) {
  std::array<char, 32> encoding{};
  std::size_t length = 0;
  if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, encoding.data(),
                                     encoding.size(), &length) != 1) {
    ERR_clear_error();
    return false;
  }
  return std::string_view(encoding.data(), length) == OSSL_PKEY_EC_ENCODING_EXPLICIT;
}

Bytes encoded_as_is(const EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int length = i2d_PUBKEY(key, &der);
  if (length <= 0) openssl_failed("encoding a public key");
  Bytes bytes(der, der + length);
  OPENSSL_free(der);
  return bytes;
}

Bytes encode(EVP_PKEY* key) {
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
    // One canonical form for comparisons, however the point came.
    require_openssl(EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                                   "uncompressed"),
                    "encoding a public key");
  }
  return encoded_as_is(key);
}

Bytes big_number(const EVP_PKEY* key, const char* name) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &raw) != 1) openssl_failed("reading an RSA key");
  const BnPtr number(raw);
  Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
  BN_bn2bin(number.get(), bytes.data());
  return bytes;
}

// OpenSSL decodes the point at infinity like any other; it is nobody's public key.
void require_point(EVP_PKEY* key, std::string_view origin) {
  const PkeyCtxPtr context(EVP_PKEY_CTX_new(key, nullptr));
  if (EVP_PKEY_public_check_quick(context.get()) != 1)
    invalid(origin, "the numbers are not a point of the curve");
}

// OpenSSL takes any two numbers. With e = 1 "encrypted" would be plain.
void require_rsa_numbers(const EVP_PKEY* key, std::string_view origin) {
  const Bytes n = big_number(key, OSSL_PKEY_PARAM_RSA_N);
  const Bytes e = big_number(key, OSSL_PKEY_PARAM_RSA_E);
  const auto odd_over_one = [](const Bytes& number) {
    return !number.empty() && (number.back() & 1U) != 0 && (number.size() > 1 || number[0] > 1);
  };
  if (!odd_over_one(n) || !odd_over_one(e))
    invalid(origin, "the modulus or the exponent is even, 0 or 1");
}

void require_supported(EVP_PKEY* key, std::string_view origin) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      require_rsa_numbers(key, origin);
      return;
    case EVP_PKEY_ED25519:
      return;
    case EVP_PKEY_EC:
      if (has_explicit_curve(key))
        unsupported(origin, "the curve is given by explicit parameters, not by name");
      if (curve_of(key) == Curve::kNone)
        unsupported(origin, "the curve is not one that keyrite handles");
      require_point(key, origin);
      return;
    default:
      unsupported(origin, "the public key is of a type that keyrite does not handle");
  }
}

std::shared_ptr<EVP_PKEY> shared(PkeyPtr key) { return {key.release(), Free<EVP_PKEY_free>()}; }

PkeyPtr from_params(const char* type, const ParamBldPtr& builder, std::string_view origin) {
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder.get()));
  const PkeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    invalid(origin, "the numbers are not a public key");
  }
  return PkeyPtr(key);
}

// RFC 5480 section 2.2: a public key is uncompressed or compressed, never hybrid. OpenSSL takes it.
bool is_hybrid(const EVP_PKEY* key) {
  std::array<char, 16> form{};
  std::size_t length = 0;
  return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                        form.data(), form.size(), &length) == 1 &&
         std::string_view(form.data(), length) == OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_HYBRID;
}

}  // namespace

PublicKey::PublicKey(std::shared_ptr<evp_pkey_st> key)
    : key_(std::move(key)), spki_(encode(key_.get())) {}

PublicKey PublicKey::from_spki(ByteView der, std::string_view origin) {
  if (is_pem(der)) {
    refuse("public-key-is-pem", origin, "this is PEM text, not binary DER",
           "give the binary file, or use the option that takes PEM");
  }
  const unsigned char* cursor = der.data();
  PkeyPtr key(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(der.size())));
  if (key == nullptr) invalid(origin, "this is not a public key (DER SubjectPublicKeyInfo)");
  const auto rest = der.size() - static_cast<std::size_t>(cursor - der.data());
  if (rest != 0) {
    refuse("public-key-trailing-bytes", origin, fmt::format("{} bytes follow the public key", rest),
           "fetch the file again: it must end after the key");
  }
  require_supported(key.get(), origin);
  if (is_hybrid(key.get())) invalid(origin, "its point has the hybrid form, which is not allowed");
  // OpenSSL reads BER, and more behind the numbers; DER has one encoding.
  if (!std::ranges::equal(encoded_as_is(key.get()), der))
    invalid(origin, "the public key is not valid DER");
  return PublicKey(shared(std::move(key)));
}

PublicKey PublicKey::from_pem(std::string_view pem, std::string_view origin) {
  if (pem.find("PRIVATE KEY-----") != std::string_view::npos) {
    refuse("private-key-given", origin, "this file holds a PRIVATE key",
           "find out where this file is from: the cloud gives a wrapping key as a public key");
  }
  const std::optional<Bytes> der = public_key_block(pem);
  if (!der) invalid(origin, "this is not a PEM public key");
  if (pem.find(kPemBegin, pem.find(kPemBegin) + 1) != std::string_view::npos) {
    refuse("public-key-trailing-bytes", origin, "the file holds more than one PEM block",
           "give a file with the public key alone");
  }
  return from_spki(*der, origin);
}

PublicKey PublicKey::from_file_content(ByteView content, std::string_view origin) {
  return is_pem(content) ? from_pem(as_text(content), origin) : from_spki(content, origin);
}

PublicKey PublicKey::from_rsa(ByteView modulus, ByteView exponent, std::string_view origin) {
  const BnPtr n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr));
  const BnPtr e(BN_bin2bn(exponent.data(), static_cast<int>(exponent.size()), nullptr));
  const ParamBldPtr builder(OSSL_PARAM_BLD_new());
  require_openssl(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()),
                  "building an RSA key");
  require_openssl(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()),
                  "building an RSA key");
  PkeyPtr key = from_params("RSA", builder, origin);
  require_rsa_numbers(key.get(), origin);
  return PublicKey(shared(std::move(key)));
}

PublicKey PublicKey::from_ec_point(Curve curve, ByteView point, std::string_view origin) {
  const std::string name(curve_info(curve).openssl);
  // OpenSSL also takes the hybrid form, which RFC 5480 section 2.2 forbids.
  if (point.empty() || point[0] < 0x02 || point[0] > 0x04)
    invalid(origin, "this is neither an uncompressed nor a compressed point");
  const ParamBldPtr builder(OSSL_PARAM_BLD_new());
  require_openssl(
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, name.c_str(), 0),
      "building an EC key");
  require_openssl(OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                                   point.data(), point.size()),
                  "building an EC key");
  PkeyPtr key = from_params("EC", builder, origin);
  require_point(key.get(), origin);
  return PublicKey(shared(std::move(key)));
}

PublicKey PublicKey::from_ec(Curve curve, ByteView x, ByteView y, std::string_view origin) {
  const std::size_t field = curve_info(curve).field_bytes;
  if (x.size() > field || y.size() > field)
    invalid(origin, "a coordinate is longer than the curve's field");
  Bytes point(1 + 2 * field);
  point[0] = 0x04;  // SEC 1 section 2.3.3, uncompressed
  std::copy(x.begin(), x.end(), point.begin() + static_cast<std::ptrdiff_t>(1 + field - x.size()));
  std::copy(y.begin(), y.end(),
            point.begin() + static_cast<std::ptrdiff_t>(1 + 2 * field - y.size()));
  return from_ec_point(curve, point, origin);
}

PublicKey PublicKey::from_ed25519(ByteView raw32, std::string_view origin) {
  PkeyPtr key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw32.data(), raw32.size()));
  if (key == nullptr) invalid(origin, "an Ed25519 public key has 32 bytes");
  return PublicKey(shared(std::move(key)));
}

KeyType PublicKey::type() const {
  switch (EVP_PKEY_get_base_id(key_.get())) {
    case EVP_PKEY_RSA:
      return {.family = KeyFamily::kRsa, .size = rsa_bits()};
    case EVP_PKEY_EC:
      return {.family = KeyFamily::kEc, .size = 0, .curve = curve_of(key_.get())};
    default:
      return {.family = KeyFamily::kEd25519};
  }
}

unsigned PublicKey::rsa_bits() const {
  if (EVP_PKEY_get_base_id(key_.get()) != EVP_PKEY_RSA) return 0;
  return static_cast<unsigned>(EVP_PKEY_get_bits(key_.get()));
}

Bytes PublicKey::rsa_modulus() const { return big_number(key_.get(), OSSL_PKEY_PARAM_RSA_N); }
Bytes PublicKey::rsa_exponent() const { return big_number(key_.get(), OSSL_PKEY_PARAM_RSA_E); }

std::string PublicKey::pem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  require_openssl(PEM_write_bio_PUBKEY(bio.get(), key_.get()), "writing a public key");
  char* text = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(length)};
}

std::string PublicKey::sha256() const { return sha256_hex(spki_); }

}  // namespace keyrite::crypto
