// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// An entry is found by its number and believed by its leaf hash, whatever else the file says.
#include "transcript/entry_search.h"

#include <doctest/doctest.h>

#include <numeric>
#include <string>
#include <vector>

#include "support/command.h"
#include "transcript/leaf.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct Log {
  Workshop shop{};
  std::vector<std::string> lines{chained(3000, "generate-kek")};
  std::string path{shop.folder() / "log.jsonl"};

  Log() { write(); }
  void write() const {
    const auto whole = std::accumulate(
        lines.begin(), lines.end(), std::string(),
        [](std::string text, const std::string& line) { return std::move(text) + line + "\n"; });
    shop.put("log.jsonl", as_bytes(whole));
  }
  [[nodiscard]] std::optional<transcript::FoundEntry> find(std::size_t seq) const {
    return transcript::find_entry(path, seq, transcript::leaf_text(lines.at(seq)));
  }
};

TEST_CASE("Each entry of a long log is found where it begins") {
  Log log;
  // As long as an entry can be, among short ones.
  log.lines[1234].insert(1, "\"a\":\"" + std::string(65'000, 'x') + "\",");
  log.write();
  std::uint64_t start = 0;
  for (std::size_t i = 0; i < log.lines.size(); ++i) {
    const auto found = log.find(i);
    REQUIRE(found);
    CHECK(found->start.entries == i);
    CHECK(found->start.bytes == start);
    CHECK(found->line == log.lines[i]);
    start += log.lines[i].size() + 1;
  }
}

TEST_CASE("Another line under the number is not the entry, and a lying file has none") {
  Log log;
  const auto leaf = transcript::leaf_text(log.lines[1500]);
  CHECK(transcript::find_entry(log.path, 1500, leaf));
  CHECK_FALSE(transcript::find_entry(log.path, 1500, std::string(64, '0')));
  CHECK_FALSE(transcript::find_entry(log.path, 1501, leaf));
  CHECK_FALSE(transcript::find_entry(log.path, 3000, leaf));
  CHECK_FALSE(transcript::find_entry(log.path + ".none", 0, leaf));
  SUBCASE("it has lines that are no entries") {
    for (std::size_t i = 0; i < log.lines.size(); i += 2) log.lines[i] = "what 0.1.0 signed";
    log.write();
    CHECK_FALSE(transcript::find_entry(log.path, 1501, transcript::leaf_text(log.lines[1501])));
  }
  SUBCASE("its lines have no numbers of their own") {
    for (auto& line : log.lines) line = R"({"seq":-1})";
    log.write();
    CHECK_FALSE(transcript::find_entry(log.path, 1500, transcript::leaf_text(log.lines[1500])));
  }
  SUBCASE("its lines are in another order") {
    std::swap(log.lines[1500], log.lines[10]);
    log.write();
    CHECK_FALSE(transcript::find_entry(log.path, 1500, leaf));
  }
}

TEST_CASE("The line before an entry is looked for among the nearest alone") {
  Log log;
  const auto named = [&](std::size_t seq) {
    return [&log, seq](std::string_view line) { return line == log.lines[seq]; };
  };
  const auto from = log.find(2900).value().start;
  CHECK(transcript::find_before(log.path, from, named(2899)) == log.lines[2899]);
  CHECK(transcript::find_before(log.path, from, named(2500)) == log.lines[2500]);
  CHECK_FALSE(transcript::find_before(log.path, from, named(2900)));
  CHECK_FALSE(transcript::find_before(log.path, from, named(100)));
  const auto early = log.find(5).value().start;
  CHECK(transcript::find_before(log.path, early, named(0)) == log.lines[0]);
  CHECK_FALSE(transcript::find_before(log.path, {}, named(0)));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
