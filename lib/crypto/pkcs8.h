// Reads the PKCS#8 of a throw-away private key that a self-test opened: which key it is, and what
// follows it. Never used on a target key. Pure, any thread.
#pragma once

#include <optional>

#include "base/bytes.h"
#include "crypto/public_key.h"

namespace keyrite::crypto {

struct Pkcs8Info {
  PublicKey public_key;
  std::size_t der_length{};      // of the PrivateKeyInfo itself
  std::size_t trailing_bytes{};  // behind it
  bool trailing_all_zero{};
};

// RFC 5208 PrivateKeyInfo of a type in base/key_type.h, named curves only, whose private numbers
// belong to its public ones. nullopt for anything else.
[[nodiscard]] std::optional<Pkcs8Info> read_pkcs8(ByteView content);

}  // namespace keyrite::crypto
