#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "base/text.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

std::size_t longest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t longest = 0;
  for (std::string line; std::getline(lines, line);) longest = std::max(longest, line.size());
  return longest;
}

TEST_CASE("Columns are aligned under their heading") {
  CHECK(format_table({{"type", "result"}, {"aes-256", "works"}, {"ed25519", "refused"}}) ==
        "type     result\n"
        "aes-256  works\n"
        "ed25519  refused\n");
}

TEST_CASE("No table and empty rows are no lines to stumble over") {
  CHECK(format_table({}).empty());
  CHECK(format_table({{}}).empty());
  CHECK(format_table({{"a", "b"}, {}}) == "a  b\n\n");
}

TEST_CASE("Rows with fewer cells are filled up and no line ends in spaces") {
  CHECK(format_table({{"a", "bb", "c"}, {"long"}, {"", "", "x"}}) ==
        "a     bb  c\n"
        "long\n"
        "          x\n");
}

TEST_CASE("The last column wraps at words so that the width is kept") {
  const std::string words = "one two three four five six seven eight nine ten eleven twelve";
  const std::string text = format_table({{"name", words}}, 40);
  CHECK(text ==
        "name  one two three four five six seven\n"
        "      eight nine ten eleven twelve\n");
  CHECK(longest_line(text) == 39);
  CHECK(longest_line(format_table({{"name", words}}, 39)) == 39);
  CHECK(longest_line(format_table({{"name", words}}, 38)) <= 38);
  CHECK(longest_line(format_table({{words + " " + words}})) <= 80);
}

TEST_CASE("A word longer than the column stands alone and whole") {
  const std::string digest(64, 'a');
  CHECK(format_table({{"sha256", "is " + digest + " here"}}, 40) ==
        "sha256  is\n        " + digest + "\n        here\n");
}

TEST_CASE("First columns that leave no room keep twenty columns for the last") {
  const std::string first(78, 'f');
  CHECK(format_table({{first, "aaaaaaaaa bbbbbbbbbb cccccccccc"}}, 80) ==
        first + "  aaaaaaaaa bbbbbbbbbb\n" + std::string(80, ' ') + "cccccccccc\n");
}

TEST_CASE("Characters count as one column however many bytes they have") {
  CHECK(format_table({{"\xc3\xa4\xc3\xb6", "b"}, {"abc", "d"}}) ==
        "\xc3\xa4\xc3\xb6   b\nabc  d\n");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
