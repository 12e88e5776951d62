// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "unit/ceremony/pages.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/file.h"
#include "ceremony/file.h"

namespace keyrite::test {

namespace fs = std::filesystem;
using namespace ceremony;

std::vector<fs::path> shipped_ceremonies() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(KEYRITE_SOURCE_DIR) / "ceremonies"))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

ScriptOptions fixed_options(Paper paper) {
  return {.paper = paper,
          .mode = Mode::kLive,
          .printed_at = parse_rfc3339("2026-03-01T08:30:00Z", "time"),
          .tool_version = "keyrite 1"};
}

namespace {

StepMinutes step(std::uint32_t number, const std::string& name, StepKind kind, Happened happened) {
  return {.number = number,
          .name = name,
          .title = "Title of " + name,
          .role = "operator",
          .kind = kind,
          .planned_minutes = number,
          .happened = happened,
          .by = {"olga"},
          .asked_at = fmt::format("2026-03-01T09:{:02}:00Z", number),
          .answered_at = fmt::format("2026-03-02T09:{:02}:30Z", number),
          .entries = {10U + number, 20U + number}};
}

std::vector<StepMinutes> steps_of_minutes() {
  std::vector<StepMinutes> steps{step(1, "read", StepKind::kConfirm, Happened::kDone),
                                 step(2, "make", StepKind::kAct, Happened::kDoneAfterFailure),
                                 step(3, "wrap", StepKind::kAct, Happened::kReplaced),
                                 step(4, "again", StepKind::kAct, Happened::kDone),
                                 step(5, "other", StepKind::kNote, Happened::kNotChosen),
                                 step(6, "answers", StepKind::kAwait, Happened::kNotRehearsed),
                                 step(7, "judge", StepKind::kAct, Happened::kFailed),
                                 step(8, "crash", StepKind::kAct, Happened::kUnknown),
                                 step(9, "last", StepKind::kWitness, Happened::kNotReached)};
  steps[0].answer = "we agree";
  steps[1].act = "generate-kek";
  steps[1].failures = 2;
  steps[1].results = {{"check-value", "2289e6"}, {"public-key-sha256", std::string(64, 'a')}};
  steps[2].because = "The token answered CKR_DEVICE_ERROR (token-failed).";
  return steps;
}

}  // namespace

Minutes full_minutes() {
  return {.title = "An AES-256 key for AWS KMS",
          .purpose = "Makes a key in the HSM.\n\nProves it.",
          .file_sha256 = std::string(62, '5') + "f2",
          .run = "5f0c7e3a9b1d4c628a7704e1f2b39d56",
          .mode = Mode::kLive,
          .ended = Ended::kAborted,
          .began_at = "2026-03-01T09:00:00Z",
          .ended_at = "2026-03-01T10:10:00Z",
          .token = {{"serial", "2a1d1007eba29520"}, {"model", "SoftHSM v2"}},
          .inputs = {{"label", "acme-payments-v3"}, {"parameters", std::string(64, 'b')}},
          .statement_sha256 = std::string(64, 'c'),
          .approved_by = {{"alice@example.org", "security-officer"}},
          .people = {{"olga", "operator", CheckIn::kName, "2026-03-01T09:00:10Z", 9},
                     {"alice@example.org", "security-officer", CheckIn::kSignature,
                      "2026-03-01T09:00:20Z", 10}},
          .steps = steps_of_minutes(),
          .teardown = {step(10, "put-away", StepKind::kRecord, Happened::kDone)},
          .deviations = {{1, 2, "the printer was out of paper", std::string(64, 'd'), "walter",
                          "2026-03-01T09:20:00Z", 30},
                         {2, 0, std::nullopt, std::string(64, 'e'), "", "", {}}},
          .stood_still = {{6, "lunch", "2026-03-01T09:30:00Z", "2026-03-01T09:50:00Z"}},
          .differences = {"Step 4 was done in place of step 3."},
          .planned_minutes = 45,
          .used_minutes = 70,
          .duties = {{"Lock up.", "witness"}},
          .fingerprint = {"acme.example/hsm1", 41, std::string(63, '0') + "1",
                          "acme.example/hsm1\n41\nAAAA\n\n- acme.example/hsm1 AAAA\n"},
          .independent_witness = true,
          .tool = "keyrite 1",
          .made_at = "2026-03-01T10:11:00Z"};
}

Ceremony every_step() {
  const auto path = fs::path(KEYRITE_SOURCE_DIR) / "tests/unit/ceremony/every-step.toml";
  return ceremony_file(path.native()).ceremony;
}

std::string text_of_page(const Workshop& shop, const std::string& page) {
  (void)shop.put("page.html", as_bytes(page));
  return as_text(shop.must(std::string("python3 -B ") + KEYRITE_SOURCE_DIR +
                           "/tests/unit/ceremony/page_text.py page.html"));
}

void check_golden(const std::string& name, const std::string& text) {
  const auto path = fs::path(KEYRITE_SOURCE_DIR) / "tests/golden/ceremonies" / name;
  const char* write = std::getenv("KEYRITE_WRITE_GOLDEN");
  if (write != nullptr && std::string(write) == "1") {
    fs::create_directories(path.parent_path());
    fs::remove(path);
    write_new_file(path.native(), as_bytes(text));
    return;
  }
  CAPTURE(name);
  INFO("KEYRITE_WRITE_GOLDEN=1 ctest --preset ci -R ceremony writes it anew");
  CHECK(as_text(read_file(path.native())) == text);
}

}  // namespace keyrite::test
