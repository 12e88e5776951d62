// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The page of a certificate: names are escaped, nothing comes from elsewhere, colours can be read.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <regex>
#include <string>

#include "certificate/page.h"
#include "unit/certificate/destroyed_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

std::string page(DestroyedScene& scene, const certificate::GivenNames& names = {{}, {}}) {
  const auto verified = scene.verified(scene.file(scene.document(names)));
  return certificate::page_of(verified.document, verified.facts, verified.statement,
                              verified.sha256);
}

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

TEST_CASE("A name cannot become part of the page") {
  DestroyedScene scene;
  scene.shred();
  const std::string text =
      page(scene, {.tenant = "<script>alert(1)</script>\"'&{{origin}}",
                   .keys = {{kKeyId, "</style><img src=x onerror=alert(1)>"}}});
  CHECK(!has(text, "<script"));
  CHECK(!has(text, "<img"));
  CHECK(has(text, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&apos;&amp;"));
  CHECK(has(text, "{{origin}}"));
  // One style, one title, and no element that a name made.
  CHECK(text.find("</style>") == text.rfind("</style>"));
}

TEST_CASE("The page needs nothing from elsewhere and runs nothing") {
  DestroyedScene scene;
  scene.shred();
  const std::string text = page(scene);
  CHECK(has(text, "default-src 'none'; style-src 'sha256-"));
  CHECK(has(text, "<html lang=\"en\">"));
  for (const char* words : {"http:", "https:", "src=", "href=", "url(", "@import", "<script",
                            "onload", "unsafe-inline", "{{", "}}"}) {
    CAPTURE(words);
    CHECK(!has(text, words));
  }
}

TEST_CASE("The policy of the page has the SHA-256 of its style") {
  DestroyedScene scene;
  scene.shred();
  (void)scene.shop().put("page.html", as_bytes(page(scene)));
  scene.shop().must(
      "python3 -c \"import base64,hashlib,re; page=open('page.html',encoding='utf-8').read(); "
      "style=re.search('<style>(.*?)</style>',page,re.S)[1]; "
      "said=re.search('sha256-([^&]*?)(?:&|\\x27)',page)[1]; "
      "assert said==base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(), said\"");
}

TEST_CASE("Headings go down one step at a time, and the three parts have the same") {
  DestroyedScene scene;
  scene.shred();
  const std::string text = page(scene);
  int before = 0;
  const std::regex heading("<h([1-6])>");
  for (std::sregex_iterator at(text.begin(), text.end(), heading), end; at != end; ++at) {
    const int level = (*at)[1].str()[0] - '0';
    CHECK(level <= before + 1);
    before = level;
  }
  CHECK(std::count(text.begin(), text.end(), '\0') == 0);
  for (const char* part :
       {"What is proven, and how", "What is only declared", "What this does not prove"}) {
    CAPTURE(part);
    CHECK(has(text, std::string("<section>\n<h2>") + part + "</h2>"));
  }
}

TEST_CASE("An interim statement says so first, and what is pending before all else") {
  DestroyedScene scene;
  scene.add_key();
  scene.make_version();
  scene.condemn();
  scene.destroy("still-there");
  const std::string text = page(scene);
  CHECK(has(text, "<h1>Interim statement on key destruction</h1>"));
  CHECK(text.find("What is pending") < text.find("What is proven"));
  DestroyedScene done;
  done.shred();
  CHECK(has(page(done), "<h1>Certificate of key destruction</h1>"));
  CHECK(!has(page(done), "What is pending"));
}

double luminance(const std::string& hex) {
  const std::string full =
      hex.size() == 3 ? std::string{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]} : hex;
  const std::array<double, 3> weights{0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double part = std::stoi(full.substr(2 * i, 2), nullptr, 16) / 255.0;
    sum += weights.at(i) * (part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
  }
  return sum;
}

double contrast(const std::string& one, const std::string& other) {
  const double a = luminance(one);
  const double b = luminance(other);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

// WCAG 2.2, 1.4.3: 4.5 to 1 for text; in light, dark and print, which follow each other.
TEST_CASE("Text has enough contrast in light, in dark and in print") {
  DestroyedScene scene;
  scene.shred();
  const std::string text = page(scene);
  const std::regex colours(
      "--paper: #([0-9a-f]+); --ink: #([0-9a-f]+); --quiet: #([0-9a-f]+); --line: #[0-9a-f]+;\\s+"
      "--mark: #([0-9a-f]+); \\}\\s*(?:\\n\\s*)?\\.interim \\{ --mark: #([0-9a-f]+)|"
      "--paper: #([0-9a-f]+); --ink: #([0-9a-f]+); --quiet: #([0-9a-f]+); --line: #[0-9a-f]+; "
      "--mark: #([0-9a-f]+); \\}\\s+\\.interim \\{ --mark: #([0-9a-f]+)");
  int schemes = 0;
  for (std::sregex_iterator at(text.begin(), text.end(), colours), end; at != end; ++at) {
    const std::size_t first = (*at)[1].matched ? 1 : 6;
    for (std::size_t i = first + 1; i < first + 5; ++i) {
      CAPTURE((*at)[i].str());
      CHECK(contrast((*at)[first].str(), (*at)[i].str()) >= 4.5);
    }
    ++schemes;
  }
  CHECK(schemes == 3);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
