// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// One site with two tokens that hold the same keys: what officers approve names both, a run
// destroys at those that it is given, and what it was not at stays pending. What each token holds
// is asked by Cryptoki itself.
#include <doctest/doctest.h>

#include <string>

#include "cli/cluster_tokens.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct Cluster {
  ShredSite site;
  std::string own{};
  std::string other{};
  Words member{};

  Cluster() { make(); }
  explicit Cluster(const std::string& faulty_module) : site(faulty_module) { make(); }

  [[nodiscard]] bool ready() const { return site.ready(); }
  Json reconcile(const Words& words = {}) const {
    return site.must("inventory", Words{"reconcile"} + words);
  }

 private:
  void make() {
    if (!ready()) return;
    own = own_serial(site);
    other = make_member(site);
    member = {"--member", "pkcs11:serial=" + other};
  }
};

TEST_CASE("A copy on another token of the cluster comes on record, by its value") {
  const Cluster at;
  if (!at.ready()) return;
  CHECK(at.reconcile()["recorded"].empty());
  const Json found = at.reconcile(at.member);
  CHECK(found["token_serial"] == at.other);
  CHECK(found["recorded"].size() == 2);  // Acme's and Beta's
  CHECK(at.reconcile(at.member)["recorded"].empty());
  CHECK(at.site.look("print(*db.execute('SELECT token_serial, state, count(*) FROM key_copy GROUP "
                     "BY 1, 2 ORDER BY token_serial = \"" +
                     at.other + "\"'))") ==
        "('" + at.own + "', 'present', 2) ('" + at.other + "', 'present', 2)\n");
  CHECK(at.site.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("What officers approve names each token, and what a run was not at is pending") {
  const Cluster at;
  if (!at.ready()) return;
  (void)at.reconcile(at.member);
  const auto words = at.site.approved(at.site.left);
  CHECK(as_text(at.site.shop().must(
            "python3 -c \"import glob, json; one, = glob.glob('site/approvals/*/request.json'); "
            "print(*sorted(t['serial'] for t in json.load(open(one))['inputs']['tokens']), "
            "end='')\"")) ==
        (at.own < at.other ? at.own + " " + at.other : at.other + " " + at.own));
  const auto shown = run_program({tool_path("approve"), "show", at.site.scene.statement()});
  CHECK(shown.out.find(at.own) != std::string::npos);
  CHECK(shown.out.find(at.other) != std::string::npos);

  const Json first = at.site.shred(words, 7);
  CHECK(first["state"] == "pending");
  CHECK(first["at_token"].size() == 1);
  CHECK(first["at_token"][0]["outcome"] == "absent");
  CHECK(first["at_token"][0]["token_serial"] == at.own);
  REQUIRE(first["missing"].size() == 1);
  CHECK(first["missing"][0]["token_serial"] == at.other);
  CHECK(first["missing"][0]["state"] == "destruction-pending");
  CHECK(objects_at(at.site, at.own) == "3");
  CHECK(objects_at(at.site, at.other) == "4");
  CHECK(at.site.states() == "1 deactivated;");

  const Json second = at.site.shred(at.site.left + at.member);
  CHECK(second["state"] == "destroyed");
  CHECK(second["at_token"][0]["token_serial"] == at.other);
  CHECK(second["missing"].empty());
  CHECK(objects_at(at.site, at.other) == "3");
  CHECK(at.site.states() == "1 destroyed;");
  CHECK(at.site.opens("Beta", "Beta.deks"));
  CHECK(at.site.scene.verify()["unsigned_entries"] == 0);
  at.site.scene.check_with_other_programs();
}

TEST_CASE("One run destroys at each token that it is given, and asks for approvals once") {
  const Cluster at;
  if (!at.ready()) return;
  (void)at.reconcile(at.member);
  const Json done = at.site.shred(at.site.approved(at.site.left) + at.member);
  CHECK(done["state"] == "destroyed");
  REQUIRE(done["at_token"].size() == 2);
  for (const auto& one : done["at_token"]) CHECK(one["outcome"] == "absent");
  CHECK(objects_at(at.site, at.own) == "3");
  CHECK(objects_at(at.site, at.other) == "3");
  CHECK(
      at.site.look("print(len([e for e in log if 'approval' in e]), len(results('shred-destroy')), "
                   "*{e['token']['serial'] for e in log if e.get('act') == 'shred-destroy' and "
                   "e['event'] == 'intent'} ^ {'" +
                   at.own + "', '" + at.other + "'})") == "1 2\n");
  const auto done_again =
      at.site.run({"certificate", "--tenant", "Acme", "--out", at.site.path("gone")});
  CHECK(done_again.exit_code == 0);
}

TEST_CASE("A member that is not there, or is another token, leaves its copy pending") {
  const Cluster at;
  if (!at.ready()) return;
  (void)at.reconcile(at.member);
  const auto words = at.site.approved(at.site.left);
  const Json done = at.site.shred(words + Words{"--member", "pkcs11:serial=ffffffffffffffff"}, 7);
  CHECK(done["state"] == "pending");
  REQUIRE(done["not_reached"].size() == 1);
  CHECK(done["not_reached"][0]["error"] == "token-not-found");
  CHECK(done["missing"][0]["token_serial"] == at.other);
  // One that has no key of this log.
  at.site.shop().must(
      "softhsm2-util --init-token --free --label stranger --pin user-1234 --so-pin officer-1234 "
      ">/dev/null");
  const Json stranger = at.site.shred(at.site.left + Words{"--member", "pkcs11:token=stranger"}, 7);
  CHECK(stranger["not_reached"].size() == 1);
  CHECK(objects_at(at.site, at.other) == "4");
  CHECK(at.site.shred(at.site.left + at.member)["state"] == "destroyed");
}

TEST_CASE("A run that is killed at the second token is run again, with no other approval") {
  const Cluster at(KEYRITE_FAULTY_MODULE);
  if (!at.ready()) return;
  (void)at.reconcile(at.member);
  CHECK(at.site.shred(at.site.approved(at.site.left), 7)["state"] == "pending");
  // At the site's own token nothing is left to be destroyed: the first call is at the member.
  const auto killed =
      at.site.run(at.site.left + at.member,
                  {.environment = {{"KEYRITE_TEST_FAULT", "C_DestroyObject 1 0 0x9 signal"}}});
  CHECK(killed.exit_code != 0);
  CHECK(objects_at(at.site, at.own) == "3");
  CHECK(objects_at(at.site, at.other) == "4");
  CHECK(at.site.states() == "1 deactivated;");
  (void)at.site.must("resume", {});
  const Json done = at.site.shred(at.site.left + at.member);
  CHECK(done["state"] == "destroyed");
  CHECK(objects_at(at.site, at.other) == "3");
  CHECK(at.site.look("print(len([e for e in log if 'approval' in e]))") == "1\n");
  CHECK(at.site.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("A copy that comes on record after the approvals was approved by nobody") {
  const Cluster at(KEYRITE_FAULTY_MODULE);
  if (!at.ready()) return;
  (void)at.site.shred(at.site.approved(at.site.left), 7,
                      {.environment = {{"KEYRITE_TEST_FAULT", "C_DestroyObject 1 0 0x0 answer"}}});
  (void)at.reconcile(at.member);
  const auto words = at.site.approved(at.site.left);
  CHECK(objects_at(at.site, at.other) == "4");
  CHECK(at.site.shred(words + at.member)["state"] == "destroyed");
  CHECK(objects_at(at.site, at.own) == "3");
  CHECK(objects_at(at.site, at.other) == "3");
}

TEST_CASE("A member is named in a site alone, and by no PIN of its own") {
  const Cluster at;
  if (!at.ready()) return;
  at.site.refused(at.site.left + Words{"--member", "pkcs11:serial=1?pin-source=file:/pin"}, 2,
                  "pin-sources-conflict");
  const auto done = run_program({tool_path("inventory"), "reconcile", "--json", "--member",
                                 "pkcs11:serial=1", "--token", "pkcs11:serial=1"});
  CHECK(done.exit_code == 2);
  CHECK(parse_json(as_bytes(done.out), "output")["error"]["code"] == "member-without-site");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
