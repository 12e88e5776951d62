// An approved act was killed after it had made its key, and the lines that no checkpoint signed
// were cut off: the approval was used again. Every intent is signed before its act.
#include <doctest/doctest.h>

#include "attacks/act_in_child.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const act::Intent kIntent{.act = "generate-kek", .label = "acme", .id = "0a0b"};

TEST_CASE("An approval that a killed act used stays used when the unsigned lines are cut off") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  scene.room().shop.must(
      "printf '\\n[approvals.needed.generate-kek]\\nsecurity-officer = 2\\n' >> site/site.toml");
  const auto kill_it = [](act::TokenSession&) { kill_this_process(); };
  REQUIRE(outcome_in_child(scene, kIntent, {}, kill_it) == "approval-needed");
  const std::string statement = scene.statement();
  const Words approvals{scene.sign("alice", statement), scene.sign("bob", statement)};
  REQUIRE(outcome_in_child(scene, kIntent, approvals, kill_it) == "killed");
  cut_unsigned_lines(scene);
  // The intent is among what stays: signed before the act began.
  const Json last = scene.entries().back();
  CHECK(last["event"] == "intent");
  CHECK(last["approval"]["by"].size() == 2);
  CHECK(outcome_in_child(scene, kIntent, approvals, [](act::TokenSession&) {}) == "statement-used");
  scene.check_with_other_programs();
}

TEST_CASE("An act that nobody need approve is signed before it is done as well") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  REQUIRE(outcome_in_child(scene, kIntent, {}, [](act::TokenSession&) { kill_this_process(); }) ==
          "killed");
  CHECK(scene.verify()["unsigned_entries"] == 0);
  CHECK(scene.entries().back()["event"] == "intent");
  // And its failure after it, since the token is at hand.
  const auto fail = [](act::TokenSession&) {
    throw Error(Kind::kToken, "made-to-fail", "this work fails");
  };
  CHECK(outcome_in_child(scene, kIntent, {}, fail) == "made-to-fail");
  CHECK(scene.entries().back()["error"]["code"] == "made-to-fail");
  CHECK(scene.verify()["unsigned_entries"] == 0);
  scene.check_with_other_programs();
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
