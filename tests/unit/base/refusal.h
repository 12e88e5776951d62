// What a call of lib/base throws, so that a test names kind and code in one line. One thread.
#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "base/error.h"

namespace keyrite::test {

struct Refusal {
  Kind kind{Kind::kInternal};
  std::string code{};
  std::string message{};
  std::string hint{};
  friend bool operator==(const Refusal& a, const Refusal& b) {
    return a.kind == b.kind && a.code == b.code;
  }
};

// What the call throws; code "" when it throws nothing. Exceptions that are no Error pass.
[[nodiscard]] Refusal refusal_of(const std::function<void()>& call);
[[nodiscard]] Refusal config(std::string code);
[[nodiscard]] Refusal usage(std::string code);
[[nodiscard]] Refusal failed(std::string code);
std::ostream& operator<<(std::ostream& out, const Refusal& refusal);

}  // namespace keyrite::test
