// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The page of a report: names are escaped, nothing comes from elsewhere, colours can be read.
#include "report/page.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <regex>
#include <string>

#include "unit/report/told_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

report::Report full_report(ToldScene& at) {
  at.tell_made(1000);
  at.tell_version(1, "pre-activation", 1000, "generate-kek");
  at.tell_version(1, "active", 1001);
  at.tell("dek-unwrap", 1005, {{"opened", 3}});
  auto report = at.report_of(1000, 1400);
  report.framework =
      report::evidence_for(*report::find_framework("csf2"), {}, {at_day(1000), at_day(1400)});
  report.log.origin = "keyrite.example/hsm1";
  report.log.checkpoint = "keyrite.example/hsm1\n3\nroot\n";
  return report;
}

TEST_CASE("A name cannot become part of the page") {
  ToldScene at;
  auto report = full_report(at);
  const std::string evil = "<script>alert(1)</script>\"'&{{origin}}\u202e";
  for (auto& one : report.versions) one.whose.key = evil;
  for (auto& one : report.keys) one.whose.key = evil;
  for (auto& one : report.rotations) one.whose.tenant = evil;
  report.wrong.push_back(evil);
  report.log.checkpoint += evil;
  const std::string page = report::page_of(report);
  CHECK_FALSE(has(page, "<script"));
  CHECK(has(page, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;"));
  CHECK(has(page, "{{origin}}"));
  CHECK_FALSE(has(page, "\u202e"));
  CHECK(page.find("</style>") == page.rfind("</style>"));
}

TEST_CASE("The report needs nothing from elsewhere and runs nothing") {
  ToldScene at;
  const std::string page = report::page_of(full_report(at));
  CHECK(has(page, "default-src 'none'; style-src 'sha256-"));
  CHECK(has(page, "<html lang=\"en\">"));
  for (const char* words : {"http:", "https:", "src=", "href=", "url(", "@import", "<script",
                            "onload", "style=", "unsafe-inline", "{{", "}}"}) {
    CAPTURE(words);
    CHECK_FALSE(has(page, words));
  }
  CHECK(std::ranges::count(page, '\0') == 0);
}

TEST_CASE("The policy of the report has the SHA-256 of its style") {
  ToldScene at;
  (void)at.shop.put("page.html", as_bytes(report::page_of(full_report(at))));
  at.shop.must(
      "python3 -c \"import base64,hashlib,re; page=open('page.html',encoding='utf-8').read(); "
      "style=re.search('<style>(.*?)</style>',page,re.S)[1]; "
      "said=re.search('sha256-([^&]*?)(?:&|\\x27)',page)[1]; "
      "assert said==base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(), said\"");
}

TEST_CASE("What does not agree comes before all else, and is in the headline") {
  ToldScene at;
  auto report = full_report(at);
  report.wrong = {"version 1 is another"};
  const std::string page = report::page_of(report);
  CHECK(has(page, "<body class=\"interim\">"));
  CHECK(page.find("What does not agree") < page.find("All keys at both ends"));
  CHECK(page.find("Registry and log do not agree: 1 difference") < page.find("<main>"));
  report.wrong.clear();
  CHECK_FALSE(has(report::page_of(report), "do not agree"));
}

TEST_CASE("An overdue rotation is said in words, and every picture has its numbers in a table") {
  ToldScene at;
  const std::string page = report::page_of(full_report(at));
  CHECK(has(page, "OVERDUE since 1973-09-28"));
  CHECK(has(page, "no rotation was begun"));
  CHECK(has(page, "role=\"img\" aria-label=\"Age against cryptoperiod\""));
  CHECK(has(page, "role=\"img\" aria-label=\"Unwraps per day\""));
  CHECK(has(page, "<caption>Unwraps per day</caption>"));
  CHECK(has(page, "unverified"));
}

double light(const std::string& hex) {
  const std::array<double, 3> weights{0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double part = std::stoi(hex.substr(2 * i, 2), nullptr, 16) / 255.0;
    sum += weights.at(i) * (part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4));
  }
  return sum;
}

double between(const std::string& one, const std::string& other) {
  const double a = light(one);
  const double b = light(other);
  return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

// WCAG 2.2, 1.4.3 and 1.4.11: in light, in dark, and on paper.
TEST_CASE("The colours of a report have enough contrast") {
  ToldScene at;
  const std::string page = report::page_of(full_report(at));
  const std::regex colours("--good: #([0-9a-f]{6}); --alarm: #([0-9a-f]{6})");
  const std::array<std::string, 3> papers{"fdfdfb", "14171b", "ffffff"};
  std::size_t schemes = 0;
  for (std::sregex_iterator one(page.begin(), page.end(), colours), end; one != end; ++one) {
    REQUIRE(schemes < papers.size());
    CHECK(between((*one)[1].str(), papers.at(schemes)) >= 4.5);
    CHECK(between((*one)[2].str(), papers.at(schemes)) >= 4.5);
    ++schemes;
  }
  CHECK(schemes == 3);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
