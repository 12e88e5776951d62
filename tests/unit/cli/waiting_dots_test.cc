// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/waiting_dots.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>

namespace keyrite::cli {
namespace KEYRITE_TEST_FILE {

// What is written while it lives, for so long.
std::string written_within(std::chrono::milliseconds time, unsigned columns) {
  std::array<int, 2> ends{};
  REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0);
  {
    const WaitingDots dots("tool: at work", ends[1], columns);
    std::this_thread::sleep_for(time);
  }
  close(ends[1]);
  std::string text(1000, '\0');
  const ssize_t got = read(ends[0], text.data(), text.size());
  close(ends[0]);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

TEST_CASE("Nothing is shown in the first second, then a dot a second, and nothing is left") {
  using std::chrono_literals::operator""ms;
  CHECK(written_within(50ms, 80).empty());
  // A busy machine may sleep for longer.
  const std::string shown = written_within(1500ms, 80);
  CHECK(shown.starts_with("tool: at work ."));
  CHECK(shown.ends_with(".\r\033[K"));
  CHECK(shown.find_first_not_of('.', std::string("tool: at work ").size()) == shown.find('\r'));
}

TEST_CASE("On a terminal that has no room for the words there are dots alone") {
  using std::chrono_literals::operator""ms;
  const std::string shown = written_within(1500ms, 10);
  CHECK(shown.starts_with("."));
  CHECK(shown.find("tool") == std::string::npos);
  CHECK(shown.ends_with("\r\033[K"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::cli
