// Project Wycheproof's vectors, kept outside this repository: one file, flattened. Several hundred
// cases run in one test case, so a failing one names its number.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"

namespace keyrite::test {

enum class Verdict { kValid, kAcceptable, kInvalid };

struct Vector {
  int number{};  // tcId
  Verdict verdict{};
  Json fields{};
  [[nodiscard]] Bytes bytes(const char* name) const;
};

struct VectorGroup {
  Json fields{};  // without the tests
  std::vector<Vector> vectors{};
};

// nullopt after skip() when the file is not at hand (support/skip.h).
[[nodiscard]] std::optional<std::vector<VectorGroup>> wycheproof(const std::string& file);

}  // namespace keyrite::test
