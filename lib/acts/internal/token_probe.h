// One row of token-check: a name and a function that tries it. The tables are in token_check_*.cc.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "acts/token_check.h"
#include "wrap/self_test.h"

namespace keyrite::acts {

// What the probes share.
struct ProbeBench {
  pkcs11::Session& session;
  wrap::SelfTest& tests;
};

struct Finding {
  wrap::Outcome outcome{};
  std::string detail{};
  std::optional<CkrAnswer> ckr{};
};

struct Probe {
  std::string group{};
  std::string what{};
  // An Error with a CKR becomes "refused".
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
[[nodiscard]] Finding from(const wrap::SelfTestResult& result);

[[nodiscard]] std::vector<Probe> generation_probes();
[[nodiscard]] std::vector<Probe> wrapping_probes();
[[nodiscard]] std::vector<Probe> use_probes();
[[nodiscard]] std::vector<Probe> protection_probes();

}  // namespace keyrite::acts
