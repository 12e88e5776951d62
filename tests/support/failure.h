// How a piece of work failed, so that a test can name the Error it expects. Header only, any
// thread.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"

namespace keyrite::test {

struct Failure {
  std::string code{};  // "no error" when there was none
  Kind kind{};
  std::string hint{};
  std::string message{};
  std::optional<CkrAnswer> ckr{};
};

template <class Work>
[[nodiscard]] Failure failure_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return {error.code(), error.kind(), error.hint(), error.message(), error.ckr()};
  }
  return {.code = "no error"};
}

}  // namespace keyrite::test
