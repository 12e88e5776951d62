#include "transcript/marks.h"

#include <doctest/doctest.h>

#include <string>

#include "base/json.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using transcript::EntryMarks;
using transcript::EntryRange;

std::string entry(const char* event, const char* time, const Json& more = Json::object()) {
  Json json{{"act", "a"}, {"event", event}, {"run", "01"}, {"time", time}};
  json.update(more);
  return json.dump();
}

Json marker(std::uint64_t first, std::uint64_t last) {
  return {{"first", first}, {"last", last}, {"vouch", "AAAA"}};
}

TEST_CASE("What a vouched entry calls unvouched is marked, and nothing else") {
  EntryMarks marks;
  const char* noon = "2026-11-27T12:00:00Z";
  marks.take(9, entry("unvouched", noon, marker(7, 8)));
  marks.take(10, entry("unvouched", noon, marker(2, 4)));
  // Without a vouch, of entries that come later, the wrong way round, or with other words.
  marks.take(11, entry("unvouched", noon, {{"first", 0}, {"last", 10}}));
  marks.take(12, entry("unvouched", noon, marker(5, 12)));
  marks.take(13, entry("unvouched", noon, marker(6, 5)));
  marks.take(14, entry("unvouched", noon, {{"first", "0"}, {"last", 9}, {"vouch", "AAAA"}}));
  marks.take(15, entry("result", noon, {{"facts", marker(0, 9)}, {"vouch", "AAAA"}}));
  marks.take(16, "x");
  CHECK(marks.unvouched() ==
        std::vector<EntryRange>{{.first = 2, .last = 4}, {.first = 7, .last = 8}});
  for (std::uint64_t index = 0; index < 17; ++index) {
    CAPTURE(index);
    const bool named = (index >= 2 && index <= 4) || index == 7 || index == 8;
    CHECK(marks.is_unvouched(index) == named);
  }
  CHECK(marks.set_back().empty());
}

TEST_CASE("A time that is before an earlier one is told, unless an officer confirmed the clock") {
  EntryMarks marks;
  const Json vouched{{"vouch", "AAAA"}};
  marks.take(0, entry("intent", "2026-11-27T12:00:00Z", vouched));
  marks.take(1, entry("result", "2026-11-27T11:56:00Z", vouched));
  marks.take(2, entry("intent", "2026-11-27T11:00:00Z", vouched));
  marks.take(3, entry("result", "2026-11-27T12:00:01Z", vouched));
  marks.take(4, entry("clock-confirmed", "2026-11-26T12:00:00Z", vouched));
  marks.take(5, entry("intent", "2026-11-26T12:00:01Z", vouched));
  CHECK(marks.set_back() == std::vector<std::uint64_t>{2});
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
