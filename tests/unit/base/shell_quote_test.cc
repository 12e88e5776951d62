#include <doctest/doctest.h>

#include <string>

#include "base/text.h"
#include "support/command.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// What the shell makes of the word: the bytes that a program gets as its argument.
std::string argument(const Workshop& shop, const std::string& shell, const std::string& word) {
  shop.put("line", as_bytes("printf %s " + shell_quote(word) + "\n"));
  return as_text(shop.must(shell + " line"));
}

TEST_CASE("Every shell gives back exactly the word that was quoted") {
  const Workshop shop;
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const std::string& word : {std::string(),
                                  std::string("plain"),
                                  all,
                                  std::string("a b"),
                                  std::string("'"),
                                  std::string("''"),
                                  std::string("it's"),
                                  std::string("'quoted'"),
                                  std::string("$(id)`id`$HOME"),
                                  std::string("a;b&c|d>e<f"),
                                  std::string("*?[a]{b,c}~"),
                                  std::string("\\"),
                                  std::string("\\'"),
                                  std::string("a\nb\n"),
                                  std::string("\t"),
                                  std::string("!!"),
                                  std::string("#no"),
                                  std::string("~root"),
                                  std::string("\xff\xfe"),
                                  std::string("arn:aws:kms:eu:1:key/a-b_c.d"),
                                  std::string("x=y,z+1@%")}) {
    CAPTURE(word);
    CHECK(argument(shop, "/bin/sh", word) == word);
    CHECK(argument(shop, "bash", word) == word);
  }
}

TEST_CASE("Only plainly safe words stand without quotes") {
  for (const std::string word : {"a", "AZaz09_./:@%+=,-", "-x", "key/1"}) {
    CHECK(shell_quote(word) == word);
  }
  CHECK(shell_quote("").size() == 2);
  const std::string safe =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+=,-";
  for (int byte = 1; byte < 256; ++byte) {
    const std::string word(1, static_cast<char>(byte));
    CAPTURE(byte);
    CHECK((shell_quote(word) == word) == (safe.find(word) != std::string::npos));
  }
}

TEST_CASE("A text with NUL is refused because no shell word can hold it") {
  using namespace std::string_literals;
  for (const std::string& word : {"\0"s, "a\0"s, "a\0b"s}) {
    CHECK(refusal_of([&] { static_cast<void>(shell_quote(word)); }) == usage("text-has-nul"));
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
