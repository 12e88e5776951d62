// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What the entries of a log come to: both ends of a period, overdue rotations, what nobody vouches
// for, and where the registry says something else.
#include <doctest/doctest.h>

#include <algorithm>

#include "report/document.h"
#include "unit/report/told_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using registry::VersionState;

bool says(const std::vector<std::string>& lines, const std::string& words) {
  return std::ranges::any_of(
      lines, [&](const std::string& line) { return line.find(words) != std::string::npos; });
}

TEST_CASE("A version has the state of the last entry before each end") {
  ToldScene at;
  at.tell_made(1000);
  const auto made = at.tell_version(1, "pre-activation", 1001, "generate-kek");
  const auto activated = at.tell_version(1, "active", 1010);
  at.tell_version(1, "deactivated", 1100, "key-set-deactivation", false);
  const auto report = at.report_of(1005, 1050);
  REQUIRE(report.versions.size() == 1);
  CHECK(report.versions[0].at_start->state == "pre-activation");
  CHECK(report.versions[0].at_start->by.entry == made);
  CHECK(report.versions[0].at_end->state == "active");
  CHECK(report.versions[0].at_end->by.entry == activated);
  CHECK(report.keys_at_start == 1);
  CHECK(at.report_of(990, 1005).keys_at_start == 0);
  // The last moment of a period is not of it.
  CHECK(at.report_of(1005, 1010).versions[0].at_end->state == "pre-activation");
  CHECK(report::states_at_end(at.report_of(1005, 1200)) ==
        std::map<std::string, std::size_t>{{"deactivated", 1}});
}

TEST_CASE("A version is not destroyed by an entry that the log's key does not vouch for") {
  ToldScene at;
  at.tell_made(1000);
  at.tell_version(1, "pre-activation", 1001, "generate-kek");
  const auto forged = at.tell_version(1, "destroyed", 1010, "shred-close", false);
  const auto report = at.report_of(1000, 1100);
  CHECK(report.versions[0].at_end->state == "pre-activation");
  CHECK(says(report.wrong, "entry " + std::to_string(forged) + " tells of the act shred-close"));
  at.tell_version(1, "destroyed", 1020, "shred-close");
  CHECK(at.report_of(1000, 1100).versions[0].at_end->state == "destroyed");
}

TEST_CASE("Only the act of shred condemns, and only where it is vouched for") {
  ToldScene at;
  at.tell_made(1000);
  at.tell_version(1, "active", 1001);
  const Json condemned{{"condemned", {{"key", at.key}, {"number", 1}}}};
  at.tell("shred", 1002, ToldScene::changes(condemned), false);
  at.tell("rotate", 1003, ToldScene::changes(condemned));
  CHECK(at.report_of(1000, 1100).shreds.empty());
  at.tell("shred", 1004, ToldScene::changes(condemned));
  const auto report = at.report_of(1000, 1100);
  REQUIRE(report.shreds.size() == 1);
  CHECK(report.shreds[0].stands == "approved");
}

TEST_CASE(
    "A rotation is overdue a period after the version became active, and the reason is said") {
  ToldScene at;
  at.tell_made(1000);
  at.tell_version(1, "pre-activation", 1000, "generate-kek");
  const auto activated = at.tell_version(1, "active", 1001);
  auto report = at.report_of(1000, 1001 + 365);
  REQUIRE(report.rotations.size() == 1);
  CHECK(report.rotations[0].period_days == 365);
  CHECK(report.rotations[0].activations[0].by.entry == activated);
  CHECK_FALSE(report.rotations[0].overdue);
  report = at.report_of(1000, 1001 + 366);
  CHECK(report.rotations[0].overdue);
  CHECK(report.rotations[0].age_days == 366);
  CHECK(report.rotations[0].reason == "no rotation was begun");
  CHECK(report::overdue_in(report) == 1);
  at.tell_version(2, "pre-activation", 1300, "generate-kek");
  at.tell(
      "wrap-for-import", 1301,
      ToldScene::changes(
          {{"placement",
            {{"destination", id_of(77)}, {"key", at.key}, {"number", 2}, {"state", "wrapped"}}}}));
  report = at.report_of(1000, 1400);
  CHECK(report.rotations[0].reason.find("version 2 waits for its activation since") == 0);
  CHECK(report.rotations[0].reason.find("is wrapped") != std::string::npos);
  // Earlier it did not wait yet.
  CHECK(at.report_of(1000, 1299).rotations[0].reason.empty());
  at.tell("tenant-suspend", 1350,
          ToldScene::changes({{"tenant", at.tenant}, {"state", "suspended"}}), false);
  CHECK(at.report_of(1000, 1400).rotations[0].reason.find("the tenant is suspended") == 0);
  // The next version in its place: a new period begins.
  at.tell_version(2, "active", 1401);
  at.tell_version(1, "deactivated", 1401);
  report = at.report_of(1390, 1500);
  CHECK_FALSE(report.rotations[0].overdue);
  CHECK(report.rotations[0].serving->number == 2);
  CHECK(report.rotations[0].activations.size() == 1);
}

TEST_CASE("A key whose versions are all destroyed is not to be rotated") {
  ToldScene at;
  at.tell_made(1000);
  at.tell_version(1, "active", 1001);
  at.tell_version(1, "destroyed", 1010, "shred-close");
  CHECK(at.report_of(1100, 1900).rotations.empty());
  CHECK(at.report_of(1000, 1900).rotations[0].reason == "it is destroyed");
  CHECK(at.report_of(1000, 1900).shreds.size() == 1);
  CHECK(at.report_of(1100, 1900).shreds.empty());
}

TEST_CASE("A proof counts until the next import, and an acceptance has its end") {
  ToldScene at;
  at.tell_made(1000);
  at.tell_version(1, "active", 1001);
  const auto place = [&](const std::string& state, std::int64_t day, Json more = Json::object()) {
    more.update({{"destination", id_of(77)}, {"key", at.key}, {"number", 1}, {"state", state}});
    return at.tell("verify-import", day, ToldScene::changes({{"placement", more}}), false);
  };
  place("imported", 1002);
  CHECK_FALSE(at.report_of(1000, 1100).places[0].proof);
  const auto proven = place("proven", 1003, {{"basis", "cryptographic"}});
  place("serving", 1004);
  auto report = at.report_of(1000, 1100);
  CHECK(report.places[0].at_end.state == "serving");
  CHECK(report.places[0].proof->by.entry == proven);
  CHECK(report.places[0].proof->basis == "cryptographic");
  CHECK_FALSE(report.places[0].proof->by.vouched);
  place("imported", 1050);
  CHECK_FALSE(at.report_of(1000, 1100).places[0].proof);
  CHECK(at.report_of(1000, 1050).places[0].proof);
  place("accepted", 1060, {{"until", "1972-12-31T00:00:00Z"}});
  report = at.report_of(1000, 1100);
  CHECK(report.places[0].proof->until == "1972-12-31T00:00:00Z");
}

TEST_CASE("Unwraps are counted by day, and a refused one is none") {
  ToldScene at;
  at.tell_made(1000);
  at.tell("dek-unwrap", 1005, {{"opened", 3}});
  at.tell("dek-unwrap", 1005, {{"opened", 0}});
  at.tell("credential-open", 1005, Json::object());
  at.tell("dek-unwrap", 1007, {{"opened", 5}});
  at.tell("dek-unwrap", 1200, {{"opened", 5}});
  const auto report = at.report_of(1000, 1100);
  REQUIRE(report.unwraps.size() == 2);
  CHECK(report.unwraps[0].count == 4);
  CHECK(report.unwraps[1].count == 5);
}

TEST_CASE("A registry that has another state, key or version than the log is said to") {
  ToldScene at;
  at.tell_made(1000);
  at.tell_version(1, "pre-activation", 1001, "generate-kek");
  at.reading.audited.verified.checkpoint.head.size = 1000;
  CHECK(says(at.report_of(1000, 1100).wrong, "the registry has not"));
  (void)at.scene.waiting(at.key);
  CHECK(at.report_of(1000, 1100).wrong.empty());
  at.scene.move({at.key, 1}, VersionState::kActive);
  CHECK(says(at.report_of(1000, 1100).wrong,
             "version 1 of payments (Acme) is pre-activation by the log"));
  at.tell_version(1, "active", 1002);
  CHECK(at.report_of(1000, 1100).wrong.empty());
  const std::string other = at.scene.key(at.tenant, "other");
  CHECK(says(at.report_of(1000, 1100).wrong, "the registry has the key " + other));
}

TEST_CASE("What follows the checkpoint is listed as not signed") {
  ToldScene at;
  at.tell_made(1000);
  at.reading.audited.verified.checkpoint.head.size = 12;
  (void)at.scene.waiting(at.key);
  const auto entry = at.tell_version(1, "pre-activation", 1001, "generate-kek");
  const auto report = at.report_of(1000, 1100);
  CHECK(report.wrong.empty());
  REQUIRE(report.not_signed.size() == 1);
  CHECK(report.not_signed[0].entry == entry);
}

TEST_CASE("Each framework counts the entries of the period, and marks what nobody compared") {
  const std::map<std::string, std::vector<report::Done>> acts{
      {"shred-close",
       {{7, at_day(1005), true}, {9, at_day(1006), false}, {20, at_day(1200), true}}}};
  for (const auto& framework : report::frameworks()) {
    CAPTURE(framework.word);
    CHECK(report::find_framework(framework.word) == &framework);
    const auto facts = report::evidence_for(framework, acts, {at_day(1000), at_day(1100)});
    std::size_t seen = 0;
    for (const auto& one : facts.requirements) {
      for (const auto& evidence : one.evidence) {
        ++seen;
        CHECK(evidence.count == 2);
        CHECK(evidence.first == 7);
        CHECK(evidence.last == 9);
        CHECK(evidence.unvouched == 1);
      }
    }
    CHECK(seen == 1);
    CHECK(std::ranges::any_of(framework.requirements,
                              [](const report::Requirement& one) { return !one.compared; }));
  }
  CHECK(report::find_framework("soc2") == nullptr);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
