#include "transcript/verify.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "transcript/entry.h"
#include "transcript/history.h"
#include "unit/base/refusal.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The first entry whose text is another, in a log that was written as a whole.
void change(std::string& line) { line.replace(line.find("kek"), 3, "KEK"); }

TEST_CASE("A log that its key signed verifies, and what came after the checkpoint is counted") {
  LogScene scene(7);
  scene.write(scene.checkpoint(5));
  const auto verified = transcript::verify(scene.request());
  CHECK(verified.checkpoint.head == head_of(scene.lines(), 5));
  CHECK(verified.signatures.verified == std::vector<std::string>{scene.ed25519().text()});
  CHECK(verified.unsigned_entries == 2);
  CHECK(verified.torn_bytes == 0);
  scene.shop().must("printf '{\"act\":' >> log.jsonl");
  CHECK(transcript::verify(scene.request()).torn_bytes == 7);
}

TEST_CASE("Who waits is told how many of the signed entries are read, up to all of them") {
  LogScene scene(2600);
  scene.write(scene.checkpoint(2500));
  auto request = scene.request();
  std::vector<std::uint64_t> counts;
  request.progress = [&](std::uint64_t done, std::uint64_t total) {
    CHECK(total == 2500);
    counts.push_back(done);
  };
  (void)transcript::verify(request);
  CHECK(counts.size() >= 3);
  CHECK(std::is_sorted(counts.begin(), counts.end()));
  CHECK(counts.back() == 2500);
}

TEST_CASE("An empty log is a log") {
  LogScene scene(0);
  scene.write(scene.checkpoint(0));
  CHECK(scene.outcome() == "");
}

TEST_CASE("python3 and openssl find what was written as valid as keyrite does") {
  LogScene scene(11);
  const std::string checkpoint = scene.checkpoint(11);
  scene.write(checkpoint);
  scene.shop().put("root.py", as_bytes(R"(
import base64, hashlib
H = lambda b: hashlib.sha256(b).digest()
level = [H(b'\0' + l) for l in open('log.jsonl', 'rb').read()[:-1].split(b'\n')]
while len(level) > 1:
    above = [H(b'\1' + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
    level = above + ([level[-1]] if len(level) % 2 else [])
text, lines = open('checkpoint', 'rb').read().rsplit(b'\n\n', 1)
assert base64.b64decode(text.split(b'\n')[2]) == level[0]
open('text', 'wb').write(text + b'\n')
open('signature', 'wb').write(base64.b64decode(lines.split(b' ')[2])[4:])
)"));
  scene.shop().must("python3 root.py");
  scene.shop().must(
      "openssl pkeyutl -verify -rawin -pubin -inkey ed25519.der -keyform DER -in text "
      "-sigfile signature");
  CHECK(scene.outcome() == "");
}

TEST_CASE("A changed entry is named by the one that was written after it") {
  LogScene scene(9);
  const std::string checkpoint = scene.checkpoint(9);
  change(scene.lines()[3]);
  scene.write(checkpoint);
  std::string message;
  CHECK(scene.outcome(&message) == "log-changed");
  CHECK(contains(message, "entry 3 is not the entry that entry 4 names"));
}

TEST_CASE("The last signed entry has no witness but the root, and the text says so") {
  LogScene scene(9);
  const std::string checkpoint = scene.checkpoint(9);
  change(scene.lines()[8]);
  scene.write(checkpoint);
  std::string message;
  CHECK(scene.outcome(&message) == "log-changed");
  CHECK(contains(message, "rewrote entry 8, or all entries from an earlier one on"));
}

TEST_CASE("Lines that were removed, swapped, doubled or added are found with their place") {
  LogScene scene(9);
  const std::string checkpoint = scene.checkpoint(9);
  auto& lines = scene.lines();
  const auto third = lines.begin() + 3;
  std::string place;
  SUBCASE("removed in the middle, with another put at the end") {
    lines.erase(third);
    lines.push_back("{}");
    place = "line 3 of the log is entry 4";
  }
  SUBCASE("swapped") {
    std::swap(lines[3], lines[4]);
    place = "line 3 of the log is entry 4";
  }
  SUBCASE("doubled") {
    lines.insert(third, lines[3]);
    place = "line 4 of the log is entry 3";
  }
  SUBCASE("no JSON") {
    lines[3] = "nothing";
    place = "entry 3";
  }
  scene.write(checkpoint);
  std::string message;
  CHECK(scene.outcome(&message) == "log-changed");
  CAPTURE(message);
  CHECK(contains(message, place));
}

TEST_CASE("Entries missing at the end, empty and endless lines each have their own error") {
  LogScene scene(9);
  const std::string checkpoint = scene.checkpoint(9);
  std::string message;
  SUBCASE("missing") {
    scene.lines().resize(6);
    scene.write(checkpoint);
    CHECK(scene.outcome(&message) == "log-truncated");
    CHECK(contains(message, "entries 6 to 8 are missing"));
  }
  SUBCASE("empty") {
    scene.lines()[2].clear();
    scene.write(checkpoint);
    CHECK(scene.outcome(&message) == "entry-empty");
    CHECK(contains(message, "entry 2"));
  }
  SUBCASE("endless") {
    scene.lines()[2] = std::string(65'536, 'x');
    scene.write(checkpoint);
    CHECK(scene.outcome(&message) == "entry-too-large");
    CHECK(contains(message, "entry 2"));
  }
}

TEST_CASE("A log set back to an earlier signed size is found by a checkpoint from another hand") {
  LogScene scene(9);
  scene.shop().put("earlier", as_bytes(scene.checkpoint(8)));
  scene.lines().resize(6);
  scene.write(scene.checkpoint(6));
  auto request = scene.request();
  CHECK(scene.outcome(request) == "");
  request.from = scene.shop().folder() / "earlier";
  CHECK(scene.outcome(request) == "log-shrunk");
}

TEST_CASE("A second history, well signed, is found by a checkpoint from another hand") {
  LogScene scene(9);
  scene.shop().put("earlier", as_bytes(scene.checkpoint(5)));
  auto request = scene.request();
  request.from = scene.shop().folder() / "earlier";
  scene.write(scene.checkpoint(9));
  CHECK(scene.outcome(request) == "");
  scene.lines() = chained(9, "shred");
  scene.write(scene.checkpoint(9));
  CHECK(scene.outcome() == "");
  CHECK(scene.outcome(request) == "log-forked");
}

TEST_CASE("A signed checkpoint of no entries with a root that no empty log has names no entry") {
  LogScene scene(3);
  scene.write(scene.signed_by(
      scene.ed25519(),
      transcript::Checkpoint{.origin = kOrigin,
                             .head = {.size = 0, .root = head_of(scene.lines(), 1).root}}
          .text()));
  std::string message;
  CHECK(scene.outcome(&message) == "log-changed");
  CHECK(contains(message, "signs an empty log"));
  CHECK_FALSE(contains(message, "18446744073709551615"));
}

TEST_CASE(
    "A log of many blocks is read in order, and has its roots within a block and at its end") {
  // A block has 1,024 entries, or fewer where they are long.
  LogScene scene(2 * 1024 + 7);
  bool has_long_entries = false;
  SUBCASE("of short entries") {}
  SUBCASE("some of them long") {
    has_long_entries = true;
    for (std::size_t i = 1030; i < 1070; ++i) scene.lines()[i] = std::string(65'000, 'x');
  }
  for (const std::size_t size : std::vector<std::size_t>{1023, 1024, 1025, 2048, 2050, 2055}) {
    CAPTURE(size);
    scene.shop().put("earlier", as_bytes(scene.checkpoint(size - 1)));
    scene.write(scene.checkpoint(size));
    auto request = scene.request();
    request.from = scene.shop().folder() / "earlier";
    std::size_t next = 0;
    const auto verified = transcript::verify(request, [&](const transcript::SignedEntry& entry) {
      REQUIRE(entry.index == next);
      REQUIRE(entry.line == scene.lines()[next]);
      REQUIRE(entry.head.has_value() == (entry.line.front() == '{'));
      ++next;
    });
    CHECK(next == size);
    CHECK(verified.unsigned_entries == scene.lines().size() - size);
    CHECK(has_long_entries == (scene.lines()[1030].size() == 65'000));
  }
  const std::string checkpoint = scene.checkpoint(2055);
  scene.lines()[1500] += " ";
  scene.write(checkpoint);
  CHECK(scene.outcome() == "log-changed");
}

TEST_CASE("What is wrong with an entry is told before what is wrong with a later one") {
  LogScene scene(3000);
  scene.lines()[2900].clear();
  scene.write(scene.checkpoint(3000));
  std::size_t read = 0;
  const auto reading = [&](std::size_t refused) {
    read = 0;
    return refusal_of([&] {
             (void)transcript::verify(scene.request(), [&](const transcript::SignedEntry& entry) {
               if (entry.index == refused)
                 throw Error(Kind::kVerification, "first", "the reader refuses it");
               ++read;
             });
           })
        .code;
  };
  CHECK(reading(2899) == "first");
  CHECK(read == 2899);
  CHECK(reading(3000) == "entry-empty");
  CHECK(read == 2900);
  CHECK(reading(5) == "first");
}

TEST_CASE(
    "An entry that is vouched for and tells another history is found in a log that is signed") {
  LogScene scene(0);
  transcript::Hasher hasher;
  transcript::History history;
  transcript::LogStart start;
  std::optional<transcript::Hash> prev;
  std::optional<std::size_t> wrong;
  SUBCASE("each has its own") {}
  SUBCASE("one has that of another entry") { wrong = 4; }
  for (std::size_t i = 0; i < 9; ++i) {
    const transcript::LogStart of{.entries = wrong == i ? i - 1 : i, .bytes = start.bytes};
    const Json content{
        {"act", "a"}, {"event", i % 2 == 0 ? "intent" : "result"}, {"run", std::to_string(i / 2)}};
    scene.lines().push_back(transcript::entry_bytes(
        content, {.seq = i, .prev = prev, .history_sha256 = history.sha256(of)},
        [](std::string_view) { return std::string("AAAA"); }));
    prev = hasher.leaf(as_bytes(scene.lines().back()));
    history.take(i, scene.lines().back());
    start.bytes += scene.lines().back().size() + 1;
  }
  scene.write(scene.checkpoint(9));
  std::string message;
  CHECK(scene.outcome(&message) == (wrong ? "entry-history-wrong" : ""));
  CHECK(contains(message, wrong ? "entry 4" : ""));
}

TEST_CASE("The checkpoint of another log, or signed by another key, is not one of this log") {
  LogScene scene(3);
  const LogScene other(3);
  scene.write(other.checkpoint(3));
  CHECK(scene.outcome() == "note-unsigned");
  scene.write(scene.signed_by(
      scene.ed25519(),
      transcript::Checkpoint{.origin = "another.example/site", .head = head_of(scene.lines(), 3)}
          .text()));
  CHECK(scene.outcome() == "checkpoint-of-other-log");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
