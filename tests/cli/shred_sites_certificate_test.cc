// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The certificate of a shred at two sites: each of them may issue it with the other's result, and
// openssl and python3 verify all of it. What is missing, pending, changed or about something else
// is named or refused.
#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "base/canonical_json.h"
#include "cli/two_sites.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct CertifiedSites : TwoSites {
  CertifiedSites() = default;
  explicit CertifiedSites(const std::string& faulty_module) : TwoSites(faulty_module) {}

  void shred_both() const {
    if (!ready()) return;
    (void)site.shred(approved());
    (void)must_at_other("shred", carried());
  }
  [[nodiscard]] ProgramRun issue(const std::string& out, const Words& more = {}) const {
    return site.run(Words{"certificate", "--tenant", "Acme", "--out", path(out)} + more);
  }
  [[nodiscard]] ProgramRun issue_at_other(const std::string& out, const Words& more = {}) const {
    return at_other("shred", Words{"certificate", "--tenant", "Acme", "--out", path(out)} + more);
  }
  [[nodiscard]] Words with(const std::string& folder, const std::string& vkey) const {
    return {"--site-result", path(folder + "/certificate.json"), "--site-vkey", vkey};
  }
  [[nodiscard]] Words both_vkeys() const {
    return {"--vkey", site.scene.vkey(), "--vkey", other_vkey};
  }
  [[nodiscard]] ProgramRun check(const std::string& folder, const Words& more) const {
    return run_program(
        Words{tool_path("verify-certificate"), path(folder + "/certificate.json"), "--json"} +
        more);
  }
  // What the commands of docs/formats/certificate.md print first; "" when one of them refuses.
  [[nodiscard]] std::string outside(const std::string& folder) const {
    site.shop().put("vkey", as_bytes(site.scene.vkey() + "\n" + other_vkey + "\n"));
    site.shop().must("rm -rf outside && mkdir outside && cp vkey " + folder +
                     "/certificate.json outside && python3 " KEYRITE_SOURCE_DIR
                     "/tests/unit/certificate/commands.py " KEYRITE_SOURCE_DIR
                     "/docs/formats/certificate.md > outside/commands.sh");
    const auto done = site.shop().run("cd outside && sh -e commands.sh");
    if (done.exit_code != 0) return "";
    return as_text(done.out).substr(0, as_text(done.out).find('\n'));
  }
  // A copy of a folder's document with one thing changed.
  void change(const std::string& from, const std::string& to, const std::string& program) const {
    site.shop().put(
        "change.py",
        as_bytes("import json\n"
                 "whole = json.load(open('" +
                 from + "/certificate.json'))\n" + program + "\nopen('" + to +
                 "/certificate.json', 'w').write(json.dumps(whole, "
                 "sort_keys=True, separators=(',', ':'), ensure_ascii=False) + '\\n')\n"));
    site.shop().must("rm -rf " + to + " && mkdir " + to + " && python3 change.py");
  }
};

Json result_of(const ProgramRun& run, int exit_code) {
  CAPTURE(run.err);
  REQUIRE(run.exit_code == exit_code);
  return parse_json(as_bytes(run.out), "output")["result"];
}

bool any_has(const Json& sentences, const std::string& words) {
  for (const auto& one : sentences)
    if (one.get<std::string>().find(words) != std::string::npos) return true;
  return false;
}

// Each site's own, which is interim, and one of both.
void certify_both(const CertifiedSites& at) {
  at.shred_both();
  (void)result_of(at.issue_at_other("theirs"), 7);
  (void)result_of(at.issue("own"), 7);
  (void)result_of(at.issue("whole", at.with("theirs", at.other_vkey)), 0);
}

TEST_CASE("Each site's own document is interim, and with the other's result a certificate") {
  const CertifiedSites at;
  if (!at.ready()) return;
  at.shred_both();
  const Json alone = result_of(at.issue("own"), 7);
  CHECK(alone["kind"] == "interim-statement");
  REQUIRE(alone["pending"].size() == 1);
  CHECK(any_has(alone["pending"], "names the site keyrite.example/other too, and no result"));
  CHECK(result_of(at.issue_at_other("theirs"), 7)["pending"].size() == 1);
  CHECK(at.outside("own") == "interim-statement");
  CHECK(at.outside("theirs") == "interim-statement");

  const Json whole = result_of(at.issue("whole", at.with("theirs", at.other_vkey)), 0);
  CHECK(whole["kind"] == "certificate");
  CHECK(whole["sites"] == 1);
  const Json checked = result_of(
      at.check("whole", at.both_vkeys() + Words{"--page", at.path("whole/certificate.html")}), 0);
  CHECK(checked["kind"] == "certificate");
  const Json& told = checked["claims"]["other_sites"];
  REQUIRE(told.size() == 1);
  CHECK(told[0]["origin"] == kOtherOrigin);
  CHECK(told[0]["vkey"] == at.other_vkey);
  CHECK(told[0]["result"]["complete"] == true);
  CHECK(told[0]["statement_sha256"] == checked["claims"]["decisions"][0]["statement_sha256"]);
  CHECK(any_has(checked["proven"], "At the site keyrite.example/other, by its log: On"));
  CHECK(at.outside("whole") == "certificate");
  at.site.shop().must("grep -q 'keyrite.example/other: proven by its log' whole/certificate.html");
  // The other way round.
  CHECK(result_of(at.issue_at_other("there", at.with("own", at.site.scene.vkey())), 0)["kind"] ==
        "certificate");
  CHECK(at.outside("there") == "certificate");
  CHECK(result_of(at.check("there", at.both_vkeys()), 0)["origin"] == kOtherOrigin);
}

TEST_CASE("A certificate of two sites is verified with both vkeys, or refused") {
  const CertifiedSites at;
  if (!at.ready()) return;
  certify_both(at);
  const auto& refused = at.site.scene;
  refused.refused(at.check("whole", {"--vkey", at.site.scene.vkey()}), 6, "destruction-site-vkey");
  // Of the site that issued it none.
  CHECK(at.check("whole", {"--vkey", at.other_vkey}).exit_code == 6);
  const auto changed = [&](const std::string& program) {
    CAPTURE(program);
    at.change("whole", "changed", program);
    refused.refused(at.check("changed", at.both_vkeys()), 6, "destruction-signature");
    CHECK(at.outside("changed").empty());
  };
  changed("whole['sites'][0]['statement']['proven'][0] += '.'");
  changed("whole['sites'][0]['entries'][0]['proof'] = []");
  changed("whole['sites'][0]['claims']['complete_here'] = False");
  changed("whole['claims']['other_sites'][0]['result']['complete'] = False");
  changed("del whole['sites']");
  changed("whole['sites'] = whole['sites'] * 2");
  // Without a result it is no certificate, whoever says so.
  at.change("own", "changed", "whole['kind'] = 'certificate'");
  CHECK(at.outside("changed").empty());
}

TEST_CASE("A result counts for the site and the statement that officers approved alone") {
  const CertifiedSites at;
  if (!at.ready()) return;
  certify_both(at);
  (void)result_of(at.issue_at_other("there", at.with("own", at.site.scene.vkey())), 0);
  const auto refused = [&](const Words& words, int exit_code, const std::string& code) {
    CAPTURE(code);
    at.site.scene.refused(at.issue("none", words), exit_code, code);
    at.site.shop().must("test ! -e none");
  };
  refused({"--site-vkey", at.other_vkey}, 2, "certificate-sites");
  refused({"--site-result", at.path("theirs/certificate.json")}, 2, "certificate-sites");
  refused(at.with("theirs", at.site.scene.vkey()), 6, "destruction-site-vkey");
  refused(at.with("own", at.other_vkey), 6, "destruction-site-other");
  refused(at.with("there", at.other_vkey), 6, "destruction-site-nested");
  refused(at.with("theirs", at.other_vkey) + at.with("theirs", at.other_vkey), 6,
          "destruction-site-other");
  at.change("theirs", "changed", "whole['claims']['versions'][0]['state'] = 'active'");
  refused(at.with("changed", at.other_vkey), 6, "destruction-signature");
  at.site.shop().must("mkdir broken && printf '{}' > broken/certificate.json");
  TwoSites::malformed(at.issue("none", at.with("broken", at.other_vkey)), "destruction-format");
  // What the other site decided by a statement of its own is another thing.
  (void)at.must_at_other("key", {"add", "more", "--tenant", "Acme", "--type", "aes-256"});
  (void)at.must_at_other("generate-kek", {"--tenant", "Acme", "--key", "more"});
  const Words more{"--tenant", "Acme", "--key", "more", "--reason", "another"};
  at.refused_at_other(more, 7, "approval-needed");
  const auto statement = at.path(as_text(
      at.site.shop().must("printf %s \"$(ls -t other/approvals/*/statement.json | head -n 1)\"")));
  (void)at.must_at_other("shred", more + Words{"--approval", at.site.scene.sign("alice", statement),
                                               at.site.scene.sign("bob", statement)});
  (void)result_of(at.at_other("shred", {"certificate", "--tenant", "Acme", "--key", "more", "--out",
                                        at.path("another")}),
                  0);
  refused(at.with("another", at.other_vkey), 6, "destruction-site-statement");
}

TEST_CASE("What is pending at one site is pending in the certificate of both") {
  const CertifiedSites at(KEYRITE_FAULTY_MODULE);
  if (!at.ready()) return;
  (void)at.site.shred(at.approved());
  CHECK(at.at_other("shred", at.carried(),
                    {.environment = {{"KEYRITE_TEST_FAULT", "C_DestroyObject 1 0 0x0 answer"}}})
            .exit_code == 7);
  (void)result_of(at.issue_at_other("theirs"), 7);
  const Json interim = result_of(at.issue("whole", at.with("theirs", at.other_vkey)), 7);
  CHECK(interim["kind"] == "interim-statement");
  CHECK(any_has(interim["pending"], "At the site keyrite.example/other, by its log: The copy"));
  CHECK(at.outside("whole") == "interim-statement");
  CHECK(result_of(at.check("whole", at.both_vkeys()),
                  7)["claims"]["other_sites"][0]["result"]["complete"] == false);
  (void)at.must_at_other("shred", at.site.left);
  (void)result_of(at.issue_at_other("later"), 7);
  CHECK(result_of(at.issue("done", at.with("later", at.other_vkey)), 0)["kind"] == "certificate");
  CHECK(at.outside("done") == "certificate");
}

TEST_CASE("A result about one key of several is not about what was approved") {
  const CertifiedSites at;
  if (!at.ready()) return;
  (void)at.must_at_other("key", {"add", "more", "--tenant", "Acme", "--type", "aes-256"});
  (void)at.must_at_other("generate-kek", {"--tenant", "Acme", "--key", "more"});
  at.shred_both();
  (void)result_of(at.at_other("shred", {"certificate", "--tenant", "Acme", "--key", "payments",
                                        "--out", at.path("narrow")}),
                  7);
  const Json interim = result_of(at.issue("whole", at.with("narrow", at.other_vkey)), 7);
  REQUIRE(interim["pending"].size() == 1);
  CHECK(any_has(interim["pending"], "not about all versions"));
  (void)result_of(at.issue_at_other("theirs"), 7);
  CHECK(result_of(at.issue("done", at.with("theirs", at.other_vkey)), 0)["kind"] == "certificate");
}

TEST_CASE("Who performed the destruction at one site verifies it for nobody") {
  const CertifiedSites at;
  if (!at.ready()) return;
  (void)at.site.shred(at.approved());
  // Carol runs it at the other site.
  const auto done =
      run_program(Words{tool_path("shred")} + at.carried() +
                  Words{"--operator", "carol@example.org", "--site", at.path("other"), "--json"});
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  (void)result_of(at.issue_at_other("theirs"), 7);
  (void)result_of(at.issue("whole", at.with("theirs", at.other_vkey)), 0);
  const auto signature =
      at.site.scene.sign("carol", at.path("whole/certificate.json"), "keyrite-certificate@keyrite");
  at.site.scene.refused(
      at.check("whole", at.both_vkeys() + Words{"--signature", signature, "--roster",
                                                at.site.scene.site("roster.toml")}),
      6, "countersignature-performer");
}

TEST_CASE("A certificate of one site that was issued before verifies as it did") {
  const std::string folder = KEYRITE_SOURCE_DIR "/tests/golden/certificates/";
  const auto done =
      run_program({tool_path("verify-certificate"), folder + "one-site.json", "--vkey",
                   folder + "one-site.vkey", "--page", folder + "one-site.html", "--json"});
  const Json checked = result_of(done, 0);
  CHECK(checked["kind"] == "certificate");
  CHECK_FALSE(checked["claims"].contains("other_sites"));
  const Workshop shop;
  shop.must("cp '" + folder + "one-site.json' certificate.json && cp '" + folder +
            "one-site.vkey' vkey && python3 " KEYRITE_SOURCE_DIR
            "/tests/unit/certificate/commands.py " KEYRITE_SOURCE_DIR
            "/docs/formats/certificate.md > commands.sh");
  CHECK(as_text(shop.must("sh -e commands.sh")).starts_with("certificate\n"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
