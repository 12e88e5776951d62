// Chooses how to wrap: the first recipe in the order of recipes_for() that the self-test found to
// work on this token, within what the operator allows. keyrite never changes hash, custody or form
// silently: it refuses what is not allowed, with the reason for every recipe tried. choose() is a
// pure function of the results, so plans are tested without a token.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "wrap/recipe.h"
#include "wrap/self_test.h"

namespace keyrite::wrap {

// What one wrap must do, and what the operator accepts for it.
struct Requirements {
  WrappingAlgorithm algorithm{};
  KeyType target{};
  unsigned wrapping_key_bits{};
  std::optional<Method> method{};  // forced by name
  bool allow_host_ephemeral{false};
  bool accept_padded_pkcs8{false};
  bool target_needs_trusted{
      false};  // CKA_WRAP_WITH_TRUSTED: no ephemeral AES key is trusted, so not composed
};

// What was tried and why it was not taken.
struct Rejected {
  SelfTestResult result{};
  std::string reason{};
};

// A choice, or why there is none. Asks `test` for one recipe after the other and stops at the first
// that serves. What the token left undecided never moves a wrap into a weaker custody: the choice
// then ends without a recipe.
struct Choice {
  std::optional<Recipe> recipe{};
  std::vector<Rejected> rejected{};
  std::optional<SelfTestResult> undecided{};  // why there is none, rather than what was rejected
};
using Tester = std::function<const SelfTestResult&(const Recipe&)>;
[[nodiscard]] Choice choose(const Requirements& required, const Tester& test);

// "native: CKR_MECHANISM_INVALID; composed: CKR_KEY_NOT_WRAPPABLE (0x210A), ...": what was tried
// and not taken, each reason of a method once.
[[nodiscard]] std::string reasons(const Choice& choice);

// The last of them: what the token answered to the method that asks the least of it.
[[nodiscard]] std::string last_reason(const Choice& choice);

// The first choice that serves, and the least that the operator must accept for it: nothing, padded
// PKCS#8, a transport key in host memory, or both. What `required` says of the two is not asked.
// Without a recipe nothing that can be accepted helps, or the token left it undecided.
struct Ability {
  Choice choice{};
  bool takes_padded_pkcs8{false};
  bool takes_host_ephemeral{false};
};
[[nodiscard]] Ability ability(Requirements required, const Tester& test);

// choose() on a token. Error kToken "no-wrap-method" with one clear sentence and, in the hint, what
// would help; "padded-pkcs8" when only the padding prevents it; "method-refused" for a forced
// method that does not work; kUsage "method-not-for-algorithm" for a forced method of the other
// scheme; "not-found-out" with the CKR when the token failed for a reason of its own, or gave no
// reason where a reason would decide.
[[nodiscard]] ProvenRecipe plan(const Requirements& required, SelfTest& tests);

}  // namespace keyrite::wrap
