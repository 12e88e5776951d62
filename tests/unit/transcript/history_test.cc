#include "transcript/history.h"

#include <doctest/doctest.h>

#include "transcript/entry.h"
#include "transcript/leaf.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using transcript::History;

std::string line(const Json& content, std::uint64_t seq = 0) {
  return transcript::entry_bytes(content, {.seq = seq});
}

TEST_CASE("An intent is open until its result or its settling") {
  History history;
  history.take(0, line({{"act", "a"}, {"event", "intent"}, {"run", "01"}}));
  history.take(1, line({{"act", "a"}, {"event", "intent"}, {"run", "02"}}));
  history.take(2, line({{"act", "a"}, {"event", "intent"}, {"run", "03"}}));
  history.take(3, line({{"act", "a"}, {"event", "result"}, {"run", "02"}}));
  history.take(4, line({{"act", "b"}, {"event", "settled"}, {"run", "01"}}));
  const auto open = history.open_intents();
  REQUIRE(open.size() == 1);
  CHECK(open[0].run == "03");
  CHECK(open[0].index == 2);
  CHECK(parse_json(as_bytes(open[0].line), "line")["act"] == "a");
}

TEST_CASE("An act whose outcome is unknown is open until somebody has looked again") {
  History history;
  history.take(0, line({{"event", "intent"}, {"run", "01"}}));
  history.take(1, line({{"event", "result"}, {"outcome", "unknown"}, {"run", "01"}}));
  REQUIRE(history.open_intents().size() == 1);
  CHECK(history.open_intents()[0].run == "01");
  history.take(2, line({{"event", "settled"}, {"run", "01"}}));
  CHECK(history.open_intents().empty());
  for (const char* outcome : {"done", "failed"}) {
    history.take(3, line({{"event", "intent"}, {"run", "02"}}));
    history.take(4, line({{"event", "result"}, {"outcome", outcome}, {"run", "02"}}));
    CHECK(history.open_intents().empty());
  }
}

TEST_CASE("Open intents come in the order of the log") {
  History history;
  history.take(7, line({{"event", "intent"}, {"run", "ff"}}));
  history.take(9, line({{"event", "intent"}, {"run", "00"}}));
  const auto open = history.open_intents();
  REQUIRE(open.size() == 2);
  CHECK(open[0].index == 7);
  CHECK(open[1].index == 9);
}

TEST_CASE("A statement is used by the first entry that acted under it") {
  History history;
  const Json approval{{"statement_sha256", "abcd"}};
  history.take(4, line({{"event", "intent"}, {"run", "01"}, {"approval", approval}}));
  history.take(5, line({{"event", "intent"}, {"run", "02"}, {"approval", approval}}));
  history.take(6, line({{"event", "approval-requested"}, {"run", "03"}, {"statement", "ef01"}}));
  CHECK(history.use_of("abcd") == 4);
  CHECK_FALSE(history.use_of("ef01"));
}

std::string used_until(const char* not_after, const char* time) {
  Json entry{{"act", "a"},
             {"event", "intent"},
             {"run", "01"},
             {"time", time},
             {"approval", {{"statement_sha256", "abcd"}}}};
  if (*not_after != 0) entry["approval"]["not_after"] = not_after;
  return line(entry);
}

TEST_CASE("A used statement is remembered until the log's clock is past its end") {
  History history;
  const auto later = [&](const char* time) {
    history.take(9, line({{"act", "a"}, {"event", "refused"}, {"run", "09"}, {"time", time}}));
  };
  SUBCASE("of one end") {
    history.take(4, used_until("2026-03-01T18:00:00Z", "2026-03-01T10:00:00Z"));
    later("2026-03-01T18:00:00Z");
    CHECK(history.use_of("abcd") == 4);
    later("2026-03-01T18:00:01Z");
    CHECK_FALSE(history.use_of("abcd"));
  }
  SUBCASE("of the later one of two: nobody shortens it") {
    history.take(4, used_until("2026-03-01T11:00:00Z", "2026-03-01T10:00:00Z"));
    history.take(5, used_until("2026-03-01T18:00:00Z", "2026-03-01T10:00:00Z"));
    later("2026-03-01T12:00:00Z");
    CHECK(history.use_of("abcd") == 4);
  }
  SUBCASE("for ever where no entry names one, as before") {
    history.take(4, used_until("", "2026-03-01T10:00:00Z"));
    later("2036-03-01T12:00:00Z");
    CHECK(history.use_of("abcd") == 4);
  }
}

TEST_CASE("A history is read back from its text, and from no other form of it") {
  History history;
  const std::string open = line({{"act", "a"}, {"event", "intent"}, {"run", "02"}});
  history.take(0, line({{"act", "i"}, {"event", "opened"}, {"run", "00"}}));
  history.take(1, open);
  history.take(2, used_until("2026-03-01T18:00:00Z", "2026-03-01T10:00:00Z"));
  history.take(3, line({{"act", "a"}, {"event", "result"}, {"run", "01"}}));
  const std::string text = history.text({.entries = 4, .bytes = 1234});
  CHECK(text ==
        "keyrite history v1\nentries 4\nbytes 1234\nopened yes\nlatest 2026-03-01T10:00:00Z\n"
        "confirmed -\ndecided 0 " +
            std::string(64, '0') + "\nopen 1 " + transcript::leaf_text(open) +
            "\nused 2 2026-03-01T18:00:00Z abcd\n");
  const auto told = transcript::history_of(text, {open});
  REQUIRE(told);
  CHECK(told->next.entries == 4);
  CHECK(told->next.bytes == 1234);
  CHECK(told->history.open_intents().size() == 1);
  CHECK(told->history.use_of("abcd") == 2);
  CHECK_FALSE(transcript::history_of(text, {}));
  CHECK_FALSE(transcript::history_of(text, {line({{"act", "b"}})}));
  for (const auto& wrong : {std::string(), text + "\n", text + "used 3 - abce", text.substr(1),
                            text.substr(0, text.size() - 1), "keyrite history v2" + text.substr(18),
                            text + "open 1 " + transcript::leaf_text(open) + "\n"}) {
    CAPTURE(wrong);
    CHECK_FALSE(transcript::history_of(wrong, {open}));
  }
}

TEST_CASE("A text that looks like a field is none") {
  History history;
  history.take(0, line({{"event", "intent"}, {"run", "01"}}));
  history.take(1, line({{"event", "note"},
                        {"run", "02"},
                        {"text", "\",\"event\":\"result\",\"run\":\"01\",\"x\":\""},
                        {"more", R"("statement_sha256":"abcd")"}}));
  CHECK(history.open_intents().size() == 1);
  CHECK_FALSE(history.use_of("abcd"));
}

TEST_CASE("A field inside another one is nobody's: it opens, closes and uses nothing") {
  History history;
  history.take(0, line({{"act", "a"}, {"event", "intent"}, {"run", "01"}}));
  const Json nested{{"approval", {{"statement_sha256", "abcd"}}},
                    {"event", "result"},
                    {"run", "01"},
                    {"time", "2038-01-01T00:00:00Z"}};
  for (const char* name : {"aaa", "facts", "zzz"}) {
    history.take(1, line({{"act", "b"}, {"event", "truncated"}, {name, nested}}));
    history.take(2, line({{"act", "b"}, {name, Json::array({nested, "\"}", nested})}}));
  }
  // An intent closes although its result tells of another run and event first.
  history.take(3, line({{"act", "a"}, {"event", "intent"}, {"run", "02"}}));
  history.take(4, line({{"act", "a"}, {"error", nested}, {"event", "result"}, {"run", "02"}}));
  const auto open = history.open_intents();
  REQUIRE(open.size() == 1);
  CHECK(open[0].run == "01");
  CHECK_FALSE(history.use_of("abcd"));
  CHECK_FALSE(history.clock().latest());
}

TEST_CASE("What is no entry says nothing, and ends nothing") {
  History history;
  const std::string good = line({{"event", "intent"}, {"run", "01"}});
  for (const std::string& junk :
       {std::string("x"), std::string("{"), std::string("{}"), std::string("[]"),
        std::string("{\"event\":\"intent\",\"run\":\"02"), good.substr(0, good.size() - 1),
        good + "}", std::string("{\"a\":[[}"), std::string("{\"a\":\"\\"), std::string("{\"a\"}"),
        std::string("{\"event\":\"intent\",\"run\":\"\xff\"}"),
        std::string("{\"event\":5,\"run\":{}}"), std::string("\0\xff{", 3)}) {
    history.take(0, junk);
  }
  CHECK(history.open_intents().empty());
  history.take(1, good);
  CHECK(history.open_intents().size() == 1);
}

std::string at(const char* time, const char* event = "refused", bool vouched = true) {
  Json entry{{"act", "a"}, {"event", event}, {"run", "01"}, {"time", time}};
  if (vouched) entry["vouched"] = true;
  std::string text = line(entry);
  const auto field = text.find("\"vouched\"");
  if (field != std::string::npos) text.replace(field, 9, "\"vouch\"");
  return text;
}

TEST_CASE("A log's clock is its latest time, until an officer confirms another") {
  History history;
  CHECK_FALSE(history.clock().latest());
  history.take(0, at("2026-11-27T12:00:00Z"));
  history.take(1, at("2026-11-27T11:00:00Z"));
  history.take(2, at("no time"));
  history.take(3, at("2026-02-30T12:00:00Z"));
  const auto noon = transcript::entry_time("2026-11-27T12:00:00Z");
  CHECK(noon);
  CHECK(history.clock().latest() == noon);
  CHECK_FALSE(history.clock().confirmed_at());
  history.take(4, at("2038-01-01T00:00:00Z"));
  history.take(5, at("2026-11-27T12:00:00Z", "clock-confirmed"));
  CHECK(history.clock().latest() == noon);
  CHECK(history.clock().confirmed_at() == 5);
}

TEST_CASE(
    "What nobody vouches for moves no clock, but in the log of a version that did not vouch") {
  History history;
  history.take(0, at("2026-11-27T12:00:00Z", "refused", false));
  CHECK(history.clock().latest() == transcript::entry_time("2026-11-27T12:00:00Z"));
  history.take(1, at("2026-11-27T13:00:00Z"));
  history.take(2, at("2038-01-01T00:00:00Z", "refused", false));
  history.take(3, at("2026-11-27T11:00:00Z", "clock-confirmed", false));
  CHECK(history.clock().latest() == transcript::entry_time("2026-11-27T13:00:00Z"));
  CHECK_FALSE(history.clock().confirmed_at());
}

TEST_CASE("The time of an entry is one that there is, in one form") {
  CHECK(transcript::entry_time("2024-02-29T23:59:59Z") ==
        std::chrono::sys_days(std::chrono::year(2024) / 2 / 29) + std::chrono::seconds(86399));
  for (const char* wrong : {"", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
                            "2026-00-01T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z",
                            "2026-01-01T00:00:60Z", "2026-01-01T00:00:00+", "2026-01-01 00:00:00Z",
                            "2026-01-01T00:00:00.0Z", "-026-01-01T00:00:00Z"}) {
    CAPTURE(wrong);
    CHECK_FALSE(transcript::entry_time(wrong));
  }
}

TEST_CASE("Of an act at the token a claim ends nothing, of an act on files it does") {
  History history;
  history.take(0, line({{"act", "generate-kek"}, {"event", "intent"}, {"run", "01"}}));
  history.take(1, line({{"act", "verify-import"}, {"event", "intent"}, {"run", "02"}}));
  const Json used{{"statement_sha256", "abcd"}};
  using transcript::Worth;
  history.take(2, line({{"event", "result"}, {"run", "01"}, {"approval", used}}), Worth::kClaim);
  history.take(3, line({{"event", "result"}, {"run", "02"}, {"approval", used}}), Worth::kClaim);
  const auto open = history.open_intents();
  REQUIRE(open.size() == 1);
  CHECK(open[0].act == "generate-kek");
  CHECK_FALSE(history.use_of("abcd"));
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
