// When an act is judged by the log's clock: by what entries say of themselves and the log's key
// vouches for, and by no time that stands somewhere in a line.
#include <doctest/doctest.h>

#include <string>

#include "audit/statement_uses.h"
#include "base/canonical_json.h"
#include "base/clock.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const std::string kStatement(64, 'a');

Json entry_of(const std::string& event, const std::string& time, const Json& more) {
  Json entry{{"act", "wrap-for-import"}, {"event", event}, {"run", "r"}, {"time", time}};
  entry.update(more);
  return entry;
}

// The clock's time by which an intent of 10:00 is judged behind these entries.
std::string latest_behind(const std::vector<Json>& before) {
  audit::StatementUses uses;
  std::uint64_t index = 0;
  for (const Json& entry : before) uses.take(index++, canonical_json(entry));
  uses.take(index, canonical_json(entry_of(
                       "intent", "2026-03-01T10:00:00Z",
                       {{"approval", {{"statement_sha256", kStatement}}}, {"vouch", "AAAA"}})));
  REQUIRE(uses.all().count(kStatement) == 1);
  return format_rfc3339(uses.all().at(kStatement).front().at);
}

TEST_CASE("An entry that is vouched for moves the clock by which approvals are judged") {
  CHECK(latest_behind({entry_of("result", "2026-03-01T10:04:00Z", {{"vouch", "AAAA"}})}) ==
        "2026-03-01T10:04:00Z");
}

TEST_CASE("A time inside of a part of an entry is not the entry's") {
  const Json nested{{"act", "x"}, {"time", "2099-01-01T00:00:00Z"}};
  CHECK(latest_behind({entry_of("result", "2026-03-01T09:00:00Z",
                                {{"vouch", "AAAA"}, {"zone", nested}})}) == "2026-03-01T10:00:00Z");
}

TEST_CASE("An event inside of a part of an entry confirms no clock") {
  const Json nested{{"event", "clock-confirmed"}};
  CHECK(latest_behind({entry_of("result", "2026-03-01T10:04:00Z", {{"vouch", "AAAA"}}),
                       entry_of("result", "2026-03-01T09:00:00Z",
                                {{"vouch", "AAAA"}, {"detail", nested}})}) ==
        "2026-03-01T10:04:00Z");
}

TEST_CASE("What nobody vouches for does not move the clock by which approvals are judged") {
  CHECK(latest_behind({entry_of("result", "2026-03-01T09:00:00Z", {{"vouch", "AAAA"}}),
                       entry_of("result", "2099-01-01T00:00:00Z", Json::object())}) ==
        "2026-03-01T10:00:00Z");
}

TEST_CASE("An intent under a statement whose time cannot be read is refused, not passed over") {
  const auto refused = [](const std::string& line) {
    audit::StatementUses uses;
    const auto failure = failure_of([&] { uses.take(7, line); });
    if (failure.code != "no error") {
      CHECK(failure.kind == Kind::kVerification);
      CHECK(failure.message.find("entry 7") != std::string::npos);
    }
    return failure.code;
  };
  const Json approval{{"approval", {{"statement_sha256", kStatement}}}, {"vouch", "AAAA"}};
  const auto intent = [&](const Json& time) {
    Json entry = entry_of("intent", "", approval);
    entry["time"] = time;
    return canonical_json(entry);
  };
  CHECK(refused(intent("2026-03-01T10:00:00Z")) == "no error");
  CHECK(refused(intent("yesterday")) == "entry-field-wrong");
  CHECK(refused(intent("")) == "entry-field-wrong");
  CHECK(refused(intent(5)) == "entry-field-wrong");
  Json without = entry_of("intent", "", approval);
  without.erase("time");
  CHECK(refused(canonical_json(without)) == "entry-field-wrong");
  // Two readers would read two of them.
  std::string twice = intent("2026-03-01T10:00:00Z");
  twice.insert(1, R"("event":"intent",)");
  CHECK(refused(twice) == "entry-invalid");
  // Neither acted under a statement.
  CHECK(refused(canonical_json(entry_of("result", "yesterday", approval))) == "no error");
  CHECK(refused("junk with \"statement_sha256\" in it") == "no error");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
