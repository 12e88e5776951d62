// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A public key out of the encodings in which files have it: DER, and PEM around it.
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "crypto/internal/openssl.h"
#include "crypto/internal/supported_key.h"
#include "crypto/public_key.h"

namespace keyrite::crypto {

namespace {

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

// RFC 5480 section 2.2: a public key is uncompressed or compressed, never hybrid. OpenSSL takes it.
bool is_hybrid(const EVP_PKEY* key) {
  std::array<char, 16> form{};
  std::size_t length = 0;
  return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                        form.data(), form.size(), &length) == 1 &&
         std::string_view(form.data(), length) == OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_HYBRID;
}

void require_nothing_after(const unsigned char* cursor, ByteView der, std::string_view origin) {
  const auto rest = der.size() - static_cast<std::size_t>(cursor - der.data());
  if (rest == 0) return;
  refuse_key("public-key-trailing-bytes", origin,
             fmt::format("{} bytes follow the public key", rest),
             "fetch the file again: it must end after the key");
}

}  // namespace

PublicKey PublicKey::from_spki(ByteView der, std::string_view origin) {
  if (is_pem(der)) {
    refuse_key("public-key-is-pem", origin, "this is PEM text, not binary DER",
               "give the binary file, or use the option that takes PEM");
  }
  const unsigned char* cursor = der.data();
  PkeyPtr key(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(der.size())));
  if (key == nullptr)
    refuse_invalid_key(origin, "this is not a public key (DER SubjectPublicKeyInfo)");
  require_nothing_after(cursor, der, origin);
  require_supported(key.get(), origin);
  if (is_hybrid(key.get()))
    refuse_invalid_key(origin, "its point has the hybrid form, which is not allowed");
  // OpenSSL reads BER, and more behind the numbers; DER has one encoding.
  if (!std::ranges::equal(encoded_as_is(key.get()), der))
    refuse_invalid_key(origin, "the public key is not valid DER");
  return PublicKey(shared(std::move(key)));
}

PublicKey PublicKey::from_rsa_der(ByteView der, std::string_view origin) {
  const unsigned char* cursor = der.data();
  PkeyPtr key(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &cursor, static_cast<long>(der.size())));
  if (key == nullptr) refuse_invalid_key(origin, "this is not an RSA public key (RFC 8017)");
  require_nothing_after(cursor, der, origin);
  require_supported(key.get(), origin);
  return PublicKey(shared(std::move(key)));
}

PublicKey PublicKey::from_pem(std::string_view pem, std::string_view origin) {
  if (pem.find("PRIVATE KEY-----") != std::string_view::npos) {
    refuse_key("private-key-given", origin, "this file holds a PRIVATE key",
               "find out where this file is from: the cloud gives a wrapping key as a public key");
  }
  const std::optional<Bytes> der = public_key_block(pem);
  if (!der) refuse_invalid_key(origin, "this is not a PEM public key");
  if (pem.find(kPemBegin, pem.find(kPemBegin) + 1) != std::string_view::npos) {
    refuse_key("public-key-trailing-bytes", origin, "the file holds more than one PEM block",
               "give a file with the public key alone");
  }
  return from_spki(*der, origin);
}

PublicKey PublicKey::from_file_content(ByteView content, std::string_view origin) {
  return is_pem(content) ? from_pem(as_text(content), origin) : from_spki(content, origin);
}

}  // namespace keyrite::crypto
