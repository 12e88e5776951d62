#include "crypto/aes_kwp.h"

#include <openssl/err.h>

#include <algorithm>

#include "base/error.h"
#include "crypto/internal/openssl.h"

namespace keyrite::crypto {

namespace {

constexpr std::uint8_t kDefaultIv = 0xa6;

enum class Form { kPadded, kPlain };

const EVP_CIPHER* cipher_for(std::size_t kek_bytes, Form form) {
  const bool padded = form == Form::kPadded;
  switch (kek_bytes) {
    case 16:
      return padded ? EVP_aes_128_wrap_pad() : EVP_aes_128_wrap();
    case 24:
      return padded ? EVP_aes_192_wrap_pad() : EVP_aes_192_wrap();
    case 32:
      return padded ? EVP_aes_256_wrap_pad() : EVP_aes_256_wrap();
    default:
      throw Error(Kind::kInternal, "key-wrap-size", "a key-encryption key has 16, 24 or 32 bytes");
  }
}

CipherCtxPtr context_for(ByteView kek, Form form, bool wrap) {
  CipherCtxPtr context(EVP_CIPHER_CTX_new());
  // OpenSSL refuses wrap modes unless they are asked for by this flag.
  EVP_CIPHER_CTX_set_flags(context.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  // No IV: OpenSSL takes the default initial value of each RFC.
  require_openssl(EVP_CipherInit_ex2(context.get(), cipher_for(kek.size(), form), kek.data(),
                                     nullptr, wrap ? 1 : 0, nullptr),
                  "AES key wrap");
  return context;
}

Bytes wrap(ByteView kek, ByteView plaintext, Form form) {
  const auto context = context_for(kek, form, true);
  Bytes wrapped(plaintext.size() + 2 * kSemiblockBytes);
  int length = 0;
  require_openssl(EVP_CipherUpdate(context.get(), wrapped.data(), &length, plaintext.data(),
                                   static_cast<int>(plaintext.size())),
                  "AES key wrap");
  wrapped.resize(static_cast<std::size_t>(length));
  return wrapped;
}

std::optional<Bytes> unwrap(ByteView kek, ByteView wrapped, Form form) {
  const auto context = context_for(kek, form, false);
  Bytes plaintext(wrapped.size());
  int length = 0;
  if (EVP_CipherUpdate(context.get(), plaintext.data(), &length, wrapped.data(),
                       static_cast<int>(wrapped.size())) != 1) {
    ERR_clear_error();
    return std::nullopt;
  }
  plaintext.resize(static_cast<std::size_t>(length));
  return plaintext;
}

void require(bool good, const char* what) {
  if (!good) throw Error(Kind::kInternal, "key-wrap-size", what);
}

}  // namespace

Bytes kwp_wrap(ByteView kek, ByteView plaintext) {
  require(!plaintext.empty(), "RFC 5649 wraps at least one byte");
  return wrap(kek, plaintext, Form::kPadded);
}

std::optional<Bytes> kwp_unwrap(ByteView kek, ByteView wrapped) {
  if (wrapped.size() < 2 * kSemiblockBytes || wrapped.size() % kSemiblockBytes != 0)
    return std::nullopt;
  return unwrap(kek, wrapped, Form::kPadded);
}

std::string why_not_kwp(ByteView kek, ByteView wrapped) {
  return kw_unwrap(kek, wrapped) ? "the key wrap is RFC 3394 with other padding, not RFC 5649"
                                 : "the key wrap is not RFC 5649";
}

Bytes kw_wrap(ByteView kek, ByteView plaintext) {
  require(plaintext.size() >= 2 * kSemiblockBytes && plaintext.size() % kSemiblockBytes == 0,
          "RFC 3394 wraps two semiblocks or more");
  return wrap(kek, plaintext, Form::kPlain);
}

std::optional<Bytes> kw_unwrap(ByteView kek, ByteView wrapped) {
  if (wrapped.size() < 3 * kSemiblockBytes || wrapped.size() % kSemiblockBytes != 0)
    return std::nullopt;
  return unwrap(kek, wrapped, Form::kPlain);
}

Bytes kw_wrap_with(const std::function<Bytes(ByteView block16)>& encrypt, ByteView plaintext) {
  require(plaintext.size() >= 2 * kSemiblockBytes && plaintext.size() % kSemiblockBytes == 0,
          "RFC 3394 wraps two semiblocks or more");
  const std::size_t n = plaintext.size() / kSemiblockBytes;
  Bytes wrapped(kSemiblockBytes, kDefaultIv);
  wrapped.insert(wrapped.end(), plaintext.begin(), plaintext.end());
  const auto checked = wrapped.begin();
  for (std::size_t step = 1; step <= 6 * n; ++step) {
    const auto semiblock =
        checked + static_cast<std::ptrdiff_t>(((step - 1) % n + 1) * kSemiblockBytes);
    Bytes block(2 * kSemiblockBytes);
    std::copy_n(checked, kSemiblockBytes, block.begin());
    std::copy_n(semiblock, kSemiblockBytes, block.begin() + kSemiblockBytes);
    const Bytes answer = encrypt(block);
    if (answer.size() != 2 * kSemiblockBytes) {
      throw Error(Kind::kInternal, "aes-block-answer",
                  "a block cipher answered another length than it was given");
    }
    std::copy_n(answer.begin(), kSemiblockBytes, checked);
    std::copy_n(answer.begin() + kSemiblockBytes, kSemiblockBytes, semiblock);
    // A = MSB(64, B) xor t, with t as a 64-bit big-endian number.
    for (std::size_t i = 0; i < kSemiblockBytes; ++i) {
      wrapped[kSemiblockBytes - 1 - i] ^=
          static_cast<std::uint8_t>(std::uint64_t{step} >> (8 * i) & 0xffU);
    }
  }
  return wrapped;
}

}  // namespace keyrite::crypto
