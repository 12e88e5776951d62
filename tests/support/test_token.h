// Throw-away tokens of Debian's packages, each in a folder of its own that goes away with the
// object: SoftHSMv2 and NSS softoken. Where the software is missing the test is skipped loudly
// (tests/support/skip.h). One token a process at a time: both read process-wide state.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "act/context.h"
#include "pkcs11/module.h"
#include "support/command.h"

namespace keyrite::test {

struct TestToken {
  Workshop folder{};
  std::string name{};  // "SoftHSM", "NSS": for messages only
  pkcs11::ModuleSpec module{};
  std::string uri{};
  std::string pin{};
  std::string so_pin{};  // empty: the token has no security officer

  [[nodiscard]] act::TokenBinding binding() const;
};

// nullptr after skip() was called.
[[nodiscard]] std::unique_ptr<TestToken> make_softhsm();
[[nodiscard]] std::unique_ptr<TestToken> make_nss();
// Whether this softoken lists EdDSA: 3.87 does not, 3.110 does. Neither makes an Ed25519 key by the
// curve's name: the one does not know the mechanism, the other wants an object identifier.
[[nodiscard]] bool lists_eddsa(const TestToken& token);

}  // namespace keyrite::test
