// CTR and GCM built from single-block AES calls, for a token that has AES-ECB but not the mode
// itself: the key stays in the token, which is called once with all blocks. Source: SP 800-38A 6.5,
// SP 800-38D 7.1. Pure but for the callback, any thread.
#pragma once

#include <functional>

#include "base/bytes.h"

namespace keyrite::crypto {

// AES-ECB under the key, of a whole number of 16-byte blocks; gives as many bytes as it takes.
using EncryptBlocks = std::function<Bytes(ByteView blocks)>;

// `counter`: the first counter block, 16 bytes, all 128 bits counting big-endian and wrapping.
// Gives input.size() bytes. Errors kInternal: "aes-iv-size", "aes-block-answer" (the callback
// answered another length).
[[nodiscard]] Bytes ctr_encrypt_with(const EncryptBlocks& encrypt, ByteView counter,
                                     ByteView input);

// `iv` 12 bytes; gives ciphertext || 16-byte tag. The callback is also asked for the hash subkey
// (the zero block), from which tags under this key could be forged: it is wiped here and must not
// be kept there, so a token's own CKM_AES_GCM is to be preferred. Errors as above.
[[nodiscard]] Bytes gcm_encrypt_with(const EncryptBlocks& encrypt, ByteView iv, ByteView input,
                                     ByteView aad = {});

}  // namespace keyrite::crypto
