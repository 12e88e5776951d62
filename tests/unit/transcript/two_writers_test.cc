// A lock keeps out only writers that ask for it, and only while its file stands. A writer that was
// overtaken adds and signs nothing.
#include <doctest/doctest.h>

#include "base/file.h"
#include "transcript/log_writer.h"
#include "unit/base/refusal.h"
#include "unit/transcript/log_place_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using Site = LogPlaceScene;
using transcript::LogWriter;
using transcript::Signer;

Refusal not_verified(std::string code) { return {Kind::kVerification, std::move(code), "", ""}; }

// What stands on the disk of a log.
struct OnDisk {
  std::string log{};
  Bytes checkpoint{};
  Bytes last_signed{};
  explicit OnDisk(const Site& site)
      : log(site.log()),
        checkpoint(read_file(site.path("checkpoint"))),
        last_signed(read_file(site.place.last_signed)) {}
  bool operator==(const OnDisk&) const = default;
};

// The writer neither adds nor signs, and what is on the disk stays.
void check_stopped(const Site& site, LogWriter& writer, const std::string& code) {
  const OnDisk before(site);
  CHECK(refusal_of([&] { writer.append(kEntry); }) == not_verified(code));
  CHECK(refusal_of([&] { writer.sign(); }) == not_verified(code));
  CHECK(OnDisk(site) == before);
}

// A log with a signed entry and one that is not signed yet.
LogWriter begun(const Site& site) {
  LogWriter writer = site.open();
  writer.append(kEntry);
  writer.sign();
  writer.append(kEntry);
  return writer;
}

TEST_CASE("A writer whose lock was removed writes nothing over what the next one signed") {
  const Site site;
  LogWriter first = begun(site);
  site.scene.shop().must("rm transcript/lock");
  {
    LogWriter second = site.open();
    second.append(kEntry);
    second.sign();
  }
  check_stopped(site, first, "lock-lost");
  CHECK(site.verified().checkpoint.head.size == 3);
}

TEST_CASE("A lock that is gone, or another file, is no lock, whoever else is at work") {
  for (const char* command : {"rm transcript/lock", "mv transcript/lock kept",
                              "cp transcript/lock kept && mv kept transcript/lock"}) {
    CAPTURE(command);
    const Site site;
    LogWriter writer = begun(site);
    site.scene.shop().must(command);
    check_stopped(site, writer, "lock-lost");
  }
}

TEST_CASE("A log that grew, shrank, changed its last entry or is another file is not written on") {
  for (const char* command :
       {"echo '{}' >> transcript/log.jsonl", "truncate -s -1 transcript/log.jsonl",
        "sed -i '2s/generate-kek/generate-keK/' transcript/log.jsonl",
        "cp transcript/log.jsonl kept && mv kept transcript/log.jsonl"}) {
    CAPTURE(command);
    const Site site;
    LogWriter writer = begun(site);
    site.scene.shop().must(command);
    check_stopped(site, writer, "log-changed-meanwhile");
  }
  // In place, so that it is the same file and of the same size.
  const Site site;
  LogWriter writer = begun(site);
  site.scene.shop().must(
      "sed '2s/generate-kek/generate-keK/' transcript/log.jsonl > other && cat other > "
      "transcript/log.jsonl");
  check_stopped(site, writer, "log-changed-meanwhile");
}

TEST_CASE("A writer signs nothing when another one has signed since") {
  const Site site;
  const Bytes older = read_file(site.place.last_signed);
  LogWriter writer = begun(site);
  replace_file(site.place.last_signed, older);
  check_stopped(site, writer, "last-signed-changed");
  std::filesystem::remove(site.place.last_signed);
  CHECK(refusal_of([&] { writer.append(kEntry); }) ==
        Refusal{Kind::kConfig, "file-unreadable", "", ""});
}

TEST_CASE("What happens while the token signs is seen before the signature is kept") {
  const Site site;
  const Signer slow{.key = site.signer.key, .sign = [&](std::string_view text) {
                      site.scene.shop().must("rm -f transcript/lock");
                      return site.signer.sign(text);
                    }};
  LogWriter writer(site.place, slow);
  writer.append(kEntry);
  const OnDisk before(site);
  CHECK(refusal_of([&] { writer.sign(); }) == not_verified("lock-lost"));
  CHECK(OnDisk(site) == before);
}

TEST_CASE("An entry that is the first of its log has no one before it to be compared with") {
  const Site site;
  LogWriter writer = site.open();
  CHECK(writer.append(kEntry) == 0);
  CHECK(writer.append(kEntry) == 1);
  writer.sign();
  CHECK(site.verified().checkpoint.head.size == 2);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
