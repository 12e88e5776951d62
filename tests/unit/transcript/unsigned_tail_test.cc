// What somebody who has no PIN writes behind the last checkpoint is checked, and never signed
// unsaid.
#include "transcript/unsigned_tail.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <utility>

#include "base/file.h"
#include "transcript/layout.h"
#include "unit/base/system_faults.h"
#include "unit/transcript/log_place_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using transcript::LogWriter;
using transcript::TailDecision;
using transcript::Vouching;

const std::string kHash(64, 'a');

Json of_act(const char* act, const char* event, const Json& more = Json::object(),
            const char* run = kRun) {
  Json entry{{"act", act},
             {"event", event},
             {"operator", "alice"},
             {"run", run},
             {"time", "2026-03-01T10:00:00Z"}};
  entry.update(more);
  return entry;
}

Json intent_of(const char* act, const char* run = kRun) {
  return of_act(act, "intent",
                {{"request", Json::object()}, {"keys", Json::array()}, {"outputs", Json::array()}},
                run);
}

Json result_of(const char* act, const char* outcome, const char* run = kRun) {
  return of_act(act, "result", {{"outcome", outcome}}, run);
}

// A log with one signed entry.
struct Tail {
  LogPlaceScene site{};
  transcript::Signer signer{site.in_process()};

  Tail() {
    LogWriter writer = open();
    writer.append(kEntry);
    writer.sign();
  }
  [[nodiscard]] LogWriter open(const TailDecision& decision = {}) const {
    return {site.place, signer, decision};
  }
  [[nodiscard]] Refusal refusal(const TailDecision& decision = {}) const {
    return refusal_of([&] { (void)open(decision); });
  }
  // As an act at the token leaves it that was killed.
  void vouched(const Json& content) const {
    LogWriter writer = open();
    writer.append(content, Vouching::kByLogKey);
  }
  // As anybody does it who may write the file: with the right place, and no key.
  void forge(const Json& content) const { forge_line(next(content)); }
  void forge_line(const std::string& line) const {
    replace_file(site.path("log.jsonl"), as_bytes(site.log() + line + "\n"));
  }
  [[nodiscard]] std::string next(const Json& content) const {
    transcript::Hasher hasher;
    transcript::Place place;
    std::string_view rest;
    const std::string log = site.log();
    for (rest = log; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1))
      place = {.seq = place.seq + 1,
               .prev = hasher.leaf(as_bytes(rest.substr(0, rest.find('\n'))))};
    return transcript::entry_bytes(content, place);
  }
  [[nodiscard]] std::uint64_t signed_size() const {
    return transcript::read_checkpoint(site.path("checkpoint")).checkpoint.head.size;
  }
};

// The most memory that this process has used since the last reset, in bytes.
std::uint64_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) << 10U;
  }
  FAIL("no VmHWM in /proc/self/status");
  return 0;
}
std::uint64_t peak_after_reset() {
  std::ofstream reset("/proc/self/clear_refs");
  reset << "5" << std::flush;
  REQUIRE(reset.good());
  return peak_memory();
}

Refusal not_verified(std::string code) { return {Kind::kVerification, std::move(code), "", ""}; }

// It opens no writer, nothing more is signed, and every byte is where it was.
void check_refused(const Tail& tail, const char* code, std::uint64_t index) {
  const std::string log = tail.site.log();
  const Refusal refusal = tail.refusal();
  CHECK(refusal == not_verified(code));
  CHECK(refusal.message.find(std::to_string(index)) != std::string::npos);
  CHECK(refusal.hint.find("--drop-unsigned " + std::to_string(index)) != std::string::npos);
  CHECK(tail.site.log() == log);
  CHECK(tail.signed_size() == 1);
}

TEST_CASE("A line that is no entry of the log is neither signed nor gone on behind") {
  const Tail tail;
  const char* code = "entry-invalid";
  SUBCASE("junk") { tail.forge_line("x"); }
  SUBCASE("an empty line") {
    tail.forge_line("");
    code = "entry-empty";
  }
  SUBCASE("a line that is too long") {
    tail.forge_line(std::string(70'000, '{'));
    code = "entry-too-large";
  }
  SUBCASE("another form of JSON") { tail.forge_line(" " + tail.next(kEntry)); }
  SUBCASE("no place") { tail.forge_line(R"({"act":"a"})"); }
  SUBCASE("another place") {
    tail.forge_line(transcript::entry_bytes(kEntry, {.seq = 7}));
    code = "entry-misplaced";
  }
  SUBCASE("behind another entry") {
    tail.forge_line(transcript::entry_bytes(kEntry, {.seq = 1}));
    code = "entry-chain-broken";
  }
  check_refused(tail, code, 1);
}

TEST_CASE("An entry that keyrite never writes is neither signed nor gone on behind") {
  const Tail tail;
  const char* code = "entry-field-wrong";
  SUBCASE("an event that is none") {
    tail.forge(of_act("shred", "shredded"));
    code = "entry-event-unknown";
  }
  SUBCASE("no event") {
    Json entry = kEntry;
    entry.erase("event");
    tail.forge(entry);
    code = "entry-event-unknown";
  }
  SUBCASE("a field that is missing") { tail.forge(of_act("shred", "refused")); }
  SUBCASE("no operator") {
    Json entry = kEntry;
    entry.erase("operator");
    tail.forge(entry);
  }
  SUBCASE("a run that is none") { tail.forge(of_act("a", "refused", {{"error", {}}}, "r")); }
  SUBCASE("a time that is none") {
    Json entry = kEntry;
    entry["time"] = "yesterday";
    tail.forge(entry);
  }
  SUBCASE("a key that is none") {
    Json entry = intent_of("verify-import");
    entry["keys"] = Json::array({Json{{"id", 5}}});
    tail.forge(entry);
  }
  SUBCASE("an output that is none") {
    Json entry = intent_of("verify-import");
    entry["outputs"] = Json::array({Json::array()});
    tail.forge(entry);
  }
  check_refused(tail, code, 1);
}

TEST_CASE(
    "An entry that says what its writer cannot have known is neither signed nor gone on behind") {
  const Tail tail;
  const char* code = "entry-unvouched";
  SUBCASE("an act that never was: its run has no intent") {
    tail.forge(
        of_act("shred", "result", {{"outcome", "done"}}, "00000000000000000000000000000000"));
    code = "entry-out-of-place";
  }
  SUBCASE("the vouch of another entry") {
    tail.vouched(intent_of("generate-kek"));
    std::string log = tail.site.log();
    log.replace(log.rfind("alice"), 5, "carol");
    replace_file(tail.site.path("log.jsonl"), as_bytes(log));
    code = "entry-vouch-wrong";
  }
  SUBCASE("a vouch that is no signature") {
    std::string line = tail.next(kEntry);
    line.insert(line.size() - 1, R"(,"vouch":5)");
    tail.forge_line(line);
    code = "entry-vouch-wrong";
  }
  SUBCASE("what only a holder of the token says") {
    tail.forge(of_act("resume", "clock-confirmed", {{"latest", "2026-03-01T10:00:00Z"}}));
  }
  SUBCASE("a mark that all before it is in order") {
    tail.forge(of_act("resume", "unvouched", {{"first", 0}, {"last", 0}}));
  }
  check_refused(tail, code, 1);
}

TEST_CASE("The entries of a run have their order") {
  const Tail tail;
  tail.vouched(intent_of("generate-kek"));
  SUBCASE("two intents") { tail.forge(intent_of("verify-import")); }
  SUBCASE("a result of another act") { tail.forge(result_of("verify-import", "done")); }
  SUBCASE("refused after its intent") {
    tail.forge(of_act("a", "refused", {{"error", Json::object()}}));
  }
  SUBCASE("a settling that names another intent") {
    tail.forge(of_act("resume", "settled", {{"intent", 0}, {"found", Json::object()}}));
  }
  SUBCASE("a second result") {
    tail.vouched(result_of("generate-kek", "done"));
    tail.forge(result_of("generate-kek", "done"));
    check_refused(tail, "entry-out-of-place", 3);
    return;
  }
  check_refused(tail, "entry-out-of-place", 2);
}

TEST_CASE("What the log's key vouches for is signed as what it is, and openssl finds it right") {
  const Tail tail;
  {
    LogWriter writer = tail.open();
    writer.append(intent_of("generate-kek"), Vouching::kByLogKey);
    writer.append(result_of("generate-kek", "done"), Vouching::kByLogKey);
  }
  LogWriter writer = tail.open();
  CHECK(writer.unmarked().empty());
  CHECK(writer.history().open_intents().empty());
  writer.sign();
  CHECK(tail.signed_size() == 3);
  // The bytes are those of docs/formats/transcript.md.
  tail.site.scene.shop().put("log", as_bytes(tail.site.log()));
  tail.site.scene.shop().must(
      "sed -n 2p log | tr -d '\\n' > entry && "
      "sed 's/,\"vouch\":\"[^\"]*\"//' entry | tr -d '\\n' | sha256sum | cut -c1-64 > sum && "
      "printf 'keyrite entry v1\\nkeyrite.example/site-1\\n%s\\n' \"$(cat sum)\" > signed && "
      "sed 's/.*\"vouch\":\"\\([^\"]*\\)\".*/\\1/' entry | base64 -d > value && "
      "openssl pkeyutl -verify -rawin -inkey ed25519.pem -in signed -sigfile value");
}

TEST_CASE("What anybody may have written is signed only behind an entry that says so") {
  const Tail tail;
  tail.forge(of_act("generate-kek", "refused", {{"error", Json::object()}}));
  tail.forge(intent_of("verify-import"));
  tail.forge(result_of("verify-import", "done"));
  LogWriter writer = tail.open();
  const auto unmarked = writer.unmarked();
  REQUIRE(unmarked.size() == 1);
  CHECK(unmarked[0].range == transcript::EntryRange{.first = 1, .last = 3});
  CHECK_FALSE(unmarked[0].accepted);
  CHECK(writer.history().open_intents().empty());
  writer.append(of_act("resume", "unvouched", {{"first", 1}, {"last", 3}}), Vouching::kByLogKey);
  CHECK(writer.unmarked().empty());
}

TEST_CASE("An act on files that says it was approved is none") {
  const Tail tail;
  Json entry = intent_of("verify-import");
  entry["approval"] = {{"statement_sha256", kHash}};
  tail.forge(entry);
  check_refused(tail, "entry-unvouched", 1);
}

TEST_CASE("That an act at the token failed is a claim, and its intent stays open") {
  const Tail tail;
  tail.vouched(intent_of("generate-kek"));
  tail.forge(result_of("generate-kek", "failed"));
  const LogWriter writer = tail.open();
  CHECK(writer.unmarked().size() == 1);
  CHECK(writer.history().open_intents().size() == 1);
}

TEST_CASE("What is said of an act at the token needs a person who says that it is true") {
  const Tail tail;
  tail.forge(intent_of("shred"));
  tail.forge(result_of("shred", "done"));
  check_refused(tail, "entry-unvouched", 1);
  std::size_t asked = 0;
  TailDecision decision{.accept = [&](const std::vector<transcript::UnsignedEntry>& entries) {
    asked = entries.size();
    CHECK(entries[0].entry["act"] == "shred");
    return false;
  }};
  CHECK(tail.refusal(decision) == not_verified("entry-unvouched"));
  CHECK(asked == 2);
  decision.accept = [](const std::vector<transcript::UnsignedEntry>&) { return true; };
  {
    LogWriter writer = tail.open(decision);
    CHECK(writer.recovery().accepted.size() == 2);
    CHECK(writer.unmarked()[0].accepted);
    // Killed behind the mark, nobody is asked again.
    writer.append(of_act("resume", "unvouched", {{"first", 1}, {"last", 2}, {"accepted", true}}),
                  Vouching::kByLogKey);
  }
  LogWriter writer = tail.open();
  CHECK(writer.unmarked().empty());
  CHECK(writer.history().open_intents().empty());
}

TEST_CASE("What was cut off is logged with its hash, and kept") {
  const Tail tail;
  tail.forge(of_act("generate-kek", "refused", {{"error", Json::object()}}));
  constexpr std::uint64_t first = 2;
  SUBCASE("junk") {
    tail.forge_line("x");
    tail.forge_line(std::string(2000, 'y'));
  }
  SUBCASE("an act that never was") { tail.forge(intent_of("shred")); }
  const std::string log = tail.site.log();
  const std::string cut = log.substr(log.find('\n', log.find("refused")) + 1);
  TailDecision decision{.drop_from = 1, .drop_head = of_act("resume", "")};
  CHECK(tail.refusal(decision) == usage("entry-in-order"));
  CHECK(tail.site.log() == log);
  decision.drop_from = first;
  LogWriter writer = tail.open(decision);
  CHECK(writer.recovery().dropped_bytes == cut.size());
  CHECK(writer.head().size == 3);
  CHECK(writer.history().open_intents().empty());
  tail.site.scene.shop().put("cut", as_bytes(cut));
  const std::string sum =
      as_text(tail.site.scene.shop().must("sha256sum cut | cut -c1-64")).substr(0, 64);
  const std::string last =
      tail.site.log().substr(tail.site.log().rfind('\n', tail.site.log().size() - 2) + 1);
  const Json entry = parse_json(as_bytes(last), "entry");
  CHECK(entry["event"] == "dropped");
  CHECK(entry["first"] == first);
  CHECK(entry["bytes"] == cut.size());
  CHECK(entry["sha256"] == sum);
  CHECK(as_text(read_file(tail.site.path(("evidence/" + sum).c_str()))) == cut);
  writer.sign();
  CHECK(tail.signed_size() == 3);
}

TEST_CASE("What is cut off may be of any length, and only a piece of it is in memory") {
  const Tail tail;
  constexpr std::uint64_t kTail = std::uint64_t{96} << 20U;
  const std::string before = tail.site.log();
  std::filesystem::resize_file(tail.site.path("log.jsonl"), before.size() + kTail);
  CHECK(tail.refusal() == not_verified("entry-too-large"));
  tail.site.scene.shop().must("tail -c " + std::to_string(kTail) +
                              " transcript/log.jsonl | sha256sum | cut -c1-64 > tail.sum");
  const std::string sum = as_text(tail.site.scene.shop().get("tail.sum")).substr(0, 64);
  const std::uint64_t peak = peak_after_reset();
  LogWriter writer = tail.open({.drop_from = 1, .drop_head = of_act("resume", "")});
  CHECK(peak_memory() < peak + (std::uint64_t{16} << 20U));
  CHECK(writer.recovery().dropped_bytes == kTail);
  tail.site.scene.shop().must("test \"$(sha256sum < transcript/evidence/" + sum +
                              " | cut -c1-64)\" = " + sum);
  CHECK(tail.site.log().substr(0, before.size()) == before);
  const Json entry = parse_json(as_bytes(tail.site.log().substr(before.size())), "entry");
  CHECK(entry["bytes"] == kTail);
  CHECK(entry["sha256"] == sum);
  writer.sign();
  CHECK(tail.signed_size() == 2);
}

TEST_CASE("A disk that is full when a tail is cut off leaves the log as it was") {
  const Tail tail;
  // Longer than the entry that is written over its start.
  tail.forge_line(std::string(70'000, '{'));
  const std::string log = tail.site.log();
  for (const char* call : {"rename", "pwrite", "fdatasync"}) {
    CAPTURE(call);
    {
      FaultPlan plan;
      // The lock's own pwrite comes first, and nothing depends on it.
      plan.before = [call, count = 0](std::string_view name) mutable {
        if (name == call) ++count;
        return name == call && count == (name == "pwrite" ? 2 : 1) ? ENOSPC : 0;
      };
      const SystemFaults faults(std::move(plan));
      CHECK(tail.refusal({.drop_from = 1, .drop_head = of_act("resume", "")}) ==
            Refusal{Kind::kFailed, "file-unwritable", "", ""});
    }
    CHECK(tail.site.log() == log);
  }
  const LogWriter writer = tail.open({.drop_from = 1, .drop_head = of_act("resume", "")});
  CHECK(writer.recovery().dropped_bytes == 70'001);
}

TEST_CASE("Nothing that is signed, or in order, can be cut off") {
  const Tail tail;
  tail.vouched(intent_of("generate-kek"));
  for (const std::uint64_t index : {0U, 1U, 2U, 9U}) {
    CAPTURE(index);
    const std::string log = tail.site.log();
    CHECK(tail.refusal({.drop_from = index, .drop_head = of_act("resume", "")}) ==
          usage("entry-in-order"));
    CHECK(tail.site.log() == log);
  }
}

TEST_CASE("Junk that 0.1.0 signed says nothing, and stops nobody") {
  const Tail tail;
  // Signed by who has the key, as 0.1.0 did it.
  tail.forge_line("x");
  tail.forge_line(R"({"act":"a","event":"intent","keys":[{"id":5}],"run":"r"})");
  transcript::Hasher hasher;
  transcript::Tree tree(hasher);
  std::string_view rest;
  const std::string log = tail.site.log();
  for (rest = log; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1))
    tree.append(hasher.leaf(as_bytes(rest.substr(0, rest.find('\n')))));
  const transcript::Checkpoint checkpoint{.origin = kOrigin,
                                          .head = {.size = tree.size(), .root = tree.root()}};
  const std::string note = tail.site.scene.signed_by(tail.site.scene.ed25519(), checkpoint.text());
  replace_file(tail.site.path("checkpoint"), as_bytes(note));
  replace_file(tail.site.place.last_signed, as_bytes(note));
  LogWriter writer = tail.open();
  CHECK(writer.head().size == 3);
  writer.append(kEntry);
  writer.sign();
  CHECK(tail.signed_size() == 4);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
