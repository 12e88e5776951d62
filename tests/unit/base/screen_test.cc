// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "base/screen.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "base/text.h"
#include "support/program.h"

namespace keyrite {
namespace KEYRITE_TEST_FILE {

std::size_t widest(const std::string& text) {
  std::istringstream lines(text);
  std::size_t most = 0;
  for (std::string line; std::getline(lines, line);) most = std::max(most, columns_of(line));
  return most;
}

TEST_CASE("A long sentence goes on below, at its own indent or at the last column of its table") {
  CHECK(lay_out("one two three four five six seven\n", 20) ==
        "one two three four\nfive six seven\n");
  CHECK(lay_out("  one two three four five six seven", 22) ==
        "  one two three four\n    five six seven");
  CHECK(lay_out("name   one two three four five six seven\n", 30) ==
        "name   one two three four five\n       six seven\n");
  CHECK(lay_out("generate-kek: note: one two three four five", 40) ==
        "generate-kek: note: one two three four\nfive");
}

TEST_CASE("The head of a line stands once, and the text goes on below the text") {
  CHECK(lay_out("one two three four five six\nseven\n", 32, "tool: error: ") ==
        "tool: error: one two three four\n             five six\ntool: error: seven\n");
}

TEST_CASE("Where there is no terminal lines stay as they are") {
  const std::string text = "sha256  " + std::string(64, 'a') + " " + std::string(200, 'x') + "\n";
  CHECK(lay_out(text, 0) == text);
  CHECK(lay_out("a\n    keyrite list\nb", 0, "t: ") == "t: a\n    keyrite list\nt: b");
}

TEST_CASE("Long hex is below its line in groups of four, eight in a line, whatever the width is") {
  const std::string hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  const std::string groups =
      "    0123 4567 89ab cdef 0123 4567 89ab cdef\n"
      "    0123 4567 89ab cdef 0123 4567 89ab cdef";
  for (const unsigned columns : {80U, 200U}) {
    CHECK(lay_out("manifest SHA-256      " + hex + "\n", columns) ==
          "manifest SHA-256\n" + groups + "\n");
    CHECK(lay_out("the fingerprint " + hex + ", not the expected one\n", columns) ==
          "the fingerprint\n" + groups + "\nnot the expected one\n");
    CHECK(lay_out(hex, columns, "tool: error: ") == "tool: error:\n" + groups);
  }
  // What is short stays in its line: an id is copied.
  CHECK(lay_out("id 0123456789abcdef0123456789abcdef", 80) ==
        "id 0123456789abcdef0123456789abcdef");
}

TEST_CASE("A command is split by backslashes alone, and a shell reads it as it was") {
  const std::string command =
      "    sh -c 'printf \"%s|\" \"$@\"' x 'two  blanks' \"it's\" a\\ b plain 'and a fifth one'\n";
  const std::string narrow = lay_out(command, 40);
  CHECK(widest(narrow) <= 40);
  CHECK(narrow.find(" \\\n        ") != std::string::npos);
  const auto run = test::run_program({"sh", "-c", narrow});
  CHECK(run.exit_code == 0);
  CHECK(run.out == "two  blanks|it's|a b|plain|and a fifth one|");
  CHECK(lay_out(command, 0) == command);
}

TEST_CASE("A path that is longer than a line is one word for the shell that is given both lines") {
  for (std::size_t length = 60; length <= 170; ++length) {
    const std::string path = "/tmp/" + std::string(length, 'a') + "/s.json";
    const std::string command = "    sh -c 'printf \"%s|\" \"$@\"' x --in " + path + " --out c\n";
    const std::string narrow = lay_out(command, 80);
    CAPTURE(narrow);
    CHECK(widest(narrow) <= 80);
    if (length % 10 == 0)
      CHECK(test::run_program({"sh", "-c", narrow}).out == "--in|" + path + "|--out|c|");
  }
}

TEST_CASE("A command of several lines stays one") {
  const std::string command = "    keyrite approve count a \\\n        --roster r\n";
  CHECK(lay_out(command, 80, "tool: hint: ") == command);
  CHECK(lay_out(command + "then", 0, "tool: hint: ") == command + "tool: hint: then");
}

TEST_CASE("Parts of a command stay whole, and its lines fit 80 columns where its parts do") {
  const std::string text = command_text(
      command_in_lines({"keyrite wrap-for-import aws", "--label 'a b'",
                        "--parameters " + std::string(40, 'p'), "--out " + std::string(20, 'o')}));
  CHECK(text == "    keyrite wrap-for-import aws --label 'a b' \\\n        --parameters " +
                    std::string(40, 'p') + " \\\n        --out " + std::string(20, 'o') + "\n");
  CHECK(lay_out(text, 80) == text);
}

TEST_CASE("No line is longer than the terminal, unless a word is") {
  const std::string words =
      "group  what is tried  works      some words that say how, and more of them, and more\n"
      "  an indented line of some length that has to go on below, and then below that again\n";
  for (const unsigned columns : {24U, 40U, 60U, 80U})
    CHECK(widest(lay_out(words, columns)) <= columns);
}

TEST_CASE(
    "A word that is longer than a line is split at its marks, and a line that is one is whole") {
  CHECK(lay_out("token  pkcs11:model=A%20b;serial=0000000000;token=c", 30) ==
        "token\n    pkcs11:model=A%20b;\n    serial=0000000000;token=c");
  CHECK(lay_out(std::string(50, 'x') + " y", 20) == "    " + std::string(20, 'x') + "\n    " +
                                                        std::string(20, 'x') + "\n    " +
                                                        std::string(10, 'x') + "\ny");
  CHECK(lay_out("a \xc3\xa9\xc3\xa9\xc3\xa9" + std::string(20, 'z'), 20) ==
        "a\n    \xc3\xa9\xc3\xa9\xc3\xa9" + std::string(17, 'z') + "\n    zzz");
  CHECK(lay_out(std::string(50, 'v'), 20) == std::string(50, 'v'));
}

TEST_CASE("Hex is read aloud in fours") {
  CHECK(in_fours("8f3a02c1b") == "8f3a 02c1 b");
  CHECK(in_fours("").empty());
  CHECK(hex_lines("8f3a02c1") == "    8f3a 02c1\n");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite
