// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// rotate --compromised where a key serves nowhere: who approves it, what it marks, which data keys
// are to be replaced. What registry and log have is read by python3.
#include <doctest/doctest.h>

#include <string>

#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};
const Words kPayments{"--tenant", "Acme", "--key", "payments"};

Words leaked(const std::string& version, const std::string& reason = "a laptop was stolen") {
  return {"--compromised", "--key-version", version, "--reason", reason};
}

struct Leaking : RotatingCloud {
  using RotatingCloud::RotatingCloud;
  void must(const std::string& tool, const Words& words) const {
    (void)site.scene.must(tool, words + kPayments + kOlga);
  }
  void issue(const std::string& count, const std::string& out) const {
    must("dek", {"issue", "--count", count, "--out", site.path(out)});
  }
  void of_key(const std::string& what) const {
    (void)site.scene.must(
        "key", Words{what, "payments", "--tenant", "Acme", "--reason", "incident 7"} + kOlga);
  }
  // Of the data keys in the file, and of those in rotate's list, in their order.
  [[nodiscard]] std::string ids(const std::string& file, const std::string& member) const {
    return site.look(
        "print(*sorted(json.loads(line)['" + member + "'] for line in open(sys.argv[1])))", file);
  }
};

TEST_CASE("Two officers approve a compromise, for this version and this reason") {
  const Leaking at;
  if (!at.ready()) return;
  CHECK(at.rotate({})["state"] == "done");
  at.issue("3", "records");
  const auto planned = at.run(leaked("1") + Words{"--dry-run"});
  REQUIRE(planned.exit_code == 0);
  CHECK(parse_json(as_bytes(planned.out), "output")["plan"]["keys"][0]["next_step"] ==
        "mark-compromised");
  const auto words = at.approved(leaked("1"));
  CHECK(at.states() == "1 active;");
  // What they read.
  at.site.shop().must("grep -q 'a laptop was stolen' site/approvals/*/names.json");
  at.site.shop().must("grep -qE '\"version\": ?1' site/approvals/*/request.json");
  at.site.shop().must("grep -q '\"rotate-compromised\"' site/approvals/*/statement.json");
  const Words approvals(words.end() - 3, words.end());
  at.site.scene.refused(at.run(leaked("1", "a guess") + approvals), 6, "statement-other-request");
  CHECK(at.states() == "1 active;");

  const Json done = at.rotate(words + at.in("--output", "out"));
  CHECK(done["state"] == "done");
  CHECK(done["active"] == 2);
  CHECK(done["moved"] == 3);
  CHECK(done["compromised"] == Json::array({1}));
  CHECK(done["to_replace"]["count"] == 3);
  CHECK(at.states() == "1 compromised; 2 active;");
  CHECK(at.ids("out/replace-*-v1.jsonl", "dek") == at.ids("records", "id"));
  CHECK(at.site.look("print(db.execute('SELECT DISTINCT number FROM dek').fetchall())") ==
        "[(2,)]");
  // The log has ids, numbers and a hash of it.
  CHECK(at.site.look(R"py(
told, = [e["facts"] for e in map(json.loads, open("site/transcript/log.jsonl"))
         if e.get("act") == "rotate-compromised" and e["event"] == "result"]
print(*sorted(told), [(c["version"]["number"], c["version"]["state"]) for c in told["changes"]])
)py") == "batch changes key rows_sha256 text_sha256 version [(1, 'compromised')]");
  CHECK(at.site.shop().naming("payments|Acme|laptop", "site/transcript") == "");
  at.site.shop().must("grep -rq 'a laptop was stolen' site/texts");

  // Again: nothing is done, and nobody is asked.
  const auto entries = at.site.scene.entries().size();
  const Json again = at.rotate(leaked("1") + at.in("--output", "out"));
  CHECK(again["state"] == "done");
  CHECK(again["moved"] == 0);
  CHECK(again["to_replace"]["count"] == 3);
  CHECK(at.states() == "1 compromised; 2 active;");
  CHECK(at.site.scene.entries().size() == entries);
  CHECK(at.site.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("Which version, and why, is said, what is gone or was never there does not leak") {
  const Leaking at;
  if (!at.ready()) return;
  at.site.serve_at_aws();
  (void)at.rotate({});
  for (const Words& words : {Words{"--compromised"}, Words{"--compromised", "--key-version", "1"},
                             Words{"--compromised", "--reason", "r"}, Words{"--key-version", "1"},
                             Words{"--reason", "r"}, leaked("1") + Words{"--abandon"}}) {
    at.site.scene.refused(at.run(words), 2, "rotate-what");
  }
  at.site.scene.refused(at.site.scene.run("rotate", Words{"--due"} + leaked("1")), 2,
                        "rotate-what");
  at.site.scene.refused(at.run(leaked("9")), 2, "version-unknown");
  CHECK(at.rotate(at.approved({"--abandon"}))["state"] == "given-up");
  at.site.scene.refused(at.run(leaked("1")), 1, "transition-illegal");
  CHECK(at.states() == "1 destroyed;");
}

TEST_CASE("A suspended version is marked too, and one of a tenant who is") {
  const Leaking at;
  if (!at.ready()) return;
  (void)at.rotate({});
  at.issue("2", "records");
  at.of_key("suspend");
  const auto words = at.approved(leaked("1"));
  (void)at.site.scene.must("tenant", Words{"suspend", "Acme", "--reason", "unpaid"} + kOlga);
  CHECK(at.rotate(words)["state"] == "tenant-not-active");
  CHECK(at.states() == "1 compromised;");
  (void)at.site.scene.must("tenant", Words{"suspend", "Acme", "--end", "--reason", "paid"} + kOlga);
  const Json done = at.rotate(leaked("1"));
  CHECK(done["state"] == "done");
  CHECK(done["moved"] == 2);
  CHECK(at.states() == "1 compromised; 2 active;");
}

TEST_CASE("Of an earlier version that leaked, what was ever under it is to be replaced") {
  const Leaking at;
  if (!at.ready()) return;
  (void)at.rotate({});
  at.issue("2", "first");
  CHECK(at.rotate({"--force"})["moved"] == 2);
  at.issue("1", "second");
  const Json done = at.rotate(at.approved(leaked("1")) + at.in("--output", "out"));
  CHECK(done["to_replace"]["count"] == 2);
  CHECK(at.ids("out/replace-*-v1.jsonl", "dek") == at.ids("first", "id"));
  CHECK(at.states() == "1 compromised; 2 active;");
  // Version 2 has all three, and the next one leaves them nowhere else.
  CHECK(at.rotate(at.approved(leaked("2")))["to_replace"]["count"] == 3);
  CHECK(at.states() == "1 compromised; 2 compromised; 3 active;");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
