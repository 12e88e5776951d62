// AES key wrap: RFC 5649 (with padding, KWP) and RFC 3394 (KW), over OpenSSL's wrap ciphers. On the
// host these only ever see throw-away keys, challenges, and what a self-test opened. Pure, any
// thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace keyrite::crypto {

// A semiblock, RFC 3394 section 2: the unit of both wraps, and what the initial value adds.
inline constexpr std::size_t kSemiblockBytes = 8;

// RFC 5649 section 4.1, the alternative initial value A65959A6. `kek` 16, 24 or 32 bytes;
// `plaintext` 1 byte or more. Gives 8 * ceil(n / 8) + 8 bytes. Error kInternal "key-wrap-size".
[[nodiscard]] Bytes kwp_wrap(ByteView kek, ByteView plaintext);
// Section 4.2. nullopt for anything that is not a correct wrap under this KEK.
[[nodiscard]] std::optional<Bytes> kwp_unwrap(ByteView kek, ByteView wrapped);
// In words, what a wrap is that kwp_unwrap does not open.
[[nodiscard]] std::string why_not_kwp(ByteView kek, ByteView wrapped);

// RFC 3394 section 2.2.1, default initial value. `plaintext` a multiple of 8, at least 16 bytes;
// gives n + 8.
[[nodiscard]] Bytes kw_wrap(ByteView kek, ByteView plaintext);
[[nodiscard]] std::optional<Bytes> kw_unwrap(ByteView kek, ByteView wrapped);

// RFC 3394 over a block cipher that runs elsewhere (in a token): `encrypt` takes one 16-byte block
// and gives one. Errors kInternal "key-wrap-size", "aes-block-answer" (the callback answered
// another length).
[[nodiscard]] Bytes kw_wrap_with(const std::function<Bytes(ByteView block16)>& encrypt,
                                 ByteView plaintext);

}  // namespace keyrite::crypto
