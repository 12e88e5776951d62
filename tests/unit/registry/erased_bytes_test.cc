// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include "registry/names.h"
#include "registry/registry.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

TEST_CASE("Bytes are found wherever they stand in the file, and in a journal beside it") {
  const Workshop shop;
  const Bytes first = bytes_of("0123456789abcdef");
  const Bytes other = bytes_of("fedcba9876543210");
  // Across the end of every piece in which a file is read, at its start, and at its end.
  std::string text = "0123456789abcdef";
  text += std::string(3'000'001, '0');
  CHECK((shop.put("file", as_bytes(text)),
         registry::count_in_file(shop.folder() / "file", {first, other})) == 1);
  for (const std::size_t before : {65'530U, 131'065U, 1'048'570U}) {
    shop.put("file",
             as_bytes(std::string(before, '0') + "fedcba9876543210" + std::string(70'000, '1')));
    CAPTURE(before);
    CHECK(registry::count_in_file(shop.folder() / "file", {first, other}) == 1);
  }
  shop.put("file", as_bytes("nothing of it: 0123456789abcde"));
  CHECK(registry::count_in_file(shop.folder() / "file", {first, other}) == 0);
  shop.put("file-journal", as_bytes("x0123456789abcdefx0123456789abcdef"));
  CHECK(registry::count_in_file(shop.folder() / "file", {first, other}) == 1);
  CHECK(registry::count_in_file(shop.folder() / "file", {}) == 0);
}

TEST_CASE("A text of any length is found in a file, also across the pieces in which it is read") {
  const Workshop shop;
  for (const std::size_t before : {0U, 65'534U, 131'070U, 1'048'574U}) {
    shop.put("file", as_bytes(std::string(before, '0') + "Acme" + std::string(70'000, '1')));
    CAPTURE(before);
    CHECK(registry::is_in_file(shop.folder() / "file", "Acme"));
    CHECK_FALSE(registry::is_in_file(shop.folder() / "file", "acme"));
  }
  shop.put("file", as_bytes("Acm"));
  CHECK_FALSE(registry::is_in_file(shop.folder() / "file", "Acme"));
}

TEST_CASE("A name is in a text where it is a word of its own") {
  for (const char* text : {"Acme", "acme", "/tmp/acme-deks", "for ACME, and others", "Acmex acme"})
    CHECK(registry::has_word(text, "Acme"));
  for (const char* text : {"", "Acmex", "xAcme", "Acme1", "Acm e", "Acm\xc3\xa9"})
    CHECK_FALSE(registry::has_word(text, "Acme"));
  CHECK(registry::has_word("the (Acme) case", "(Acme)"));
  CHECK_FALSE(registry::has_word("Acme", ""));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
