// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A process that has no descriptor left cannot ask anybody anything.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/signal_guard.h"
#include "support/failure.h"
#include "support/sanitizers.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// A sanitizer needs descriptors itself to look at an object, so this is tried in other builds
// alone.
#ifndef KEYRITE_TEST_SANITIZED
TEST_CASE("A prompt without a descriptor for its signals is refused") {
  struct rlimit before {};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  REQUIRE(next >= 0);
  ::close(next);
  const struct rlimit none { .rlim_cur = static_cast<rlim_t>(next), .rlim_max = before.rlim_max };
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const auto failure = failure_of([] { const cli::PromptSignals signals; });
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(failure.code == "terminal-unusable");
  CHECK(failure.kind == Kind::kFailed);
  CHECK(failure.message.find("Too many open files") != std::string::npos);
}
#endif

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
