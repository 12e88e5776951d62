// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The printed script: it has each part that a script needs, says what is typed and compared, needs
// nothing from elsewhere, and reads as it did before.
#include "ceremony/script_page.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>

#include "ceremony/file.h"
#include "unit/ceremony/pages.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace ceremony;

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

std::size_t count(const std::string& text, const std::string& words) {
  std::size_t found = 0;
  for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++found;
  return found;
}

TEST_CASE("The script of each shipped ceremony reads as it did") {
  const Workshop shop;
  for (const auto& path : shipped_ceremonies()) {
    const auto page = script_page(ceremony_file(path.native()).ceremony, fixed_options());
    check_golden(path.stem().native() + ".txt", text_of_page(shop, page));
  }
}

TEST_CASE("A script with every kind of step reads as it did, with forms and known inputs") {
  const Workshop shop;
  auto options = fixed_options(Paper::kLetter);
  options.mode = Mode::kRehearsal;
  options.inputs = {{"label", "acme <v3>"}};
  options.custodian_forms = true;
  options.custodians = {"Ada Byron", "Grace Hopper"};
  check_golden("every-step.txt", text_of_page(shop, script_page(every_step(), options)));
}

TEST_CASE("The script has each part that auditors look for") {
  const std::string page = script_page(every_step(), fixed_options());
  for (const char* heading :
       {"The file", "Held", "Terms and roles", "People present", "Materials and preconditions",
        "Steps", "If the ceremony is aborted", "Values to copy", "Exception sheet 1",
        "Exception sheet 2", "Exception sheet 3", "Afterwards", "Signatures",
        "Fingerprint of the transcript"}) {
    CAPTURE(heading);
    CHECK(has(page, std::string("\">") + heading + "</h2>"));
  }
  CHECK(has(page, "<h3 id=\"independent\">Independent witness</h3>"));
  CHECK(!has(page, "Acknowledgement of a custodian"));
  // A line for each person of each role, in three tables and on each exception sheet.
  CHECK(count(page, ">security-officer</th>") == 2 * 2 + 1);
  auto ceremony = every_step();
  ceremony.people.independent_witness = false;
  CHECK(!has(script_page(ceremony, fixed_options()), "Independent witness"));
}

TEST_CASE("What cannot be undone is said by a word, and a mode is on each part") {
  const std::string page = script_page(every_step(), fixed_options());
  CHECK(has(page, "<strong>CANNOT BE UNDONE:</strong> a key is made in the token"));
  CHECK(count(page, "<p class=\"running\"><strong>LIVE</strong>") >= 12);
  CHECK(!has(page, "REHEARSAL"));
  auto options = fixed_options();
  options.mode = Mode::kRehearsal;
  const std::string rehearsed = script_page(every_step(), options);
  CHECK(!has(rehearsed, "LIVE"));
  CHECK(has(rehearsed, "@top-left { content: \"REHEARSAL\" }"));
  CHECK(has(rehearsed, "This is a rehearsal."));
}

TEST_CASE("The page names its paper, and nothing else differs between the two") {
  std::string a4 = script_page(every_step(), fixed_options(Paper::kA4));
  const std::string letter = script_page(every_step(), fixed_options(Paper::kLetter));
  CHECK(has(a4, "@page { size: A4;"));
  CHECK(has(a4, "@page wide { size: A4 landscape; }"));
  CHECK(has(letter, "@page { size: letter;"));
  CHECK(a4.substr(a4.find("<body")) == letter.substr(letter.find("<body")));
}

TEST_CASE("A name cannot become part of the script, or of its style") {
  auto ceremony = every_step();
  ceremony.title = "</style><script>alert(1)</script>\"; } {{sha256}}";
  ceremony.steps[0].text = "<img src=x>\xe2\x80\xae";
  ceremony.roles[0].name = "<b>";
  auto options = fixed_options();
  options.inputs = {{"label", "{{{style}}}<i>"}};
  const std::string page = script_page(ceremony, options);
  for (const char* words : {"<script", "<img", "<b>", "<i>", "alert(1)</s"}) {
    CAPTURE(words);
    CHECK(!has(page, words));
  }
  CHECK(has(page, "{{{style}}}&lt;i&gt;"));
  CHECK(has(page, "\\00003c\\00002fstyle\\00003e"));
  CHECK(page.find("</style>") == page.rfind("</style>"));
}

TEST_CASE("The script needs nothing from elsewhere and runs nothing") {
  const std::string page = script_page(every_step(), fixed_options());
  CHECK(has(page, "default-src 'none'; style-src 'sha256-"));
  CHECK(has(page, "<html lang=\"en\">"));
  for (const char* words : {"http:", "https:", "src=", "href=", "url(", "@import", "<script",
                            "onload", "unsafe-inline", " style="}) {
    CAPTURE(words);
    CHECK(!has(page, words));
  }
}

TEST_CASE("The policy has the SHA-256 of the style, and ids and headings are in order") {
  const Workshop shop;
  (void)shop.put("page.html", as_bytes(script_page(every_step(), fixed_options())));
  shop.must(
      "python3 -c \"import base64,hashlib,re; page=open('page.html',encoding='utf-8').read(); "
      "style=re.search('<style>(.*?)</style>',page,re.S)[1]; "
      "said=re.search('sha256-([^&]*?)(?:&|\\x27)',page)[1]; "
      "assert said==base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(), said; "
      "ids=re.findall(' id=\\x22([^\\x22]*)',page); assert len(ids)==len(set(ids)), ids; "
      "named=re.findall('aria-labelledby=\\x22([^\\x22]*)',page); assert set(named)<=set(ids); "
      "levels=[int(l) for l in re.findall('<h([1-6])',page)]; "
      "assert levels[0]==1 and all(b<=a+1 for a,b in zip(levels,levels[1:])), levels\"");
}

TEST_CASE("The QR code on the cover is the SHA-256 of the file") {
  const Workshop shop;
  const auto ceremony = every_step();
  const std::string page = script_page(ceremony, fixed_options());
  auto svg = page.substr(page.find("<svg"), page.find("</svg>") + 6 - page.find("<svg"));
  svg.insert(4, " xmlns=\"http://www.w3.org/2000/svg\"");
  (void)shop.put("qr.svg", as_bytes(svg));
  (void)shop.put("qr.py", as_bytes(std::string(R"py(
import re
svg = open("qr.svg").read()
side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
dark = [[255] * side for _ in range(side)]
for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg):
    for i in range(int(width)):
        dark[int(y)][int(x) + i] = 0
scale = 4
with open("qr.pgm", "w") as file:
    print("P2", side * scale, side * scale, 255, file=file)
    for row in dark:
        for _ in range(scale):
            print(*[value for value in row for _ in range(scale)], file=file)
)py")));
  shop.must("python3 qr.py");
  CHECK(as_text(shop.must("zbarimg -q --raw qr.pgm")) == ceremony.sha256 + "\n");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
