// Finds out what a token really does, by wrapping throw-away keys under a throw-away RSA key whose
// private half is on the host, and opening the result outside the token. A mechanism list proves
// nothing and neither does a round trip inside the token: one token in the field lists RSA-AES wrap
// with SHA-256, answers CKR_OK and writes SHA-1, and opens its own blob again. Everything made here
// is a session object and is destroyed again. One session, one thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crypto/throwaway_rsa.h"
#include "pkcs11/session.h"
#include "wrap/recipe.h"

namespace keyrite::wrap {

// What one process has found out about its tokens, so that a ceremony that wraps many keys asks the
// same question of a token once. It lives in memory alone: a process that starts anew tests anew.
// Owned by whoever runs the acts; one thread.
class SelfTestMemory {
 public:
  SelfTestMemory();
  ~SelfTestMemory();
  SelfTestMemory(const SelfTestMemory&) = delete;
  SelfTestMemory& operator=(const SelfTestMemory&) = delete;

 private:
  friend class SelfTest;
  struct Findings;
  // Of the session's token: by module and version, token identity and firmware.
  [[nodiscard]] std::shared_ptr<Findings> of(const pkcs11::Session& session);
  std::map<std::string, std::shared_ptr<Findings>> by_token_{};
};

// Self-tests on one session, with their results kept.
class SelfTest {
 public:
  // Knows nothing yet.
  explicit SelfTest(pkcs11::Session& session);
  // Knows what was found earlier in this process, and adds to it.
  SelfTest(pkcs11::Session& session, SelfTestMemory& memory);
  ~SelfTest();
  SelfTest(const SelfTest&) = delete;
  SelfTest& operator=(const SelfTest&) = delete;

  // Runs `recipe` for a throw-away key of the kind of `target` (RSA targets: RSA-2048, every other
  // type its own) under a throw-away RSA key of `wrapping_key_bits`. What the token does and what
  // it refuses is in the result; an answer without a reason is kUndecided and not remembered.
  // Errors: pkcs11::find_out's "not-found-out" when the token says that it is not well, twice;
  // those of a host out of order.
  [[nodiscard]] const SelfTestResult& run(const Recipe& recipe, const KeyType& target,
                                          unsigned wrapping_key_bits);

  // The evidence type, when the outcome was kWorks; nullopt else.
  [[nodiscard]] std::optional<ProvenRecipe> prove(const Recipe& recipe, const KeyType& target,
                                                  unsigned wrapping_key_bits);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace keyrite::wrap
