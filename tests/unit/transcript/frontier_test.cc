// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The next writer of a log begins where the last one ended, and believes nothing about what it does
// not read but what the log's key signed.
#include "transcript/internal/frontier.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/canonical_json.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "transcript/known_start.h"
#include "transcript/layout.h"
#include "unit/transcript/log_place_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;
using transcript::LogWriter;
using transcript::Vouching;

const std::string kStatement(64, 'd');
constexpr const char* kOpenRun = "0000000000000000000000000000000f";

Json of_act(const char* event, const char* run, const Json& more) {
  Json entry{{"act", "generate-kek"},
             {"event", event},
             {"operator", "alice"},
             {"run", run},
             {"time", "2026-03-01T10:00:00Z"}};
  entry.update(more);
  return entry;
}

Json intent(const char* run) {
  return of_act("intent", run,
                {{"request", Json::object()}, {"keys", Json::array()}, {"outputs", Json::array()}});
}

Json result(const char* run) { return of_act("result", run, {{"outcome", "done"}}); }

// A log in which an act is open and a statement is used, as a writer left it that signed it all.
struct Left {
  LogPlaceScene site{};
  transcript::Signer signer{site.in_process()};

  Left() {
    LogWriter writer = open();
    Json approved = intent(kRun);
    approved["approval"] = {{"statement_sha256", kStatement},
                            {"not_after", "2026-03-02T10:00:00Z"}};
    writer.append(kEntry);
    writer.append(intent(kOpenRun), Vouching::kByLogKey);
    writer.append(approved, Vouching::kByLogKey);
    writer.append(result(kRun), Vouching::kByLogKey);
    writer.sign();
  }
  [[nodiscard]] LogWriter open() const { return {site.place, signer}; }
  void act(const char* run) const {
    LogWriter writer = open();
    writer.append(intent(run), Vouching::kByLogKey);
    writer.append(result(run), Vouching::kByLogKey);
    writer.sign();
  }
  [[nodiscard]] std::string path() const { return site.path(transcript::kFrontierName); }
  [[nodiscard]] Json frontier() const { return parse_json(read_file(path()), "frontier"); }
  // As somebody writes it who may write the folder: for the log's file as it is now.
  void put(Json frontier) const {
    const auto stamp = transcript::stamp_of(site.path("log.jsonl"));
    REQUIRE(stamp);
    frontier["log"] = {{"bytes", stamp->bytes},
                       {"changed", stamp->changed},
                       {"inode", std::to_string(stamp->inode)}};
    site.scene.shop().must("sleep 0.02");
    replace_file(path(), as_bytes(canonical_json(frontier)));
  }
  void edit(const std::function<void(Json&)>& change) const {
    Json json = frontier();
    change(json);
    put(json);
  }
  [[nodiscard]] std::string line_at(std::size_t index) const {
    const std::string log = site.log();
    std::string_view rest = log;
    while (index-- != 0) rest.remove_prefix(rest.find('\n') + 1);
    return std::string(rest.substr(0, rest.find('\n')));
  }
  // One byte of what is signed, in place.
  void change_first_entry() const {
    site.scene.shop().must(
        "printf K | dd of=transcript/log.jsonl bs=1 seek=20 conv=notrunc status=none");
  }
  [[nodiscard]] bool is_believed() const {
    return transcript::believed_frontier(site.place.folder, signer.key).has_value();
  }
  [[nodiscard]] std::string refusal() const {
    return refusal_of([&] { (void)open(); }).code;
  }
};

void check_history(const LogWriter& writer) {
  REQUIRE(writer.history().open_intents().size() == 1);
  CHECK(writer.history().open_intents().front().run == kOpenRun);
  CHECK(writer.history().open_intents().front().index == 1);
  CHECK(writer.history().use_of(kStatement) == 2);
  CHECK(writer.history().clock().latest() == transcript::entry_time("2026-03-01T10:00:00Z"));
}

TEST_CASE("What a writer leaves tells the next one what the whole log does") {
  const Left left;
  CHECK(left.is_believed());
  const auto start = transcript::known_start(left.site.place.folder, left.signer.key);
  CHECK(start.entries == 3);
  CHECK(start.bytes == left.site.log().rfind("\n", left.site.log().size() - 2) + 1);
  transcript::TreeHead head;
  {
    const LogWriter writer = left.open();
    check_history(writer);
    head = writer.head();
    CHECK(writer.last_leaf());
    CHECK(writer.root_at(4) == head.root);
    CHECK(writer.known_start().entries == 3);
  }
  fs::remove(left.path());
  {
    const LogWriter writer = left.open();
    check_history(writer);
    CHECK(writer.head() == head);
    CHECK(writer.root_at(2) == head_of({left.line_at(0), left.line_at(1)}, 2).root);
  }
  // Who read it all leaves it again.
  CHECK(left.is_believed());
}

TEST_CASE("Writers that begin at the frontier continue one log, which verifies") {
  const Left left;
  for (const char* run : {"00000000000000000000000000000002", "00000000000000000000000000000003",
                          "00000000000000000000000000000004"}) {
    CHECK(left.is_believed());
    left.act(run);
  }
  const auto verified = left.site.verified();
  CHECK(verified.checkpoint.head.size == 10);
  CHECK(verified.unsigned_entries == 0);
}

TEST_CASE("What follows the frontier is read: an unsigned entry, and a longer checkpoint") {
  const Left left;
  { left.open().append(intent("00000000000000000000000000000002"), Vouching::kByLogKey); }
  CHECK(left.is_believed());
  CHECK(left.open().history().open_intents().size() == 2);
  const Json older = left.frontier();
  left.act("00000000000000000000000000000003");
  left.put(older);
  CHECK(left.is_believed());
  const LogWriter writer = left.open();
  CHECK(writer.head().size == 7);
  CHECK(writer.signed_head() == writer.head());
  CHECK(writer.history().open_intents().size() == 2);
}

TEST_CASE(
    "An act does not see that what is signed changed, if the file says it did not, verify does") {
  const Left left;
  left.change_first_entry();
  SUBCASE("the log's file changed after it was left") {
    CHECK_FALSE(left.is_believed());
    CHECK(left.refusal() == "log-changed");
  }
  SUBCASE("somebody wrote into the frontier that it is this file") {
    left.put(left.frontier());
    CHECK(left.is_believed());
    check_history(left.open());
  }
  CHECK(refusal_of([&] { (void)left.site.verified(); }) ==
        Refusal{Kind::kVerification, "log-changed", "", ""});
}

void check_not_believed(const Left& left) {
  CHECK_FALSE(left.is_believed());
  check_history(left.open());
  // Who read the whole log left a good one.
  CHECK(left.is_believed());
  left.change_first_entry();
  CHECK(left.refusal() == "log-changed");
}

TEST_CASE("A frontier with another history is not believed, and the log is read") {
  const Left left;
  SUBCASE("its history leaves out the open act") {
    left.edit([](Json& json) {
      auto text = json["history"].get<std::string>();
      const auto at = text.find("open 1 ");
      json["history"] = text.erase(at, text.find('\n', at) + 1 - at);
      json["open"] = Json::array();
    });
  }
  SUBCASE("its history leaves out the used statement") {
    left.edit([](Json& json) {
      auto text = json["history"].get<std::string>();
      json["history"] = text.erase(text.find("used "));
    });
  }
  SUBCASE("its history has an earlier time") {
    left.edit([](Json& json) {
      auto text = json["history"].get<std::string>();
      json["history"] = text.replace(text.find("2026"), 4, "2025");
    });
  }
  SUBCASE("its open act is another line") {
    left.edit([&](Json& json) { json["open"] = Json::array({left.line_at(2)}); });
  }
  SUBCASE("it lacks the line of the open act") {
    left.edit([](Json& json) { json["open"] = Json::array(); });
  }
  check_not_believed(left);
}

TEST_CASE("A frontier with another line or proof is not believed, and the log is read") {
  const Left left;
  SUBCASE("its line is not the last one") {
    left.edit([&](Json& json) { json["line"] = left.line_at(2); });
  }
  SUBCASE("its line is one that the log's key does not vouch for") {
    left.edit([&](Json& json) {
      Json line = parse_json(as_bytes(json["line"].get<std::string>()), "line");
      line.erase("vouch");
      json["line"] = canonical_json(line);
    });
  }
  SUBCASE("its path leads elsewhere") {
    left.edit([](Json& json) {
      auto proof = json["proof"].get<std::string>();
      const auto hash = proof.find('\n', proof.find("index")) + 1;
      proof[hash] = proof[hash] == 'A' ? 'B' : 'A';
      json["proof"] = proof;
    });
  }
  SUBCASE("its path is longer") {
    left.edit([](Json& json) {
      auto proof = json["proof"].get<std::string>();
      const auto hash = proof.find('\n', proof.find("index")) + 1;
      json["proof"] = proof.insert(hash, proof.substr(hash, proof.find('\n', hash) + 1 - hash));
    });
  }
  SUBCASE("its checkpoint is signed over another size") {
    left.edit([](Json& json) {
      auto proof = json["proof"].get<std::string>();
      json["proof"] = proof.replace(proof.find("\n4\n"), 3, "\n5\n");
    });
  }
  check_not_believed(left);
}

TEST_CASE("A frontier of another form, or in the hands of others, is not believed") {
  const Left left;
  SUBCASE("its version is a later one") {
    left.edit([](Json& json) { json["version"] = transcript::kFrontierVersion + 1; });
  }
  SUBCASE("it has a field more") {
    left.edit([](Json& json) { json["more"] = 1; });
  }
  SUBCASE("it is cut off") {
    const std::string text = as_text(read_file(left.path()));
    replace_file(left.path(), as_bytes(text.substr(0, text.size() / 2)));
  }
  SUBCASE("it is empty") { replace_file(left.path(), ByteView()); }
  SUBCASE("it is a link to a good one") {
    fs::rename(left.path(), left.site.path("elsewhere"));
    fs::create_symlink("elsewhere", left.path());
  }
  SUBCASE("others may write it") { REQUIRE(::chmod(left.path().c_str(), 0620) == 0); }
  SUBCASE("everybody may write it") { REQUIRE(::chmod(left.path().c_str(), 0602) == 0); }
  SUBCASE("the log's file is a copy") {
    left.site.scene.shop().must("cp -p transcript/log.jsonl copy && mv copy transcript/log.jsonl");
  }
  check_not_believed(left);
}

TEST_CASE("The frontier of another log, or of one that is longer, is not believed") {
  const Left left;
  SUBCASE("of another site") {
    const Left other;
    other.act("00000000000000000000000000000002");
    left.put(other.frontier());
  }
  SUBCASE("of this log before it was put back, with its checkpoints") {
    const auto log = read_file(left.site.path("log.jsonl"));
    const auto checkpoint = read_file(left.site.path("checkpoint"));
    left.act("00000000000000000000000000000002");
    const Json newer = left.frontier();
    replace_file(left.site.path("log.jsonl"), log);
    replace_file(left.site.path("checkpoint"), checkpoint);
    replace_file(left.site.place.last_signed, checkpoint);
    left.put(newer);
  }
  CHECK_FALSE(left.is_believed());
  check_history(left.open());
}

TEST_CASE("A frontier that is newer than a checkpoint is not begun at") {
  const Left left;
  const auto checkpoint = read_file(left.site.path("checkpoint"));
  left.act("00000000000000000000000000000002");
  replace_file(left.site.path("checkpoint"), checkpoint);
  CHECK(left.is_believed());
  const LogWriter writer = left.open();
  CHECK(writer.recovery().checkpoint_restored);
  CHECK(writer.head().size == 6);
}

TEST_CASE("A log is still set back, and still changed, where a frontier is there") {
  const Left left;
  const auto log = read_file(left.site.path("log.jsonl"));
  left.act("00000000000000000000000000000002");
  replace_file(left.site.path("log.jsonl"), log);
  CHECK(left.refusal() == "log-set-back");
}

TEST_CASE("An unsigned entry that tells another history is not gone on behind") {
  const Left left;
  const std::string log = left.site.log();
  const auto add = [&](const Json& content, const std::string& history, bool vouched) {
    transcript::Hasher hasher;
    const auto last = log.substr(log.rfind('\n', log.size() - 2) + 1);
    const auto vouch = [&](std::string_view bare) {
      const Bytes signature =
          left.signer.sign(transcript::vouch_text(left.signer.key.name(), bare));
      return to_base64(signature);
    };
    const auto line =
        transcript::entry_bytes(content,
                                {.seq = 4,
                                 .prev = hasher.leaf(as_bytes(last.substr(0, last.size() - 1))),
                                 .history_sha256 = history},
                                vouched ? transcript::Voucher(vouch) : transcript::Voucher());
    replace_file(left.site.path("log.jsonl"), as_bytes(log + line + "\n"));
  };
  const char* code = "";
  SUBCASE("although the log's key vouches for it") {
    add(intent("00000000000000000000000000000002"), std::string(64, 'e'), true);
    code = "entry-history-wrong";
  }
  SUBCASE("as anybody may write it") {
    add(of_act("refused", "00000000000000000000000000000002", {{"error", Json::object()}}),
        std::string(64, 'e'), false);
    code = "entry-field-wrong";
  }
  CHECK(left.refusal() == code);
  CHECK(left.site.log().starts_with(log));
}

Json decision(const char* run) {
  Json entry = result(run);
  entry["decides"] = true;
  return entry;
}

// What a reader is given: the last entries without a gap, and what it got before them.
struct Known {
  std::vector<std::pair<std::uint64_t, std::string>> entries{};
  std::uint64_t rest{0};
  bool proven{false};
};
Known known_of(const Left& left) {
  Known known;
  auto& all = known.entries;
  known.proven = transcript::read_decisions(
      left.site.place.folder, left.signer.key,
      [&](std::uint64_t index, std::string_view line) { all.emplace_back(index, line); });
  std::size_t first = all.size() - 1;
  while (first > 0 && all[first - 1].first + 1 == all[first].first) --first;
  known.rest = all[first].first;
  all.resize(first);
  return known;
}

TEST_CASE("The results that decide are found without the rest of the log, or all of it is read") {
  const Left left;
  const auto known = [&] { return known_of(left); };
  CHECK(known().entries.empty());
  CHECK(known().rest == 3);
  CHECK(known().proven);
  for (const char* run : {"00000000000000000000000000000002", "00000000000000000000000000000003"}) {
    LogWriter writer = left.open();
    writer.append(intent(run), Vouching::kByLogKey);
    writer.append(decision(run));
    writer.append(intent("00000000000000000000000000000004"), Vouching::kByLogKey);
    writer.append(result("00000000000000000000000000000004"), Vouching::kByLogKey);
    writer.sign();
  }
  const std::string list = left.site.path(transcript::kDecidedName);
  const auto found = known();
  REQUIRE(found.entries.size() == 2);
  CHECK(found.entries[0] == std::pair<std::uint64_t, std::string>{5, left.line_at(5)});
  CHECK(found.entries[1] == std::pair<std::uint64_t, std::string>{9, left.line_at(9)});
  CHECK(found.rest == 11);
  SUBCASE("while a writer is at work") {
    LogWriter writer = left.open();
    writer.append(intent("00000000000000000000000000000005"), Vouching::kByLogKey);
    CHECK(known().rest == 11);
    CHECK(known().entries.size() == 2);
    return;
  }
  SUBCASE("the list leaves one out") {
    const std::string text = as_text(read_file(list));
    replace_file(list, as_bytes(text.substr(0, text.find('\n') + 1)));
  }
  SUBCASE("the list names another entry") {
    std::string text = as_text(read_file(list));
    replace_file(list, as_bytes(text.replace(text.find(' ') + 1, 1, "0")));
  }
  SUBCASE("there is no list") { fs::remove(list); }
  SUBCASE("there is no frontier") { fs::remove(left.path()); }
  CHECK(known().entries.empty());
  CHECK(known().rest == 0);
  // Who reads the whole log makes the list again.
  fs::remove(left.path());
  { const LogWriter writer = left.open(); }
  CHECK(known().entries == found.entries);
  CHECK(known().rest == 11);
  CHECK(known().proven);
  const auto at = std::to_string(left.site.log().find("\"decides\"") + 1);
  left.site.scene.shop().must(
      "printf D | dd of=transcript/log.jsonl bs=1 conv=notrunc status=none seek=" + at);
  CHECK(known().entries.empty());
  CHECK_FALSE(known().proven);
}

TEST_CASE("A log whose last entry nobody vouches for leaves nothing to begin at") {
  const LogPlaceScene site;
  {
    LogWriter writer(site.place, site.in_process());
    writer.append(kEntry);
    writer.sign();
  }
  CHECK_FALSE(fs::exists(site.path(transcript::kFrontierName)));
}

TEST_CASE("A folder that takes no frontier takes entries") {
  const Left left;
  fs::remove(left.path());
  fs::create_directory(left.path());
  left.act("00000000000000000000000000000002");
  CHECK_FALSE(left.is_believed());
  CHECK(left.open().head().size == 6);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
