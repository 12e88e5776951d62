// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/color.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "cli/report.h"

namespace keyrite::cli {
namespace KEYRITE_TEST_FILE {

TEST_CASE("The last --color of the words decides, before they are understood") {
  CHECK(color_when({}) == ColorWhen::kAuto);
  CHECK(color_when({"show", "--color", "never"}) == ColorWhen::kNever);
  CHECK(color_when({"--color=always", "--nonsense"}) == ColorWhen::kAlways);
  CHECK(color_when({"--color", "never", "--color=always"}) == ColorWhen::kAlways);
  CHECK(color_when({"--color", "blue"}) == ColorWhen::kAuto);
  CHECK(color_when({"--color"}) == ColorWhen::kAuto);
  CHECK(color_when({"--", "--color=always"}) == ColorWhen::kAuto);
}

TEST_CASE("What is no terminal has colour only where it was asked for") {
  CHECK_FALSE(has_color(ColorWhen::kAuto, -1));
  CHECK(has_color(ColorWhen::kAlways, -1));
  CHECK_FALSE(has_color(ColorWhen::kNever, -1));
}

TEST_CASE("A verdict has the colour of what it says, and care is taken where something is open") {
  const auto toned_line = [](const std::string& verdict) {
    return tone_verdicts("before\nverdict: " + verdict + "\n  after\n", true);
  };
  const auto in = [](const std::string& number, const std::string& verdict) {
    return "before\n\033[1;" + number + "mverdict: " + verdict + "\033[0m\n  after\n";
  };
  for (const std::string good : {"good", "proven (cryptographic)", "verified"})
    CHECK(toned_line(good) == in("32", good));
  for (const std::string open :
       {"consistent but not proven", "incomplete, an interim statement", "verified, with remarks",
        "proven (provider statement), and more was required"})
    CHECK(toned_line(open) == in("33", open));
  for (const std::string bad : {"different", "NOT good, 1 of 9 checks failed", "NOT proven", "x"})
    CHECK(toned_line(bad) == in("31", bad));
  CHECK(tone_verdicts("verdict: good\n", false) == "verdict: good\n");
  CHECK(tone_verdicts("the verdict: good\n", true) == "the verdict: good\n");
  CHECK(tone_verdicts("\nWRITE DOWN\n  id\n\nNEXT\n  1. NEXT\n", true) ==
        "\n\033[1mWRITE DOWN\033[0m\n  id\n\n\033[1mNEXT\033[0m\n  1. NEXT\n");
  CHECK(tone_verdicts("NEXT\n", false) == "NEXT\n");
}

TEST_CASE("The word of an error is coloured on each of its lines, and the lines stay as wide") {
  const Error error(Kind::kFailed, "x", "one two three four five six\nseven", "do");
  CHECK(
      error_lines("t", error, 28, true) ==
      "\033[1;31mt: error:\033[0m one two three four\n          five six\n"
      "\033[1;31mt: error:\033[0m seven\nt: hint: do\nt: code: x (keyrite explain\n         x)\n");
  CHECK(error_lines("t", Error(Kind::kWaiting, "x", "for"), 0, true)
            .starts_with("\033[1;33mt: waiting:\033[0m for\n"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::cli
