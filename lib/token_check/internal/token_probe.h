// One row of token-check: a name and a function that tries it. The tables are in token_check_*.cc.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "token_check/token_check.h"
#include "wrap/self_test.h"

namespace keyrite::token_check {

inline constexpr KeyType kAes256{.family = KeyFamily::kAes, .size = 256};

// How a blob was found right.
inline constexpr act::Literal kOpened("opened outside to the same key");
inline constexpr act::Literal kOpenedPadded("opened outside; zero bytes follow the PKCS#8");

// The token that the probes try, and what its self-tests have found.
struct TokenUnderTest {
  pkcs11::Session& session;
  wrap::SelfTest& tests;
};

struct Finding {
  std::optional<wrap::Outcome> outcome{};  // nullopt: not tried
  std::string detail{};
  std::optional<CkrAnswer> ckr{};
  act::Words how{};  // as TokenCheckRow::how
  std::string call{};
};

struct Probe {
  act::Literal group{};
  act::Words what{};
  // An Error whose CKR says no becomes "refused", one without a CKR (but kInternal and kPin)
  // "lies".
  std::function<Finding(TokenUnderTest&)> run{};
};

[[nodiscard]] inline Finding found(std::optional<wrap::Outcome> outcome, const act::Words& how) {
  return {.outcome = outcome, .detail = how.text(), .how = how};
}
[[nodiscard]] inline Finding works(const act::Words& how) {
  return found(wrap::Outcome::kWorks, how);
}
[[nodiscard]] inline Finding works(act::Literal how) { return works(act::Words(how)); }
[[nodiscard]] inline Finding refused(act::Literal how) {
  return found(wrap::Outcome::kRefused, act::Words(how));
}
[[nodiscard]] inline Finding lies(const act::Words& how) {
  return found(wrap::Outcome::kLies, how);
}
[[nodiscard]] inline Finding lies(act::Literal how) { return lies(act::Words(how)); }
[[nodiscard]] inline Finding not_tried(act::Literal how) {
  return found(std::nullopt, act::Words(how));
}
[[nodiscard]] inline Finding not_tried_as(act::Literal how, std::string detail) {
  return {.detail = std::move(detail), .how = act::Words(how)};
}
// What a lower room says about a wrong result is for people alone.
[[nodiscard]] inline Finding lies_as(act::Literal how, std::string detail) {
  return {.outcome = wrap::Outcome::kLies, .detail = std::move(detail), .how = act::Words(how)};
}
// Runs a probe and makes a row of what came out, whatever the token did.
[[nodiscard]] TokenCheckRow row_of(act::Literal group, const act::Words& what,
                                   const std::function<Finding()>& run);
[[nodiscard]] Finding from(const wrap::SelfTestResult& result);

[[nodiscard]] std::vector<Probe> generation_probes();
[[nodiscard]] std::vector<Probe> wrapping_probes();
[[nodiscard]] std::vector<Probe> data_key_probes();
[[nodiscard]] std::vector<Probe> use_probes();
[[nodiscard]] std::vector<Probe> protection_probes();

}  // namespace keyrite::token_check
