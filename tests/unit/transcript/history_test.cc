#include "transcript/history.h"

#include <doctest/doctest.h>

#include "transcript/entry.h"

namespace keyrite::test {
namespace {

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

TEST_CASE("The newest time of a log is that of its last entry that has one") {
  History history;
  CHECK(history.last_time().empty());
  history.take(0, line({{"event", "x"}, {"time", "2026-11-27T12:00:00Z"}}));
  history.take(1, line({{"event", "x"}}));
  CHECK(history.last_time() == "2026-11-27T12:00:00Z");
}

}  // namespace
}  // namespace keyrite::test
