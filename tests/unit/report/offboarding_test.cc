// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The checklist of a tenant that leaves: each item by what log and registry have, and never
// further.
#include "report/offboarding.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "report/period.h"
#include "unit/report/told_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using report::ItemState;
using report::Leaving;
using report::LeavingItem;

struct LeavingScene : ToldScene {
  LeavingScene() { tell_made(1000); }
  [[nodiscard]] Leaving list(std::optional<registry::Time> given = std::nullopt) {
    const registry::View view = scene.registry().read();
    const auto whose = view->tenants.find(tenant);
    REQUIRE(whose);
    return report::leaving_of(reading.account, *view.operator->(), *whose, given);
  }
  [[nodiscard]] LeavingItem item(const std::string& what) {
    const auto all = list().items;
    const auto found = std::ranges::find(all, what, &LeavingItem::what);
    REQUIRE(found != all.end());
    return *found;
  }
  std::uint64_t offboard(std::int64_t day, const Json& more = Json::object()) {
    Json facts = changes({{"tenant", tenant}, {"state", "offboarding"}});
    facts.update(more);
    return tell("tenant-offboard", day, facts, false);
  }
  std::uint64_t tell_frozen(std::int64_t day) {
    return tell("shred-freeze", day,
                changes({{"frozen", {{"key", key}, {"number", 1}, {"becomes", "frozen"}}}}), false);
  }
  std::uint64_t tell_condemned(std::int64_t day) {
    Json facts = changes({{"condemned", {{"key", key}, {"number", 1}}}});
    return tell("shred", day, facts);
  }
  std::uint64_t tell_place(const std::string& state, std::int64_t day, Json more = Json::object()) {
    more.update({{"destination", id_of(77)}, {"key", key}, {"number", 1}, {"state", state}});
    return tell("shred-deletion", day, changes({{"placement", more}}));
  }
};

TEST_CASE("The day is a month after the earliest request that is known") {
  LeavingScene at;
  CHECK(at.list().requested_from == "nothing");
  CHECK_FALSE(at.list().law_day);
  // Without a request the day on which it was offboarded counts.
  at.offboard(1034);
  CHECK(at.list().requested_from == "offboarded");
  CHECK(report::day_of(*at.list().law_day) == "1972-11-30");
  CHECK(at.list(at_day(1020)).requested_from == "given");
  const auto entry = at.offboard(1034, {{"requested_at", "1972-10-05T08:00:00Z"}});
  auto list = at.list();
  CHECK(list.requested_from == "entry");
  CHECK(list.requested_by->entry == entry);
  CHECK(report::day_of(*list.law_day) == "1972-11-05");
  // A later word of the caller does not give more time.
  CHECK(at.list(at_day(1034)).law_day == list.law_day);
  CHECK(report::day_of(*at.list(at_day(1000)).law_day) == "1972-10-27");
  // Of a tenant that stays, what was asked before is over.
  at.tell("tenant-offboard", 1036, ToldScene::changes({{"tenant", at.tenant}, {"state", "active"}}),
          false);
  CHECK(at.list().requested_from == "nothing");
}

TEST_CASE("A name is one word of every command, whatever it is") {
  LeavingScene at;
  at.tenant = at.scene.tenant("A'cme; rm -rf ~");
  at.tell("tenant-add", 1000, ToldScene::changes({{"tenant", at.tenant}, {"state", "active"}}),
          false);
  const auto command = at.item("offboard").command;
  REQUIRE(command);
  CHECK(*command ==
        "keyrite tenant offboard 'A'\\''cme; rm -rf ~' --reason REASON --requested-at TIME");
}

TEST_CASE("A key goes from to-do over waiting for officers to destroyed") {
  LeavingScene at;
  CHECK(at.item("shred").state == ItemState::kDone);
  CHECK(at.item("shred").detail == "it never had material");
  at.tell_version(1, "active", 1001);
  auto item = at.item("shred");
  CHECK(item.state == ItemState::kToDo);
  CHECK(*item.command == "keyrite shred --tenant Acme --reason REASON --requested-at TIME");
  const auto frozen = at.tell_frozen(1002);
  item = at.item("shred");
  CHECK(item.state == ItemState::kWaits);
  CHECK(item.by->entry == frozen);
  CHECK(*item.command == "keyrite shred --tenant Acme --reason REASON --approval FILE");
  at.tell_condemned(1003);
  item = at.item("shred");
  CHECK(item.state == ItemState::kToDo);
  CHECK(item.detail.find("destruction is pending") != std::string::npos);
  CHECK(*item.command == "keyrite shred --tenant Acme --reason REASON");
  // An entry without a vouch destroys nothing.
  at.tell_version(1, "destroyed", 1004, "shred-close", false);
  CHECK(at.item("shred").state == ItemState::kToDo);
  const auto closed = at.tell_version(1, "destroyed", 1005, "shred-close");
  item = at.item("shred");
  CHECK(item.state == ItemState::kDone);
  CHECK(item.by->entry == closed);
  CHECK_FALSE(item.command);
}

TEST_CASE("A destination is done only when the cloud said that it deleted the key") {
  LeavingScene at;
  at.tell_version(1, "active", 1001);
  at.tell_place("wrapped", 1002);
  CHECK(at.item("destination").state == ItemState::kOutside);
  at.tell_place("proven", 1003);
  CHECK(at.item("destination").state == ItemState::kWaits);
  CHECK_FALSE(at.item("destination").command);
  at.tell_condemned(1004);
  CHECK(at.item("destination").state == ItemState::kToDo);
  CHECK(*at.item("destination").command ==
        "keyrite shred --tenant Acme --reason REASON --output FOLDER");
  at.tell_place("deletion-scheduled", 1005, {{"until", "1972-11-20T00:00:00Z"}});
  CHECK(at.item("destination").state == ItemState::kWaits);
  CHECK(report::day_of(*at.item("destination").until) == "1972-11-20");
  // Who waives an answer has the approvals, and the token.
  const Json waived = ToldScene::changes(
      {{"waived", {{"destination", id_of(77)}, {"key", at.key}, {"number", 1}}}});
  at.tell("shred-waive", 1006, waived, false);
  at.tell("shred-deletion", 1007, waived);
  CHECK(at.item("destination").state == ItemState::kWaits);
  const auto entry = at.tell("shred-waive", 1008, waived);
  CHECK(at.item("destination").state == ItemState::kOutside);
  CHECK(at.item("destination").by->entry == entry);
  at.tell_place("deleted", 1060);
  CHECK(at.item("destination").state == ItemState::kDone);
}

TEST_CASE("A certificate counts when it is complete, vouched for, and newer than all it is about") {
  LeavingScene at;
  at.tell_version(1, "active", 1001);
  CHECK(at.item("certificate").state == ItemState::kWaits);
  at.tell_condemned(1002);
  at.tell_version(1, "destroyed", 1003, "shred-close");
  CHECK(at.item("certificate").state == ItemState::kToDo);
  const auto issue = [&](bool complete, bool vouched) {
    at.reading.account.take_certificate({.tenant = at.tenant,
                                         .complete = complete,
                                         .by = {at.next++, at_day(1010), "olga", vouched}});
  };
  issue(true, false);
  CHECK(at.item("certificate").state == ItemState::kToDo);
  issue(false, true);
  CHECK(at.item("certificate").detail == "the last one is an interim statement");
  issue(true, true);
  CHECK(at.item("certificate").state == ItemState::kDone);
  at.tell_place("deleted", 1060);
  CHECK(at.item("certificate").state == ItemState::kToDo);
}

TEST_CASE("Under a legal hold nothing is to be destroyed, and the list is not over") {
  LeavingScene at;
  at.tell_version(1, "active", 1001);
  at.offboard(1002);
  at.scene.file([&](registry::Stores& stores, const std::string& batch) {
    stores.decisions.propose({registry::DecisionKind::kTenant, at.tenant, 0},
                             registry::TenantPolicy{.hold = registry::Hold{"Court", "case 12"}},
                             batch, id_of(9));
  });
  CHECK(at.item("hold").state == ItemState::kBlocked);
  CHECK(*at.item("hold").command == "keyrite tenant release Acme --reason REASON");
  CHECK(at.item("shred").state == ItemState::kBlocked);
  CHECK(at.item("names").state == ItemState::kBlocked);
  CHECK_FALSE(at.list().is_over());
}

TEST_CASE("The list is over when the names are gone too, and says what it cannot see") {
  LeavingScene at;
  at.tell_version(1, "active", 1001);
  at.tell("wrap-for-import", 1001,
          ToldScene::changes({{"copy",
                               {{"id", id_of(5)},
                                {"key", at.key},
                                {"number", 1},
                                {"form", "bundle"},
                                {"state", "given-away"}}}}));
  at.offboard(1002);
  at.tell_condemned(1003);
  at.tell_version(1, "destroyed", 1004, "shred-close");
  at.reading.account.take_certificate(
      {.tenant = at.tenant, .complete = true, .by = {at.next++, at_day(1010), "olga", true}});
  CHECK(at.item("copy").state == ItemState::kOutside);
  CHECK(at.item("names").state == ItemState::kToDo);
  CHECK(*at.item("names").command ==
        "keyrite shred --tenant Acme --reason REASON --forget --copy FOLDER");
  CHECK_FALSE(at.list().is_over());
  at.tell("shred-forget", 1011,
          ToldScene::changes({{"tenant", at.tenant}, {"state", "forgotten"}}));
  CHECK(at.list().is_over());
  // What nobody signed yet is said to be so; a day that is past is late.
  const Json document = report::to_json(at.list(), at.next - 1, at_day(1100));
  CHECK(document["over"] == true);
  CHECK(document["items"][0]["state"] == "done");
  CHECK(document["items"].back()["by"]["signed"] == false);
}

TEST_CASE("An open item is late after its day, and each line fits a terminal") {
  LeavingScene at;
  at.tell_version(1, "active", 1001);
  at.offboard(1002);
  const Json document = report::to_json(at.list(), 100, at_day(1040));
  for (const auto& item : document["items"]) {
    CAPTURE(item.dump());
    CHECK(item["late"] == (item["state"] == "to-do" || item["state"] == "waits"));
  }
  for (const auto& line : report::text_of(at.list(), 100, at_day(1040))) {
    CAPTURE(line);
    CHECK((line.size() <= 80 || line.find("keyrite ") != std::string::npos));
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
