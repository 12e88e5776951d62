// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Of a log that is read from one entry on, each later entry is shown to be signed, or none is.
#include "transcript/signed_from.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "transcript/layout.h"
#include "transcript/leaf.h"
#include "unit/transcript/log_place_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using transcript::Vouching;

struct Signed {
  LogPlaceScene site{};
  transcript::Signer signer{site.in_process()};
  transcript::TreeHead head{};

  Signed() {
    transcript::LogWriter writer{site.place, signer};
    for (int i = 0; i < 20; ++i) writer.append(kEntry);
    writer.append({{"act", "generate-kek"},
                   {"event", "intent"},
                   {"operator", "alice"},
                   {"run", kRun},
                   {"time", "2026-03-01T10:00:00Z"},
                   {"request", Json::object()},
                   {"keys", Json::array()},
                   {"outputs", Json::array()}},
                  Vouching::kByLogKey);
    writer.sign();
    head = writer.signed_head();
  }
  [[nodiscard]] std::vector<std::string> lines() const {
    std::istringstream text(site.log());
    std::vector<std::string> all;
    for (std::string line; std::getline(text, line);) all.push_back(line);
    return all;
  }
  void write(const std::vector<std::string>& lines) const {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    replace_file(site.path(transcript::kLogName), as_bytes(text));
  }
  // How many entries were read from that one on; nullopt where they are not shown to be signed.
  [[nodiscard]] std::optional<std::size_t> read_from(std::size_t seq,
                                                     const transcript::TreeHead& of) const {
    const auto log = site.path(transcript::kLogName);
    const auto from = transcript::find_entry(log, seq, transcript::leaf_text(lines().at(seq)));
    std::size_t count = 0;
    const bool proven =
        transcript::read_signed_from(site.place.folder, signer.key, from.value(), of,
                                     [&](std::uint64_t index, std::string_view line) {
                                       CHECK(line == lines().at(index));
                                       ++count;
                                     });
    if (!proven) return std::nullopt;
    return count;
  }
};

TEST_CASE("What follows an entry is shown to be signed, up to the head and from any entry on") {
  const Signed log;
  for (const std::size_t seq : {0U, 7U, 19U, 20U}) {
    CAPTURE(seq);
    CHECK(log.read_from(seq, log.head) == 21 - seq);
  }
  {
    transcript::LogWriter writer{log.site.place, log.signer};
    writer.append(kEntry);
  }
  // Read, and nothing is said of it.
  CHECK(log.read_from(7, log.head) == 15);
}

TEST_CASE("A head that is not the log's, and a log that is not the signed one, show nothing") {
  const Signed log;
  auto other = log.head;
  SUBCASE("another root") { other.root[0] ^= 1U; }
  SUBCASE("of fewer entries than the frontier's") { other.size = 20; }
  SUBCASE("of more entries than there are") { other.size = 22; }
  CHECK_FALSE(log.read_from(7, other));
}

TEST_CASE("An entry that was taken out, changed or put in is noticed") {
  const Signed log;
  auto lines = log.lines();
  SUBCASE("taken out") { lines.erase(lines.begin() + 10); }
  SUBCASE("changed") {
    auto& line = lines[10];
    line.replace(line.find("alice"), 5, "malik");
  }
  SUBCASE("put in") { lines.insert(lines.begin() + 10, lines[10]); }
  SUBCASE("another order") { std::swap(lines[10], lines[11]); }
  SUBCASE("no entry") { lines[10] = "what 0.1.0 signed"; }
  log.write(lines);
  CHECK_FALSE(log.read_from(7, log.head));
}

TEST_CASE("Without a frontier nothing is shown") {
  const Signed log;
  log.site.scene.shop().must("rm transcript/frontier");
  CHECK_FALSE(log.read_from(7, log.head));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
