#include "transcript/log_writer.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "base/file.h"
#include "unit/base/refusal.h"
#include "unit/transcript/log_place_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;
using Site = LogPlaceScene;
using transcript::LogPlace;
using transcript::LogWriter;
using transcript::Signer;

Refusal not_verified(std::string code) { return {Kind::kVerification, std::move(code), "", ""}; }

void set_back(const Site& site, const char* name, const Bytes& content) {
  replace_file(site.path(name), content);
}

TEST_CASE("A new log is signed while it is empty") {
  const Site site;
  CHECK(site.verified().checkpoint.head.size == 0);
  CHECK(read_file(site.place.last_signed) == read_file(site.path("checkpoint")));
}

TEST_CASE("Entries and checkpoints of several writers, one after the other, are one log") {
  const Site site;
  for (std::uint64_t i = 0; i < 3; ++i) {
    LogWriter writer = site.open();
    CHECK(writer.append(kEntry) == 2 * i);
    CHECK(writer.append(kEntry) == 2 * i + 1);
    CHECK(writer.signed_head().size == 2 * i);
    writer.sign();
    CHECK(writer.signed_head() == writer.head());
  }
  const auto verified = site.verified();
  CHECK(verified.checkpoint.head.size == 6);
  CHECK(verified.unsigned_entries == 0);
  CHECK(as_text(read_file(site.place.last_signed)) == as_text(read_file(site.path("checkpoint"))));
}

TEST_CASE("An entry is in the file before append returns, and nobody else may write meanwhile") {
  const Site site;
  LogWriter writer = site.open();
  writer.append(kEntry);
  CHECK(site.log() == transcript::entry_bytes(kEntry, {}) + "\n");
  const Refusal refusal = site.refusal();
  CHECK(refusal.kind == Kind::kWaiting);
  CHECK(refusal.code == "transcript-in-use");
  CHECK(refusal.message.find("test, process " + std::to_string(getpid())) != std::string::npos);
}

TEST_CASE("A torn last line is dropped, and the log says so with its digest") {
  const Site site;
  {
    LogWriter writer = site.open();
    writer.append(kEntry);
    writer.sign();
  }
  site.scene.shop().must("printf '{\"act\":\"gen' >> transcript/log.jsonl");
  LogWriter writer = site.open();
  CHECK(writer.recovery().torn_bytes == 11);
  CHECK(writer.head().size == 2);
  const auto digest =
      as_text(site.scene.shop().must("printf '{\"act\":\"gen' | sha256sum | cut -c1-64"));
  CHECK(site.log().find(R"({"act":"recovery","bytes":11,"event":"truncated")") !=
        std::string::npos);
  CHECK(site.log().find(digest.substr(0, 64)) != std::string::npos);
}

TEST_CASE("A log that was set back is never written to nor signed again") {
  const Site site;
  const Bytes empty_log = read_file(site.path("log.jsonl"));
  const Bytes empty_checkpoint = read_file(site.path("checkpoint"));
  {
    LogWriter writer = site.open();
    writer.append(kEntry);
    writer.sign();
  }
  const Bytes last_signed = read_file(site.place.last_signed);
  SUBCASE("the whole folder, from a backup") {
    set_back(site, "log.jsonl", empty_log);
    set_back(site, "checkpoint", empty_checkpoint);
  }
  SUBCASE("the log alone") { set_back(site, "log.jsonl", empty_log); }
  const Refusal refusal = site.refusal();
  CHECK(refusal == not_verified("log-set-back"));
  CHECK(refusal.message.find("the log has 0 entries") != std::string::npos);
  CHECK(site.log().empty());
  CHECK(read_file(site.place.last_signed) == last_signed);
}

TEST_CASE("A log with another entry in the place of a signed one is never written to") {
  const Site site;
  {
    LogWriter writer = site.open();
    writer.append(kEntry);
    writer.append(kEntry);
    writer.sign();
  }
  std::string log = site.log();
  log.replace(log.find("alice"), 5, "carol");
  set_back(site, "log.jsonl", Bytes(log.begin(), log.end()));
  CHECK(site.refusal() == not_verified("log-changed"));
  CHECK(site.log() == log);
}

TEST_CASE("A checkpoint older than the last signed one is put right, if the log holds both") {
  const Site site;
  const Bytes empty_checkpoint = read_file(site.path("checkpoint"));
  {
    LogWriter writer = site.open();
    writer.append(kEntry);
    writer.sign();
  }
  set_back(site, "checkpoint", empty_checkpoint);
  LogWriter writer = site.open();
  CHECK(writer.recovery().checkpoint_restored);
  CHECK(writer.signed_head().size == 1);
  CHECK(site.verified().checkpoint.head.size == 1);
}

TEST_CASE("A checkpoint of another key, or none at all, opens no log") {
  const Site site;
  const Site other;
  replace_file(site.place.last_signed, read_file(other.place.last_signed));
  CHECK(site.refusal() == not_verified("note-unsigned"));
  fs::remove(site.place.last_signed);
  CHECK(site.refusal() == not_verified("last-signed-missing"));
  CHECK_FALSE(fs::exists(site.place.last_signed));
  fs::create_directory(site.place.last_signed);
  CHECK(site.refusal() == config("not-a-file"));
}

TEST_CASE(
    "A lost last signed checkpoint is what a person says, where the log agrees, that is told") {
  const Site site;
  transcript::TreeHead head;
  {
    LogWriter writer = site.open();
    writer.append(kEntry);
    writer.sign();
    head = writer.signed_head();
    writer.append(kEntry);
  }
  fs::remove(site.place.last_signed);
  const auto accept = [&](const transcript::TreeHead& said) {
    LogPlace place = site.place;
    Json entry = kEntry;
    entry["event"] = "last-signed-accepted";
    entry["size"] = said.size;
    entry["root"] = to_hex(said.root);
    place.accepted_loss = {.head = said, .entry = entry};
    return LogWriter(place, site.signer);
  };
  transcript::TreeHead wrong = head;
  wrong.size = 2;
  CHECK(refusal_of([&] { (void)accept(wrong); }) == not_verified("last-signed-other"));
  wrong = head;
  wrong.root[0] ^= 1;
  CHECK(refusal_of([&] { (void)accept(wrong); }) == not_verified("last-signed-other"));
  CHECK_FALSE(fs::exists(site.place.last_signed));
  {
    const LogWriter writer = accept(head);
    CHECK(writer.recovery().last_signed_restored);
    CHECK(writer.signed_head() == head);
    CHECK(writer.head().size == 3);
  }
  CHECK(read_file(site.place.last_signed) == read_file(site.path("checkpoint")));
  CHECK(as_text(read_file(site.path("log.jsonl"))).find("last-signed-accepted") !=
        std::string::npos);
  // Where it is there, nothing is taken from what is said.
  const LogWriter again = accept(wrong);
  CHECK_FALSE(again.recovery().last_signed_restored);
  CHECK(again.head().size == 3);
}

TEST_CASE("A signature that the key does not verify is kept nowhere") {
  const Site site;
  const Bytes checkpoint = read_file(site.path("checkpoint"));
  Signer wrong = site.signer;
  wrong.sign = [](std::string_view) { return Bytes(64, 1); };
  LogWriter writer(site.place, wrong);
  writer.append(kEntry);
  CHECK(refusal_of([&] { writer.sign(); }) == Refusal{Kind::kInternal, "signature-wrong", "", ""});
  CHECK(writer.signed_head().size == 0);
  CHECK(read_file(site.path("checkpoint")) == checkpoint);
  CHECK(read_file(site.place.last_signed) == checkpoint);
}

TEST_CASE("A writer killed at any moment leaves a log that opens, with all that was signed in it") {
  const Site site;
  const Signer signer = site.in_process();
  std::uint64_t signed_before = 0;
  // Longer on a machine so busy that no child came to sign.
  for (useconds_t delay = 0; delay < 30'000 || (signed_before == 0 && delay < 900'000);
       delay += 700) {
    const pid_t child = fork();
    if (child == 0) {
      LogWriter writer(site.place, signer);
      while (true) {
        writer.append(kEntry);
        writer.append(kEntry);
        writer.sign();
      }
    }
    REQUIRE(child > 0);
    usleep(delay);
    kill(child, SIGKILL);
    REQUIRE(waitpid(child, nullptr, 0) == child);
    const LogWriter writer = site.open();
    CHECK(writer.signed_head().size >= signed_before);
    CHECK(writer.head().size >= writer.signed_head().size);
    signed_before = writer.signed_head().size;
    CHECK(site.verified().checkpoint.head == writer.signed_head());
  }
  CHECK(signed_before > 0);
  const LogWriter last = site.open();
  CHECK(as_text(site.scene.shop().must("ls -A transcript")) == "checkpoint\nlock\nlog.jsonl\n");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
