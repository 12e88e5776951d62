// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Days of a report.
#include "report/period.h"

#include <doctest/doctest.h>

#include "registry/scene.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using report::a_month_after;
using report::day_of;
using report::parse_day;
using report::period_of;

TEST_CASE("Both days are of the period, and the next moment is not") {
  const auto period = period_of("2027-01-01", "2027-03-31");
  REQUIRE(period);
  CHECK(day_of(period->from) == "2027-01-01");
  CHECK(day_of(period->to) == "2027-04-01");
  CHECK(period->has(period->from));
  CHECK(period->has(period->to - std::chrono::milliseconds(1)));
  CHECK_FALSE(period->has(period->to));
  CHECK_FALSE(period_of(std::nullopt, std::nullopt));
  CHECK(period_of("2027-01-01", "2027-01-01"));
}

TEST_CASE("What is not a day, and a period that makes no sense, are refused") {
  for (const char* text : {"", "2027-13-01", "2027-02-30", "27-01-01", "2027-01-01T00:00:00Z",
                           "yesterday", "2027/01/01"}) {
    CAPTURE(text);
    CHECK(refusal_of([&] { (void)parse_day(text, "--from"); }) == usage("report-day"));
  }
  CHECK(refusal_of([] { (void)period_of("2027-01-01", std::nullopt); }) == usage("report-period"));
  CHECK(refusal_of([] { (void)period_of(std::nullopt, "2027-01-01"); }) == usage("report-period"));
  CHECK(refusal_of([] { (void)period_of("2027-01-02", "2027-01-01"); }) == usage("report-period"));
  CHECK(refusal_of([] { (void)period_of("2017-01-01", "2027-12-31"); }) == usage("report-period"));
}

TEST_CASE("A month after a day that the next month does not have is its last day") {
  CHECK(day_of(a_month_after(parse_day("2027-01-31", "x"))) == "2027-02-28");
  CHECK(day_of(a_month_after(parse_day("2028-01-31", "x"))) == "2028-02-29");
  CHECK(day_of(a_month_after(parse_day("2027-12-15", "x"))) == "2028-01-15");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
