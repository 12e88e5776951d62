// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A fresh process by programs that are not ours: a shell reads its commands from the question.
#include "cli/fresh_process.h"

#include <doctest/doctest.h>

#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr std::string_view kReadCommands = "-s";

TEST_CASE("The question goes in, the answer and the exit code come out") {
  const auto done = cli::start_fresh("/bin/sh", kReadCommands, "echo seen; exit 5\n", nullptr);
  CHECK(done.answer == "seen\n");
  CHECK(done.exit_code == 5);
}

TEST_CASE("A PIN has a pipe of its own, and no other descriptor of ours goes in") {
  const crypto::SecretBytes pin(as_bytes("12345678"));
  const auto done = cli::start_fresh("/bin/sh", kReadCommands, "cat <&3; ls /proc/$$/fd\n", &pin);
  CHECK(done.answer == "123456780\n1\n2\n3\n");
  const auto none = cli::start_fresh("/bin/sh", kReadCommands, "ls /proc/$$/fd\n", nullptr);
  CHECK(none.answer == "0\n1\n2\n");
}

TEST_CASE("A question longer than a pipe holds arrives whole") {
  const std::string text =
      "cat > /dev/null <<END\n" + std::string(300'000, 'x') + "\nEND\necho done\n";
  CHECK(cli::start_fresh("/bin/sh", kReadCommands, text, nullptr).answer == "done\n");
}

TEST_CASE("A program that is not there, and one that does not answer, are told") {
  CHECK(failure_of([] { (void)cli::start_fresh("/nonexistent", "-s", "", nullptr); }).code ==
        "process-not-started");
  const auto hangs = failure_of([] {
    (void)cli::start_fresh("/bin/sh", kReadCommands, "sleep 60\n", nullptr,
                           std::chrono::milliseconds(100));
  });
  CHECK(hangs.code == "process-hangs");
  CHECK(hangs.kind == Kind::kFailed);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
