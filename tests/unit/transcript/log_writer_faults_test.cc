// A log on a disk that is full or breaks.
#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "base/file.h"
#include "unit/base/system_faults.h"
#include "unit/transcript/log_place_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using transcript::LogWriter;

// Each of these calls fails.
FaultPlan failing(std::vector<std::string> calls, int reason) {
  FaultPlan plan;
  plan.before = [calls = std::move(calls), reason](std::string_view call) {
    return std::ranges::find(calls, call) == calls.end() ? 0 : reason;
  };
  return plan;
}

// The log's own first call of that name fails; the lock's, which is before it, matters to nobody.
FaultPlan failing_once(std::string name) {
  FaultPlan plan;
  plan.before = [name = std::move(name), count = 0](std::string_view call) mutable {
    if (call == name) ++count;
    return call == name && count == (name == "pwrite" ? 2 : 1) ? ENOSPC : 0;
  };
  return plan;
}

Refusal refused_append(LogWriter& writer, FaultPlan plan) {
  const SystemFaults faults(std::move(plan));
  return refusal_of([&] { writer.append(kEntry); });
}

std::string sha256_of(const LogPlaceScene& site, const std::string& text) {
  site.scene.shop().put("text", as_bytes(text));
  return as_text(site.scene.shop().must("sha256sum text | cut -c1-64 | tr -d '\\n'"));
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

std::string names_beside(const LogPlaceScene& site) {
  return as_text(site.scene.shop().must("ls -A transcript"));
}

TEST_CASE("A disk that is full leaves the log as it was, and the writer goes on when it is not") {
  const LogPlaceScene site;
  LogWriter writer = site.open();
  writer.append(kEntry);
  const std::string log = site.log();
  for (const std::size_t space : {std::size_t{0}, std::size_t{1}, std::size_t{50}}) {
    CAPTURE(space);
    const Refusal refusal = refused_append(writer, {.disk_space = space});
    CHECK(refusal == failed("file-unwritable"));
    CHECK(refusal.message.find("No space left on device") != std::string::npos);
    CHECK(refusal.hint ==
          "repair the disk, then run the command again: nothing was added to the log");
    CHECK(site.log() == log);
    CHECK(writer.head().size == 1);
  }
  CHECK(writer.append(kEntry) == 1);
  writer.sign();
  CHECK(site.verified().checkpoint.head.size == 2);
}

TEST_CASE("An entry that cannot be synced is taken back, and its writer adds nothing more") {
  const LogPlaceScene site;
  LogWriter writer = site.open();
  writer.append(kEntry);
  const std::string log = site.log();
  CHECK(refused_append(writer, failing({"fdatasync"}, EIO)) == failed("file-unwritable"));
  CHECK(site.log() == log);
  const Refusal later = refused_append(writer, {});
  CHECK(later == failed("file-unwritable"));
  CHECK(later.message.find("Input/output error") != std::string::npos);
  // What was there before is signed all the same.
  writer.sign();
  CHECK(site.log() == log);
  CHECK(site.verified().checkpoint.head.size == 1);
}

TEST_CASE("What a disk does not even let go is told of by the next writer") {
  const LogPlaceScene site;
  std::string torn;
  {
    LogWriter writer = site.open();
    writer.append(kEntry);
    FaultPlan plan = failing({"ftruncate"}, EIO);
    plan.disk_space = 10;
    const Refusal refusal = refused_append(writer, plan);
    CHECK(refusal == failed("file-unwritable"));
    CHECK(refusal.hint.find("may be in the log") != std::string::npos);
    CHECK(refused_append(writer, {}) == failed("file-unwritable"));
    torn = site.log().substr(site.log().find('\n') + 1);
    CHECK(torn == R"({"act":"ge)");
  }
  LogWriter next = site.open();
  CHECK(next.recovery().torn_bytes == torn.size());
  CHECK(site.log().find(sha256_of(site, torn)) != std::string::npos);
  next.append(kEntry);
  next.sign();
  CHECK(site.verified().checkpoint.head.size == 3);
}

TEST_CASE("A torn line stays until the log tells of it, whatever the disk does meanwhile") {
  // Shorter and longer than the entry that tells of it.
  for (const std::size_t length : {std::size_t{2}, std::size_t{2000}}) {
    CAPTURE(length);
    const LogPlaceScene site;
    const std::string torn(length, '{');
    replace_file(site.path("log.jsonl"), as_bytes(torn));
    for (const char* call : {"pwrite", "fdatasync"}) {
      const SystemFaults faults(failing_once(call));
      CHECK(site.refusal() == failed("file-unwritable"));
      CHECK(site.log() == torn);
    }
    {
      // As if the writer were killed between the entry and what is cut off after it.
      const SystemFaults faults(failing({"ftruncate"}, EIO));
      CHECK(site.refusal() == failed("file-unwritable"));
    }
    LogWriter writer = site.open();
    CHECK(site.log().find(sha256_of(site, torn)) != std::string::npos);
    CHECK(site.log().back() == '\n');
    writer.sign();
    CHECK(site.verified().checkpoint.head == writer.head());
    CHECK(count_of(site.log(), R"("event":"truncated")") == (length == 2 ? 1 : 2));
  }
}

TEST_CASE("A checkpoint that cannot be written leaves a log that opens, signed as before or anew") {
  // Two files, each written, synced, renamed and its folder synced.
  for (int nth = 1; nth <= 6; ++nth) {
    CAPTURE(nth);
    const LogPlaceScene site;
    {
      LogWriter writer(site.place, site.in_process());
      writer.append(kEntry);
      FaultPlan plan;
      int count = 0;
      plan.before_fsync = [&](int) { return ++count == nth ? ENOSPC : 0; };
      plan.before = [&](std::string_view call) {
        return call == "rename" && ++count == nth ? ENOSPC : 0;
      };
      const SystemFaults faults(plan);
      CHECK(refusal_of([&] { writer.sign(); }) == failed("file-unwritable"));
    }
    LogWriter writer = site.open();
    CHECK(writer.head().size == 1);
    // The last signed checkpoint is in its place with the second call, the rename.
    CHECK(writer.signed_head().size == (nth <= 2 ? 0 : 1));
    CHECK(site.verified().checkpoint.head == writer.signed_head());
    writer.sign();
    CHECK(site.verified().checkpoint.head.size == 1);
    CHECK(names_beside(site) == "checkpoint\nlock\nlog.jsonl\n");
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
