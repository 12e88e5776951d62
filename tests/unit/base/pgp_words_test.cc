#include <doctest/doctest.h>

#include <set>
#include <string>

#include "base/text.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// The 256 words at even or odd positions, in the order of their bytes, one a line.
std::string list(bool odd) {
  std::string lines;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const Bytes pair(2, static_cast<std::uint8_t>(byte));
    lines += pgp_words(pair).at(odd ? 1 : 0) + "\n";
  }
  return lines;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

TEST_CASE("The example of the PGP word list comes out as published") {
  CHECK(joined(pgp_words(from_hex("E58294F2E9A227486E8B061B31CC528FD7FA3F19"))) ==
        "topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator goldfish Medusa "
        "afflict bravado chatter revolver Dupont midsummer stopwatch whimsical cowbell bottomless");
  CHECK(pgp_words({}).empty());
}

TEST_CASE("The whole PGP word list has the digest of the published one") {
  const Workshop shop;
  const std::string both = list(false) + list(true);
  shop.put("list", as_bytes(std::string_view(both).substr(0, both.size() - 1)));
  // SHA-256 of the list as other programs carry it: 256 even words, 256 odd words, LF between.
  CHECK(as_text(shop.must("openssl dgst -sha256 -r list")).substr(0, 64) ==
        "e9b7b0052233a74aa56724ed3f79c272036aed68d8f4c0856e833c8043b9ac62");
}

TEST_CASE("The PGP word list is in alphabetical order but for Apollo") {
  const Workshop shop;
  shop.put("even", as_bytes(list(false)));
  shop.put("odd", as_bytes(list(true)));
  CHECK(shop.run("LC_ALL=C sort -c -f even").exit_code == 0);
  CHECK(shop.run("grep -v Apollo odd | LC_ALL=C sort -c -f").exit_code == 0);
}

TEST_CASE("No word of the PGP word list stands twice") {
  std::set<std::string> words;
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (const auto& word : pgp_words(Bytes(2, static_cast<std::uint8_t>(byte)))) {
      CHECK(words.insert(word).second);
    }
  }
  CHECK(words.size() == 512);
}

TEST_CASE("Two bytes that change places change their words") {
  const auto words = pgp_words(Bytes{0x00, 0xff});
  const auto swapped = pgp_words(Bytes{0xff, 0x00});
  CHECK(joined(words) == "aardvark Yucatan");
  CHECK(joined(swapped) == "Zulu adroitness");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
