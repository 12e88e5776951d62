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

// What the probes share.
struct ProbeBench {
  pkcs11::Session& session;
  wrap::SelfTest& tests;
};

struct Finding {
  std::optional<wrap::Outcome> outcome{};  // nullopt: not tried
  std::string detail{};
  std::optional<CkrAnswer> ckr{};
};

struct Probe {
  std::string group{};
  std::string what{};
  // An Error with a CKR becomes "refused", one without (but kInternal and kPin) "lies".
  std::function<Finding(ProbeBench&)> run{};
};

[[nodiscard]] inline Finding works(std::string detail) {
  return {wrap::Outcome::kWorks, std::move(detail), {}};
}
[[nodiscard]] inline Finding refused(std::string detail) {
  return {wrap::Outcome::kRefused, std::move(detail), {}};
}
[[nodiscard]] inline Finding lies(std::string detail) {
  return {wrap::Outcome::kLies, std::move(detail), {}};
}
[[nodiscard]] inline Finding not_tried(std::string detail) {
  return {std::nullopt, std::move(detail), {}};
}
// Runs a probe and makes a row of what came out, whatever the token did.
[[nodiscard]] TokenCheckRow row_of(const std::string& group, const std::string& what,
                                   const std::function<Finding()>& run);
[[nodiscard]] Finding from(const wrap::SelfTestResult& result);

[[nodiscard]] std::vector<Probe> generation_probes();
[[nodiscard]] std::vector<Probe> wrapping_probes();
[[nodiscard]] std::vector<Probe> use_probes();
[[nodiscard]] std::vector<Probe> protection_probes();

}  // namespace keyrite::acts
