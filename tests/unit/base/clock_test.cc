#include "base/clock.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "support/command.h"
#include "unit/base/refusal.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using std::chrono::microseconds;
using std::chrono::seconds;

std::int64_t micros(std::string_view text) {
  return parse_rfc3339(text, "ParametersValidTo").time_since_epoch().count();
}

Refusal refusal(std::string_view text) {
  return refusal_of([&] { static_cast<void>(parse_rfc3339(text, "ParametersValidTo")); });
}

Refusal epoch_refusal(double value) {
  return refusal_of([&] { static_cast<void>(from_epoch_seconds(value, "exp")); });
}

TimePoint at(std::int64_t second) { return TimePoint(seconds(second)); }

TEST_CASE("RFC 3339 times mean what Python says they mean") {
  const std::vector<std::string> texts{
      "1970-01-01T00:00:00Z",          "2026-02-13T17:39:25Z",
      "2026-02-13T17:39:25+00:00",     "2026-02-13T17:39:25-00:00",
      "2026-02-13T19:39:25+02:00",     "2026-02-13T12:09:25-05:30",
      "2026-02-13T17:39:25.5Z",        "2026-02-13T17:39:25.000001Z",
      "2026-02-13T17:39:25.999999Z",   "2020-06-04T17:46:45.680000-07:00",
      "2024-02-29T23:59:59Z",          "2000-02-29T00:00:00+23:59",
      "2026-12-31T23:59:59.123-23:59", "1969-12-31T23:59:59.25Z",
      "1900-01-01T00:00:00Z",          "0001-01-01T00:00:00Z",
      "9999-12-31T23:59:59.999999Z",
  };
  const Workshop shop;
  std::string lines;
  for (const auto& text : texts) lines += text + "\n";
  shop.put("times", as_bytes(lines));
  shop.put("script.py", as_bytes("from datetime import datetime, timedelta, timezone\n"
                                 "start = datetime(1970, 1, 1, tzinfo=timezone.utc)\n"
                                 "for line in open('times'):\n"
                                 "    when = datetime.fromisoformat(line.strip())\n"
                                 "    print((when - start) // timedelta(microseconds=1))\n"));
  std::string ours;
  for (const auto& text : texts) ours += std::to_string(micros(text)) + "\n";
  CHECK(ours == as_text(shop.must("python3 script.py")));
}

TEST_CASE("Up to nine digits of fraction are read and cut to microseconds") {
  const std::int64_t whole = micros("2026-02-13T17:39:25Z");
  CHECK(micros("2026-02-13T17:39:25.1Z") == whole + 100000);
  CHECK(micros("2026-02-13T17:39:25.123456789Z") == whole + 123456);
  CHECK(micros("2026-02-13T17:39:25.999999999Z") == whole + 999999);
  CHECK(micros("2026-02-13T17:39:25.000000001Z") == whole);
  CHECK(refusal("2026-02-13T17:39:25.1234567890Z") == config("not-a-time"));
  CHECK(refusal("2026-02-13T17:39:25.Z") == config("not-a-time"));
  CHECK(refusal("2026-02-13T17:39:25,5Z") == config("not-a-time"));
}

TEST_CASE("Lower-case letters and a space between date and time are RFC 3339 too") {
  const std::int64_t whole = micros("2026-02-13T17:39:25Z");
  CHECK(micros("2026-02-13t17:39:25z") == whole);
  CHECK(micros("2026-02-13 17:39:25Z") == whole);
}

TEST_CASE("A leap second is the first second after it") {
  CHECK(micros("2016-12-31T23:59:60Z") == micros("2017-01-01T00:00:00Z"));
  CHECK(micros("1990-12-31T15:59:60-08:00") == micros("1991-01-01T00:00:00Z"));
  CHECK(micros("1990-12-31T15:59:60.5-08:00") == micros("1991-01-01T00:00:00.5Z"));
  CHECK(refusal("2016-12-31T23:59:61Z") == config("not-a-time"));
}

TEST_CASE("A leap second in the middle of a day is refused") {
  for (const std::string_view text : {"2016-12-31T12:30:60Z", "2016-12-31T23:58:60Z",
                                      "2016-12-31T22:59:60Z", "2016-12-31T23:59:60+01:00"}) {
    CAPTURE(text);
    CHECK(refusal(text) == config("not-a-time"));
  }
}

TEST_CASE("Times that an offset moves to years nobody can write are refused") {
  for (const std::string_view text : {"9999-12-31T23:59:59-00:01", "9999-12-31T23:59:60Z",
                                      "9999-12-31T01:00:00-23:00", "0000-01-01T00:00:00+00:01"}) {
    CAPTURE(text);
    CHECK(refusal(text) == config("not-a-time"));
  }
  CHECK(format_rfc3339(parse_rfc3339("9999-12-31T23:58:59-00:01", "f")) == "9999-12-31T23:59:59Z");
  CHECK(format_rfc3339(parse_rfc3339("0000-01-01T00:01:00+00:01", "f")) == "0000-01-01T00:00:00Z");
}

TEST_CASE("What is no RFC 3339 time is refused") {
  for (const std::string_view text : {"",
                                      "now",
                                      "2026-02-13",
                                      "2026-02-13T17:39:25",
                                      "2026-02-13T17:39Z",
                                      "20260213T173925Z",
                                      "2026-2-13T17:39:25Z",
                                      "26-02-13T17:39:25Z",
                                      "+2026-02-13T17:39:25Z",
                                      "12026-02-13T17:39:25Z",
                                      "2026/02/13T17:39:25Z",
                                      "2026-02-13_17:39:25Z",
                                      "2026-02-13T17:39:25 Z",
                                      "2026-02-13T17:39:25ZZ",
                                      "2026-02-13T17:39:25Z\n",
                                      " 2026-02-13T17:39:25Z",
                                      "2026-02-13T17:39:25+0200",
                                      "2026-02-13T17:39:25+02",
                                      "2026-02-13T17:39:25+2:00",
                                      "2026-02-13T17:39:25UTC",
                                      "2026-02-13T-1:39:25Z",
                                      "2026-02-13T17:39:2 Z",
                                      "1593893322.32",
                                      "2026-W07-5T17:39:25Z"}) {
    CAPTURE(text);
    CHECK(refusal(text) == config("not-a-time"));
  }
}

TEST_CASE("Days and hours that no calendar has are refused") {
  for (const std::string_view text :
       {"2026-00-13T17:39:25Z", "2026-13-13T17:39:25Z", "2026-02-00T17:39:25Z",
        "2026-02-29T17:39:25Z", "2100-02-29T17:39:25Z", "2026-02-30T17:39:25Z",
        "2026-04-31T17:39:25Z", "2026-01-32T17:39:25Z", "2026-02-13T24:00:00Z",
        "2026-02-13T17:60:25Z", "2026-02-13T17:39:99Z", "2026-02-13T17:39:25+24:00",
        "2026-02-13T17:39:25+00:60", "2026-02-13T17:39:25-99:99"}) {
    CAPTURE(text);
    CHECK(refusal(text) == config("not-a-time"));
  }
}

TEST_CASE("The refusal of a time names the field and shows the text escaped") {
  const Refusal found = refusal("\x1b[2J");
  CHECK(found.message == "ParametersValidTo: \"\\x1b[2J\" is not a time");
  CHECK(found.hint.find("2026-02-13T17:39:25Z") != std::string::npos);
}

TEST_CASE("Times are written as date writes them and read back") {
  const Workshop shop;
  for (const std::int64_t second :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1771004365}, std::int64_t{951782400},
        std::int64_t{4107542399}, std::int64_t{-2208988800}, std::int64_t{253402300799}}) {
    const std::string text = format_rfc3339(at(second));
    CHECK(text + "\n" ==
          as_text(shop.must("date -u -d @" + std::to_string(second) + " +%Y-%m-%dT%H:%M:%SZ")));
    CHECK(parse_rfc3339(text, "field") == at(second));
  }
}

TEST_CASE("Fractions are cut and never rounded up when a time is written") {
  CHECK(format_rfc3339(at(1771004365) + microseconds(999999)) == "2026-02-13T17:39:25Z");
  CHECK(format_rfc3339(at(0) - microseconds(1)) == "1969-12-31T23:59:59Z");
  CHECK(format_rfc3339(parse_rfc3339("0000-01-01T00:00:00Z", "field")) == "0000-01-01T00:00:00Z");
}

TEST_CASE("Seconds since 1970 are read with their fraction") {
  CHECK(from_epoch_seconds(0, "exp") == at(0));
  CHECK(from_epoch_seconds(1593893322.32, "exp") == at(1593893322) + microseconds(320000));
  CHECK(from_epoch_seconds(1593893322.000001, "exp") == at(1593893322) + microseconds(1));
  CHECK(from_epoch_seconds(0.000001, "exp") == at(0) + microseconds(1));
  CHECK(from_epoch_seconds(-0.0, "exp") == at(0));
  CHECK(format_rfc3339(from_epoch_seconds(253402300799.0, "exp")) == "9999-12-31T23:59:59Z");
}

TEST_CASE("Seconds before 1970 or after the year 9999 or that are no number are refused") {
  using Limits = std::numeric_limits<double>;
  for (const double value : {-1.0, -0.001, 253402300800.0, 1593893322320.0, 1e300, Limits::max(),
                             Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN()}) {
    CAPTURE(value);
    CHECK(epoch_refusal(value) == config("not-a-time"));
  }
  CHECK(epoch_refusal(-1.0).message.rfind("exp: ", 0) == 0);
}

TEST_CASE("Durations are told in their two largest units") {
  CHECK(format_duration(seconds(0)) == "0 s");
  CHECK(format_duration(seconds(41)) == "41 s");
  CHECK(format_duration(seconds(59)) == "59 s");
  CHECK(format_duration(seconds(60)) == "1 min 0 s");
  CHECK(format_duration(seconds(3599)) == "59 min 59 s");
  CHECK(format_duration(seconds(3600)) == "1 h 0 min");
  CHECK(format_duration(seconds(3 * 3600 + 12 * 60 + 59)) == "3 h 12 min");
  CHECK(format_duration(seconds(86399)) == "23 h 59 min");
  CHECK(format_duration(seconds(86400)) == "1 d 0 h");
  CHECK(format_duration(seconds(2 * 86400 + 4 * 3600)) == "2 d 4 h");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
