#include "cli/report.h"

#include <doctest/doctest.h>

#include <utility>

namespace keyrite::cli {
namespace KEYRITE_TEST_FILE {

TEST_CASE("Every line of an error has its prefix and cannot move the cursor") {
  const Error error(Kind::kToken, "token-ambiguous", "two tokens match\x1b[2J", "one of\na\nb");
  CHECK(error_lines("wrap", error) ==
        "wrap: error: two tokens match\\x1b[2J\nwrap: hint: one of\nwrap: hint: a\nwrap: hint: b\n"
        "wrap: code: token-ambiguous (keyrite explain token-ambiguous)\n");
}

TEST_CASE("Who is waited for is no error") {
  const Error waiting(Kind::kWaiting, "approval-incomplete", "one is missing", "bring it");
  CHECK(error_lines("wrap", waiting) ==
        "wrap: waiting: one is missing\nwrap: hint: bring it\n"
        "wrap: code: approval-incomplete (keyrite explain approval-incomplete)\n");
}

TEST_CASE("At a terminal long lines are split between words, and commands are copied as they are") {
  const std::string text =
      "these words are longer than a line\n    keyrite approve show /a/long/path --and more "
      "words\nlast";
  CHECK(prefixed("wrap: hint", text, 40) ==
        "wrap: hint: these words are longer than\n"
        "            a line\n"
        "    keyrite approve show /a/long/path \\\n"
        "        --and more words\n"
        "wrap: hint: last\n");
  CHECK(prefixed("wrap: hint", text, 0).find("longer than a line\n") != std::string::npos);
  // Narrower than any terminal that people read: every word is still there.
  CHECK(prefixed("wrap: hint", "some words follow each other here", 5) ==
        "wrap: hint: some words follow\n            each other here\n");
  CHECK(prefixed("wrap: hint", std::string(60, 'x'), 40) ==
        "wrap: hint:\n    " + std::string(36, 'x') + "\n    " + std::string(24, 'x') + "\n");
}

TEST_CASE("An error without hint or answer has none in JSON") {
  const Json json = error_json(Error(Kind::kPin, "pin-wrong", "wrong"));
  CHECK(json.dump() == R"({"code":"pin-wrong","kind":"pin","message":"wrong"})");
}

TEST_CASE("In JSON the lines of a hint stay lines and hold nothing that moves the cursor") {
  const Json json =
      error_json(Error(Kind::kToken, "token-not-found", "no\nsuch", "these:\n  a\x1b[2J\r\n  b\n"));
  CHECK(json["hint"] == "these:\n  a\\x1b[2J\\x0d\n  b\n");
  CHECK(json["message"] == "no\nsuch");
  CHECK(json.dump().find(R"(these:\n  a\\x1b[2J)") != std::string::npos);
}

TEST_CASE("A message that is not UTF-8 still becomes JSON") {
  const Json json = error_json(Error(Kind::kFailed, "x", "bad \xff byte", "\xfe"));
  CHECK(json["message"] == "bad \\xff byte");
  CHECK_FALSE(dump_json(json).empty());
}

TEST_CASE("Every kind has a name of its own") {
  CHECK(kind_name(Kind::kUnknownOutcome) == "unknown-outcome");
  CHECK(kind_name(Kind::kInternal) == "internal");
  CHECK(kind_name(Kind::kVerification) == "verification");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::cli
