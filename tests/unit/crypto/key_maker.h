// Keys made by openssl's program, for tests that read them. The workshop's key.pem is the private
// half (PKCS#8 PEM) of the key made last, public.pem and public.der the public one.
#pragma once

#include <string>
#include <vector>

#include "base/key_type.h"
#include "support/command.h"

namespace keyrite::test {

struct Made {
  std::string options{};  // of openssl genpkey
  KeyType type{};
};
// One of every type that keyrite handles.
[[nodiscard]] const std::vector<Made>& every_key_pair();

inline const std::string kRsa1024 = "-algorithm RSA -pkeyopt rsa_keygen_bits:1024";
inline const std::string kP256 = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";

// Gives public.der.
Bytes make_key(const Workshop& shop, const std::string& options);

}  // namespace keyrite::test
