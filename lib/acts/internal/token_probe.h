// One row of token-check: a name and a function that tries it. The tables are in token_check_*.cc.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "acts/token_check.h"
#include "wrap/self_test.h"

namespace keyrite::acts {

inline constexpr KeyType kAes256{.family = KeyFamily::kAes, .size = 256};

// How a blob was found right.
inline constexpr Literal kOpened("opened outside to the same key");
inline constexpr Literal kOpenedPadded("opened outside; zero bytes follow the PKCS#8");

// What the probes share.
struct ProbeBench {
  pkcs11::Session& session;
  wrap::SelfTest& tests;
};

struct Finding {
  std::optional<wrap::Outcome> outcome{};  // nullopt: not tried
  std::string detail{};
  std::optional<CkrAnswer> ckr{};
  Words how{};  // as TokenCheckRow::how
  std::string call{};
};

struct Probe {
  Literal group{};
  Words what{};
  // An Error whose CKR says no becomes "refused", one without a CKR (but kInternal and kPin)
  // "lies".
  std::function<Finding(ProbeBench&)> run{};
};

[[nodiscard]] inline Finding found(std::optional<wrap::Outcome> outcome, const Words& how) {
  return {.outcome = outcome, .detail = how.text(), .how = how};
}
[[nodiscard]] inline Finding works(const Words& how) { return found(wrap::Outcome::kWorks, how); }
[[nodiscard]] inline Finding works(Literal how) { return works(Words(how)); }
[[nodiscard]] inline Finding refused(Literal how) {
  return found(wrap::Outcome::kRefused, Words(how));
}
[[nodiscard]] inline Finding lies(const Words& how) { return found(wrap::Outcome::kLies, how); }
[[nodiscard]] inline Finding lies(Literal how) { return lies(Words(how)); }
[[nodiscard]] inline Finding not_tried(Literal how) { return found(std::nullopt, Words(how)); }
[[nodiscard]] inline Finding not_tried_as(Literal how, std::string detail) {
  return {.detail = std::move(detail), .how = Words(how)};
}
// What a lower room says about a wrong result is for people alone.
[[nodiscard]] inline Finding lies_as(Literal how, std::string detail) {
  return {.outcome = wrap::Outcome::kLies, .detail = std::move(detail), .how = Words(how)};
}
// Runs a probe and makes a row of what came out, whatever the token did.
[[nodiscard]] TokenCheckRow row_of(Literal group, const Words& what,
                                   const std::function<Finding()>& run);
[[nodiscard]] Finding from(const wrap::SelfTestResult& result);

[[nodiscard]] std::vector<Probe> generation_probes();
[[nodiscard]] std::vector<Probe> wrapping_probes();
[[nodiscard]] std::vector<Probe> use_probes();
[[nodiscard]] std::vector<Probe> protection_probes();

}  // namespace keyrite::acts
