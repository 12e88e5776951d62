// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The minutes as a page: all that they have, what is erased, and no name that becomes HTML.
#include "ceremony/minutes_page.h"

#include <doctest/doctest.h>

#include "unit/ceremony/pages.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace ceremony;

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

TEST_CASE("Minutes that have everything read as they did") {
  const Workshop shop;
  check_golden("minutes.txt", text_of_page(shop, minutes_page(full_minutes(), Paper::kA4)));
}

TEST_CASE("Minutes of nothing are a page too") {
  const Workshop shop;
  const auto text = text_of_page(shop, minutes_page({.title = "Nothing"}, Paper::kA4));
  CHECK(has(text, "Not finished."));
  CHECK(has(text, "Nobody checked in."));
  CHECK(has(text, "None was entered."));
  CHECK(!has(text, "Independent witness"));
}

TEST_CASE("How it ended, and what became of each step, in words") {
  Minutes minutes{.ended = Ended::kCompleted};
  CHECK(ended_words(minutes) == "Completed.");
  minutes.deviations.resize(1);
  CHECK(ended_words(minutes) == "Completed, with 1 deviation.");
  minutes.deviations.resize(2);
  minutes.ended = Ended::kAborted;
  CHECK(ended_words(minutes) == "Aborted, with 2 deviations.");
  CHECK(happened_words({.happened = Happened::kDone}) == "done");
  CHECK(happened_words({.happened = Happened::kDoneAfterFailure, .failures = 1}) ==
        "failed once, tried again, and done");
  CHECK(happened_words({.happened = Happened::kDoneAfterFailure, .failures = 3}) ==
        "failed 3 times, tried again, and done");
  CHECK(happened_words({.happened = Happened::kReplaced}) ==
        "failed, and its alternative was done");
  CHECK(happened_words({.happened = Happened::kFailed}) == "failed, and the ceremony ended");
  CHECK(happened_words({.happened = Happened::kNotChosen}) == "not done: not chosen");
  CHECK(happened_words({.happened = Happened::kNotRehearsed}) == "not rehearsed");
  CHECK(happened_words({.happened = Happened::kUnknown}) ==
        "unknown: begun, and no entry says how it ended");
  CHECK(happened_words({.happened = Happened::kNotReached}) == "not reached");
}

TEST_CASE("Only a whole ceremony without a difference is said to be in order") {
  const Workshop shop;
  const std::string order = "The steps were done in the order of the file.";
  auto minutes = full_minutes();
  CHECK(!has(text_of_page(shop, minutes_page(minutes, Paper::kA4)), order));
  minutes.differences.clear();
  CHECK(!has(text_of_page(shop, minutes_page(minutes, Paper::kA4)), order));
  minutes.ended = Ended::kCompleted;
  CHECK(has(text_of_page(shop, minutes_page(minutes, Paper::kA4)), order));
  minutes.differences = {"Step 4 was done before step 3."};
  CHECK(!has(text_of_page(shop, minutes_page(minutes, Paper::kA4)), order));
}

TEST_CASE("What was typed cannot become part of the minutes") {
  auto minutes = full_minutes();
  minutes.steps[0].answer = "<script>alert(1)</script>{{sha256}}";
  minutes.deviations[0].text = "<img src=x>";
  minutes.people[0].name = "\x1b[2Jolga<b>";
  const auto page = minutes_page(minutes, Paper::kLetter);
  for (const char* words : {"<script", "<img", "<b>", "\x1b", "http:", "href=", " style="}) {
    CAPTURE(words);
    CHECK(!has(page, words));
  }
  CHECK(has(page, "{{sha256}}"));
  CHECK(has(page, "@page { size: letter;"));
}

TEST_CASE("The fingerprint is there in fours and in words, and as a QR code that fits on paper") {
  const auto page = minutes_page(full_minutes(), Paper::kA4);
  CHECK(has(page, "<code>0000 0001</code>"));
  CHECK(has(page, "<td class=\"words\">aardvark adroitness aardvark adviser</td>"));
  CHECK(has(page, "aria-label=\"QR code of the signed checkpoint\""));
  auto minutes = full_minutes();
  minutes.fingerprint.checkpoint = std::string(3000, 'a');
  CHECK(has(minutes_page(minutes, Paper::kA4), "aria-label=\"QR code of the root\""));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
