// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The certificate of what shred really did: at a token that destroys, and at one that does not.
#include <doctest/doctest.h>

#include <string>

#include "base/long_json.h"
#include "cli/document_schema.h"
#include "cli/document_shape.h"
#include "cli/shred_site.h"
#include "cli/stamping_authority.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct Certified {
  ShredSite site;
  Certified() = default;
  explicit Certified(const std::string& faulty_module) : site(faulty_module) {}

  // shred certificate into a new folder; its document.
  [[nodiscard]] Json certify(const std::string& out, const Words& whose, int exit_code) const {
    const auto done = site.run(Words{"certificate", "--out", site.path(out)} + whose);
    CAPTURE(done.err);
    REQUIRE(done.exit_code == exit_code);
    return parse_json(as_bytes(done.out), "output");
  }
  // By the tool, and by the commands of docs/formats/certificate.md. What the tool says.
  [[nodiscard]] Json verified(const std::string& folder, int exit_code) const {
    const auto done = run_program(
        {tool_path("verify-certificate"), site.path(folder) + "/certificate.json", "--vkey",
         site.scene.vkey(), "--page", site.path(folder) + "/certificate.html", "--json"});
    CAPTURE(done.err);
    REQUIRE(done.exit_code == exit_code);
    const Json file = parse_long_json(site.shop().get(folder + "/certificate.json"), folder,
                                      std::size_t{64} << 20U);
    CHECK(schema_objection("certificate-file", file) == "");
    site.shop().put("vkey", as_bytes(site.scene.vkey() + "\n"));
    site.shop().must("mkdir -p outside && cp vkey " + folder +
                     "/certificate.json outside && "
                     "python3 " KEYRITE_SOURCE_DIR
                     "/tests/unit/certificate/commands.py " KEYRITE_SOURCE_DIR
                     "/docs/formats/certificate.md > outside/commands.sh && "
                     "cd outside && sh -e commands.sh");
    return parse_json(as_bytes(done.out), "output")["result"];
  }
};

TEST_CASE("A certificate of one key is approved by its request, which has the key's id in clear") {
  const Certified one;
  if (!one.site.ready()) return;
  (void)one.site.shred(one.site.approved(one.site.left));
  one.site.shop().must(
      "printf '\n[approvals.needed.shred-certificate]\nsecurity-officer = 1\n' >> site/site.toml; "
      "mv site/approvals/* .");
  const Words payments{"--tenant", "Acme", "--key", "payments"};
  CHECK(one.certify("gone", payments, 7)["error"]["code"] == "approval-needed");
  const auto statement = one.site.scene.statement();
  const auto shown = run_program({tool_path("approve"), "show", statement, "--json"});
  CAPTURE(shown.out);
  CHECK(shown.exit_code == 0);
  const auto signature = one.site.scene.sign("alice", statement);
  one.site.shop().must("find . -maxdepth 1 -regex './[0-9a-f]*' -exec mv {} site/approvals/ ';'");
  (void)one.certify("gone", payments + Words{"--approval", signature}, 0);
  (void)one.site.scene.verify();
}

TEST_CASE("What shred destroyed is certified, and openssl and python3 agree") {
  const Certified one;
  if (!one.site.ready()) return;
  (void)one.site.shred(
      one.site.approved(one.site.left + Words{"--requested-at", "2026-05-04T10:00:00Z"}));
  const Json document = one.certify("gone", {"--tenant", "Acme"}, 0);
  CHECK(document_shape(document) == document_shape(documented_example("shred-certificate-result")));
  const Json claims = one.verified("gone", 0)["claims"];
  CHECK(claims["versions"].size() == 1);
  CHECK(claims["versions"][0]["origin"] == "logged");
  CHECK(claims["versions"][0]["copies"][0]["state"] == "destroyed");
  CHECK(claims["runs"][0]["looks"][0]["canary"] == "opens-nowhere");
  CHECK(claims["decisions"][0]["requested_at"] == "2026-05-04T10:00:00Z");
  CHECK(claims["decisions"][0]["approved_by"].size() == 2);
  // Of all records, by python3 from the log of their making.
  CHECK(claims["decisions"][0]["deks"] == 3);
  CHECK(claims["decisions"][0]["dek_list_sha256"].get<std::string>() ==
        one.site.look("print(results('shred')[0]['dek_list_sha256'], end='')"));
  CHECK(one.certify("key", {"--tenant", "Acme", "--key", "payments", "--key-version", "1"},
                    0)["result"]["kind"] == "certificate");
  // Beta is a tenant whose keys nobody condemned.
  CHECK(
      one.site.run({"certificate", "--tenant", "Beta", "--out", one.site.path("beta")}).exit_code ==
      1);
}

TEST_CASE("shred does its own deed, unless its first word names another command") {
  const auto help = run_program({tool_path("shred"), "--help"});
  CHECK(help.out.find("Other commands:\n  certificate  ") != std::string::npos);
  CHECK(help.out.find("--requested-at") != std::string::npos);
  const auto other = run_program({tool_path("shred"), "certificate", "--help"});
  CHECK(other.out.find("Usage:  keyrite shred certificate ") == 0);
  const auto unknown = run_program({tool_path("shred"), "certify", "--json"});
  CHECK(unknown.exit_code == 2);
  CHECK(unknown.err.find("code: command-unknown") != std::string::npos);
}

TEST_CASE("A token that keeps the key gets an interim statement, until the next run ends it") {
  const Certified one(KEYRITE_FAULTY_MODULE);
  if (!one.site.ready()) return;
  (void)one.site.shred(one.site.approved(one.site.left), 7,
                       {.environment = {{"KEYRITE_TEST_FAULT", "C_DestroyObject 1 0 0x0 answer"}}});
  const Json interim = one.certify("interim", {"--tenant", "Acme"}, 7)["result"];
  CHECK(interim["kind"] == "interim-statement");
  CHECK(interim["pending"].size() == 2);
  CHECK(one.verified("interim", 7)["claims"]["runs"][0]["looks"][0]["outcome"] == "still-there");
  (void)one.site.shred(one.site.left);
  CHECK(one.certify("gone", {"--tenant", "Acme"}, 0)["result"]["kind"] == "certificate");
  CHECK(one.verified("gone", 0)["claims"]["runs"].size() == 2);
}

// A certificate of Acme, and what people add to it.
struct Signed : Certified {
  std::string tenant{};
  Signed() {
    if (!site.ready()) return;
    (void)site.shred(site.approved(site.left));
    tenant = site.look(
        "print(*db.execute('SELECT pseudonym FROM pseudonym WHERE name = \"Acme\"')"
        ".fetchone(), end='')");
  }
  // A declaration in FILE, signed by alice unless `person` says who.
  [[nodiscard]] std::string declare(const std::string& file, const Json& more = Json::object(),
                                    const std::string& person = "alice") const {
    Json text{{"format", "keyrite-medium-declaration"},
              {"version", 1},
              {"tenant", tenant},
              {"medium", "backup tape 17"},
              {"says", "shredded by the contractor"},
              {"time", "2026-01-02T03:04:05Z"}};
    text.update(more);
    (void)site.shop().put(file, as_bytes(text.dump()));
    const auto signature = site.scene.sign(person, site.path(file), "keyrite-declaration@keyrite");
    site.shop().must("cp '" + signature + "' '" + file + ".sig'");
    return site.path(file);
  }
  [[nodiscard]] ProgramRun issue(const std::string& out, const Words& more) const {
    return site.run(Words{"certificate", "--tenant", "Acme", "--out", site.path(out)} + more);
  }
  [[nodiscard]] ProgramRun check(const std::string& folder, const Words& more) const {
    return run_program(Words{tool_path("verify-certificate"),
                             site.path(folder) + "/certificate.json", "--vkey", site.scene.vkey(),
                             "--json"} +
                       more);
  }
};

TEST_CASE("What was approved is what the closing tells of data keys, in one number and digest") {
  const Signed at;
  if (!at.site.ready()) return;
  CHECK(at.site.look("closing, = results('shred-close')\n"
                     "decision, = results('shred')\n"
                     "print(closing['deks'], closing['dek_list_sha256'] == "
                     "decision['dek_list_sha256'], end='')") == "3 True");
  (void)at.certify("gone", {"--tenant", "Acme"}, 0);
  const Json shown = at.verified("gone", 0);
  CHECK(shown["claims"]["closings"][0]["deks"] == 3);
  for (const auto& sentence : shown["not_proven"])
    CHECK(sentence.get<std::string>().find("another list of data keys") == std::string::npos);
  at.site.shop().must("grep -q '<dt>Completed</dt>' gone/certificate.html");
}

TEST_CASE("A page says interim, and not completed, while anything is pending") {
  const Certified one(KEYRITE_FAULTY_MODULE);
  if (!one.site.ready()) return;
  (void)one.site.shred(one.site.approved(one.site.left), 7,
                       {.environment = {{"KEYRITE_TEST_FAULT", "C_DestroyObject 1 0 0x0 answer"}}});
  (void)one.certify("interim", {"--tenant", "Acme"}, 7);
  one.site.shop().must(
      "grep -q '<dt>Interim</dt>' interim/certificate.html && "
      "! grep -q 'Completed' interim/certificate.html");
}

TEST_CASE("A custodian's signed word about a medium is declared, and verified by a roster") {
  const Signed at;
  if (!at.site.ready()) return;
  const auto issued = at.issue("gone", {"--declaration", at.declare("tape.json")});
  CAPTURE(issued.err);
  REQUIRE(issued.exit_code == 0);
  const Json shown = at.verified("gone", 0);
  CHECK(shown["declared"][0].get<std::string>().starts_with(
      "alice@example.org declared on 2026-01-02T03:04:05Z of the medium \"backup tape 17\""));
  for (const auto& sentence : shown["proven"])
    CHECK(sentence.get<std::string>().find("tape") == std::string::npos);
  CHECK(shown["declarations"][0]["verified"] == false);
  at.site.shop().must("grep -q 'backup tape 17' gone/certificate.html");
  const auto roster = at.site.scene.site("roster.toml");
  const auto checked = at.check("gone", {"--roster", roster});
  CAPTURE(checked.err);
  CHECK(checked.exit_code == 0);
  CHECK(parse_json(as_bytes(checked.out), "output")["result"]["declarations"][0]["verified"] ==
        true);
  // By ssh-keygen itself, from the file alone.
  at.site.shop().put("take.py", as_bytes(R"py(
import json
one = json.load(open('gone/certificate.json'))['declarations'][0]
open('taken.json', 'w').write(one['text'])
open('taken.sig', 'w').write(one['signature'])
)py"));
  at.site.shop().must(
      "python3 take.py && echo \"alice@example.org $(cut -d' ' -f1,2 alice.pub)\" > allowed && "
      "ssh-keygen -q -Y verify -f allowed -I alice@example.org -n keyrite-declaration@keyrite -s "
      "taken.sig < taken.json");
  // Another roster, in which she has another key.
  at.site.shop().must(
      "sed \"s|$(cut -d' ' -f2 alice.pub)|$(cut -d' ' -f2 mallory.pub)|\" "
      "site/roster.toml > other.toml");
  at.site.scene.refused(at.check("gone", {"--roster", at.site.path("other.toml")}), 6,
                        "declaration-unsigned");
}

TEST_CASE("A declaration that nobody of the roster signed, or of another kind, goes into none") {
  const Signed at;
  if (!at.site.ready()) return;
  const auto refused = [&](const std::string& file, int exit_code, const std::string& code) {
    CAPTURE(code);
    at.site.scene.refused(at.issue("gone", {"--declaration", file}), exit_code, code);
    at.site.shop().must("test ! -e gone");
  };
  refused(at.declare("a.json", Json::object(), "mallory"), 6, "declaration-unsigned");
  const auto file = at.declare("b.json");
  at.site.shop().must("sed -i 's/tape 17/tape 18/' b.json");
  refused(file, 6, "declaration-unsigned");
  at.site.shop().must("rm b.json.sig");
  refused(file, 6, "declaration-unsigned");
  refused(at.declare("c.json", {{"tenant", std::string(32, '0')}}), 6, "declaration-other");
  const auto malformed = [&](const std::string& name, const Json& more, const std::string& code) {
    const auto done = at.issue("gone", {"--declaration", at.declare(name, more)});
    CHECK(done.exit_code == 3);
    CHECK(parse_json(as_bytes(done.out), "output")["error"]["code"] == code);
    at.site.shop().must("test ! -e gone");
  };
  malformed("d.json", {{"format", "another"}}, "declaration-format");
  malformed("e.json", {{"version", 2}}, "declaration-version");
  malformed("f.json", {{"more", 1}}, "declaration-unknown-field");
  malformed("g.json", {{"medium", ""}}, "declaration-invalid");
}

TEST_CASE("A timestamp authority says when it saw the certificate, or its checkpoint") {
  const Signed at;
  if (!at.site.ready()) return;
  REQUIRE(at.issue("gone", {}).exit_code == 0);
  const auto& shop = at.site.shop();
  const StampingAuthority authority(shop);
  authority.reply("gone/certificate.tsq", "gone/certificate.tsr");
  const Words stamped{"--timestamp", at.site.path("gone/certificate.tsr"), "--timestamp-ca",
                      authority.ca()};
  auto done = at.check("gone", stamped);
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  CHECK(parse_json(as_bytes(done.out), "output")["result"]["timestamp"]["of"] == "document");
  shop.must(
      "openssl ts -verify -queryfile gone/certificate.tsq -in gone/certificate.tsr -CAfile "
      "tsa/ca.pem 2>/dev/null");
  // The same of the checkpoint, as a transcript is stamped.
  shop.must(
      "python3 -c \"import json; open('checkpoint', 'w').write(json.load(open("
      "'gone/certificate.json'))['checkpoint'])\" && openssl ts -query -data checkpoint -sha256 "
      "-cert -out q.tsq 2>/dev/null");
  authority.reply("q.tsq", "r.tsr");
  done = at.check("gone", {"--timestamp", at.site.path("r.tsr"), "--timestamp-query",
                           at.site.path("q.tsq"), "--timestamp-ca", authority.ca()});
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  CHECK(parse_json(as_bytes(done.out), "output")["result"]["timestamp"]["of"] == "checkpoint");
  // Of something else, by nobody who is trusted, and in parts.
  shop.must(
      "echo other > other && openssl ts -query -data other -sha256 -cert -out o.tsq "
      "2>/dev/null");
  authority.reply("o.tsq", "o.tsr");
  at.site.scene.refused(at.check("gone", {"--timestamp", at.site.path("o.tsr"), "--timestamp-query",
                                          at.site.path("o.tsq"), "--timestamp-ca", authority.ca()}),
                        6, "timestamp-other-content");
  at.site.scene.refused(at.check("gone", {"--timestamp", at.site.path("gone/certificate.tsr")}), 2,
                        "certificate-timestamp");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
