// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a campaign covers, and how its uses are counted.
#include "act/internal/campaign_gate.h"

#include <doctest/doctest.h>

#include "support/failure.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const std::string kId(32, 'c');
const std::string kKey(32, 'k');
const std::string kPlace(32, 'd');

std::string use_of(const std::string& id, const std::string& event = "intent") {
  return Json{{"act", "rotate"}, {"campaign", {{"id", id}}}, {"event", event}}.dump();
}

// A site whose log has these lines.
struct Logged {
  LogScene scene{3};
  site::Site site{.folder = scene.shop().folder().native(), .log_key = scene.ed25519()};

  explicit Logged(const std::vector<std::string>& more) {
    scene.lines().insert(scene.lines().end(), more.begin(), more.end());
    write();
  }
  void write() {
    scene.write(scene.checkpoint(scene.lines().size()));
    scene.shop().must("mkdir -p transcript && cp log.jsonl transcript/");
  }
};

TEST_CASE("The uses of a campaign are the intents that name it, in the log that was signed") {
  Logged logged({use_of(kId), use_of(std::string(32, 'e')), use_of(kId, "result"), use_of(kId)});
  const auto head = head_of(logged.scene.lines(), logged.scene.lines().size());
  CHECK(act::campaign_uses(logged.site, kId, head) == 2);
  CHECK(act::campaign_uses(logged.site, kId) == 2);
  // One that is not signed yet counts too.
  logged.scene.lines().push_back(use_of(kId));
  logged.write();
  CHECK(act::campaign_uses(logged.site, kId, head) == 3);
  const auto refused = [&] {
    logged.write();
    return failure_of([&] { (void)act::campaign_uses(logged.site, kId, head); }).code;
  };
  logged.scene.lines().at(3) = use_of(std::string(32, 'e'));
  CHECK(refused() == "campaign-log-changed");
  logged.scene.lines().resize(3);
  CHECK(refused() == "campaign-log-changed");
}

TEST_CASE("A campaign covers what its plan lists, and no act that does something beside it") {
  const auto day = [](int n) { return registry::Time(std::chrono::days(n)); };
  const registry::CampaignPlan plan{.acts = {"dek-rewrap", "wrap-for-import"},
                                    .bases = {"pinned"},
                                    .keys = {{kKey, {kPlace}}},
                                    .threshold = {{"security-officer", 1}},
                                    .from = day(1),
                                    .until = day(3),
                                    .at_most = 1,
                                    .by = "olga"};
  const act::Intent wrap{
      .act = "wrap-for-import",
      .covers = {.keys = {kKey}, .destinations = {kPlace}, .bases = {WrappingKeyBasis::kPinned}}};
  const auto code = [&](const act::Intent& intent, int at = 2,
                        const approval::Threshold& needed = {}) {
    return failure_of([&] { act::require_covered(plan, intent, needed, TimePoint(day(at))); }).code;
  };
  CHECK(code(wrap) == "no error");
  CHECK(code(wrap, 2, {{"security-officer", 1}}) == "no error");
  CHECK(code(wrap, 2, {{"security-officer", 2}}) == "campaign-too-few");
  CHECK(code(wrap, 2, {{"auditor", 1}}) == "campaign-too-few");
  CHECK(code(wrap, 0) == "campaign-outside-window");
  CHECK(code(wrap, 4) == "campaign-outside-window");
  auto other = wrap;
  other.also = {"trust-wrapping-key"};
  CHECK(code(other) == "campaign-other-act");
  other = {.act = "dek-rewrap", .also = {"dek"}, .covers = {.keys = {kKey}}};
  CHECK(code(other) == "no error");
  other.covers.keys.push_back(kPlace);
  CHECK(code(other) == "campaign-other-key");
  other.covers.keys.clear();
  CHECK(code(other) == "campaign-other-key");
  other = wrap;
  other.covers.destinations.push_back(kKey);
  CHECK(code(other) == "campaign-other-destination");
  other = wrap;
  other.covers.bases.push_back(WrappingKeyBasis::kCompared);
  CHECK(code(other) == "campaign-other-basis");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
