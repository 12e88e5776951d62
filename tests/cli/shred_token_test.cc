// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Tokens that do not destroy what they say, that hide it, that have it twice, or at which nobody
// can look afterwards: none of it is called destroyed, and the next run ends it.
#include <doctest/doctest.h>

#include <string>

#include "cli/shred_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

ProgramSettings fault(const std::string& told) {
  return {.environment = {{"KEYRITE_TEST_FAULT", told}}};
}

// Pending, whatever the token says; and then gone, by the next run, without another approval.
void check_pending(const ShredSite& site, const ProgramSettings& with, const std::string& outcome,
                   const std::string& left) {
  const Json done = site.shred(site.approved(site.left), 7, with);
  CHECK(done["state"] == "pending");
  CHECK(done["at_token"][0]["outcome"] == outcome);
  CHECK(site.states() == "1 deactivated;");
  CHECK(site.objects() == left);
  CHECK_FALSE(site.opens("Acme", "Acme.deks"));
  CHECK(site.look("print(*db.execute(\"SELECT state FROM key_copy WHERE state LIKE 'destr%'\"))") ==
        "('destruction-pending',)\n");
  CHECK(site.look("print(*db.execute('SELECT kept, count(*) FROM dek GROUP BY kept'))") ==
        "('here', 6)\n");
  site.refused(site.left + Words{"--unfreeze"}, 1, "shred-approved");
}

void check_ends(const ShredSite& site) {
  CHECK(site.shred(site.left)["state"] == "destroyed");
  CHECK(site.states() == "1 destroyed;");
  CHECK(site.objects() == "3");
  CHECK(site.opens("Beta", "Beta.deks"));
  CHECK(site.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("A token that says that it destroyed a key, and did not, is found out") {
  const ShredSite site(KEYRITE_FAULTY_MODULE);
  if (!site.ready()) return;
  check_pending(site, fault("C_DestroyObject 1 0 0x0 answer"), "still-there", "4");
  check_ends(site);
}

TEST_CASE("A token that refuses, and may have destroyed the key all the same, is asked again") {
  const ShredSite site(KEYRITE_FAULTY_MODULE);
  if (!site.ready()) return;
  check_pending(site, fault("C_DestroyObject 1 0 0x6 answer"), "not-destroyed", "4");
  check_ends(site);
}

TEST_CASE("A key that is hidden from the process that destroyed it is seen by a fresh one") {
  const ShredSite site(KEYRITE_FAULTY_MODULE);
  if (!site.ready()) return;
  check_pending(site, {.environment = {{"KEYRITE_TEST_HIDE", "1"}}}, "still-there", "4");
  check_ends(site);
}

// Of Acme's key.
std::string cka_id(const ShredSite& site) {
  return site.look(
      "print(*db.execute('SELECT cka_id FROM version v JOIN tenant_key k ON k.id = v.key_id JOIN "
      "pseudonym p ON p.pseudonym = k.tenant_id AND p.name = \"Acme\"').fetchone(), end='')");
}

TEST_CASE("A second copy under another id and label is found by its check value") {
  const ShredSite site(KEYRITE_FAULTY_MODULE);
  if (!site.ready()) return;
  site.edit("copy-id " + cka_id(site) + " innocent 0c0c");
  check_pending(site, {}, "still-there", "4");
  CHECK(site.look("print(results('shred-destroy')[0]['versions'][0]['found'])") ==
        "[{'by': 'check-value', 'id': '0c0c'}]\n");
  CHECK(site.look("print(results('shred-destroy')[0]['versions'][0]['canary'])") == "opened\n");
  site.edit("destroy innocent");
  check_ends(site);
}

TEST_CASE("Where no fresh process can log in, nothing is said of the key") {
  const ShredSite site(KEYRITE_FAULTY_MODULE);
  if (!site.ready()) return;
  auto with = fault("C_Login 1 0 0x30 answer");
  with.environment["KEYRITE_TEST_FAULT_WORD"] = "--fresh-look";
  check_pending(site, with, "not-looked", "3");
  const auto told = site.run(site.left, with);
  CHECK(told.exit_code == 7);
  CHECK(told.err.find("no fresh process could look at the token") != std::string::npos);
  CHECK(parse_json(as_bytes(told.out), "output")["result"]["at_token"][0]["error"] ==
        "fresh-look-failed");
  check_ends(site);
}

TEST_CASE("A fresh process that a token fails while it looks says nothing of the key") {
  const ShredSite site(KEYRITE_FAULTY_MODULE);
  if (!site.ready()) return;
  auto with = fault("C_UnwrapKey 3 0 0x30 answer");
  with.environment["KEYRITE_TEST_FAULT_WORD"] = "--fresh-look";
  check_pending(site, with, "not-looked", "3");
  check_ends(site);
}

TEST_CASE("A key that the token lets nobody destroy stays pending, however often it is tried") {
  const ShredSite site(KEYRITE_FAULTY_MODULE);
  if (!site.ready()) return;
  (void)site.must("key", {"add", "bolted", "--tenant", "Acme", "--type", "aes-256"});
  const auto made = site.scene.run(
      "generate-kek", Words{"--tenant", "Acme", "--key", "bolted"} + site.operator_words,
      {.environment = {{"KEYRITE_TEST_BOLT", "1"}}});
  CAPTURE(made.err);
  REQUIRE(made.exit_code == 0);
  const auto words = site.left + Words{"--key", "bolted"};
  CHECK(site.shred(site.approved(words), 7)["at_token"][0]["outcome"] == "not-destroyed");
  const auto again = site.run(words);
  CHECK(again.exit_code == 7);
  CHECK(again.err.find("CKR_ACTION_PROHIBITED") != std::string::npos);
  CHECK(again.err.find("destruction pending") != std::string::npos);
  CHECK(site.states() == "1 pre-activation; 1 active;");
  CHECK(site.objects() == "5");
  CHECK(site.look("print(results('shred-destroy')[1]['versions'][0]['answer']['name'])") ==
        "CKR_ACTION_PROHIBITED\n");
  const auto statement =
      site.run({"certificate", "--tenant", "Acme", "--key", "bolted", "--out", site.path("kept")});
  CHECK(statement.exit_code == 7);
  site.shop().must("grep -q '\"kind\":\"interim-statement\"' kept/certificate.json");
}

TEST_CASE("Where a token tells no check values, what was not compared is said") {
  const ShredSite site(KEYRITE_FAULTY_MODULE);
  if (!site.ready()) return;
  // A copy that unwraps nothing either: no canary shows it.
  site.edit("mute-id " + cka_id(site) + " innocent 0c0c");
  const auto words = site.approved(site.left);
  auto with = fault("C_DigestKey 1 0 0x54 answer");
  with.environment["KEYRITE_TEST_FAULT_WORD"] = "--fresh-look";
  const auto done = site.run(words, with);
  CAPTURE(done.err);
  CHECK(done.exit_code == 0);
  CHECK(parse_json(as_bytes(done.out), "output")["result"]["at_token"][0]["text"]
            .get<std::string>()
            .find("2 of 3 keys there tell no value") != std::string::npos);
  CHECK(site.look("print(results('shred-destroy')[0]['unread'])") == "2\n");
  const auto certificate =
      site.run({"certificate", "--tenant", "Acme", "--out", site.path("gone")});
  CHECK(certificate.exit_code == 0);
  site.shop().must("grep -q '2 of its keys told no value' gone/certificate.json");
}

TEST_CASE("Of two shreds at once none says more than is so, and together they end it") {
  const ShredSite site;
  if (!site.ready()) return;
  const auto words = site.approved(site.left);
  std::string command = "'" + tool_path("shred") + "' --json --site '" + site.scene.site() + "'";
  for (const auto& word : words + site.operator_words) command += " '" + word + "'";
  site.shop().must("(" + command + " > one 2> one.err; echo $? > one.code) & (" + command +
                   " > two 2> two.err; echo $? > two.code) & wait");
  site.shop().put("both.py", as_bytes(R"py(
import json
ends = []
for name in ('one', 'two'):
    code, out = int(open(name + '.code').read()), json.load(open(name))
    ends.append(out.get('result', {}).get('state') == 'destroyed')
    assert ends[-1] == (code == 0), (code, out)
print(any(ends), end='')
)py"));
  const auto any = as_text(site.shop().must("python3 both.py"));
  CHECK(site.shred(site.left)["state"] == "destroyed");
  CHECK(any == "True");
  CHECK(site.states() == "1 destroyed;");
  CHECK(site.objects() == "3");
  CHECK(site.opens("Beta", "Beta.deks"));
  CHECK(site.scene.verify()["unsigned_entries"] == 0);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
