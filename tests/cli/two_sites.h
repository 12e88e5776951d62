// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Two sites with the same officers, each with a token, a log and a registry of its own, and in each
// a tenant Acme with a key. The first asks the officers, the second takes what they signed. One
// thread.
#pragma once

#include <string>

#include "cli/shred_site.h"

namespace keyrite::test {

inline constexpr const char* kOtherOrigin = "keyrite.example/other";

struct TwoSites {
  ShredSite site;
  std::string other_vkey{};

  TwoSites() { make(); }
  explicit TwoSites(const std::string& faulty_module) : site(faulty_module) { make(); }

  [[nodiscard]] bool ready() const { return site.ready(); }
  [[nodiscard]] std::string path(const std::string& name) const { return site.path(name); }
  // A tool in the second site.
  [[nodiscard]] ProgramRun at_other(const std::string& tool, const Words& words,
                                    const ProgramSettings& with = {}) const {
    return run_program(Words{tool_path(tool)} + words + site.operator_words +
                           Words{"--site", path("other"), "--json"},
                       with);
  }
  Json must_at_other(const std::string& tool, const Words& words, int exit_code = 0) const {
    const auto done = at_other(tool, words);
    CAPTURE(done.err);
    REQUIRE(done.exit_code == exit_code);
    return parse_json(as_bytes(done.out), "output")["result"];
  }
  void refused_at_other(const Words& words, int exit_code, const std::string& code) const {
    CAPTURE(code);
    site.scene.refused(at_other("shred", words), exit_code, code);
  }
  // Of a file that does not have its form: nothing is to be done but to give another one.
  static void malformed(const ProgramRun& run, const std::string& code) {
    CAPTURE(run.err);
    CHECK(run.exit_code == 3);
    CHECK(parse_json(as_bytes(run.out), "output")["error"]["code"] == code);
  }
  // The list of the second site, which freezes what is to go there.
  void list_other() const {
    (void)must_at_other("shred", site.left + Words{"--site-list", path("other.json")});
  }
  [[nodiscard]] Words for_both() const {
    return site.left + Words{"--other-site", path("other.json"), "--other-vkey", other_vkey};
  }
  // What officers sign is in the folder "carried": statement, request, names and signatures.
  [[nodiscard]] Words approved() const {
    list_other();
    auto words = site.approved(for_both());
    site.shop().must(
        "rm -rf carried && cp -r \"$(dirname \"$(ls -t site/approvals/*/statement.json | head -n "
        "1)\")\" carried && cp alice.sshsig bob.sshsig carried");
    return words;
  }
  [[nodiscard]] Words carried(const std::string& folder = "carried") const {
    return site.left + Words{"--statement", path(folder)};
  }
  // A copy of "carried" in which python3 changed `request`; the statement names it.
  [[nodiscard]] Words changed(const std::string& program) const {
    site.shop().put("change.py",
                    as_bytes("import hashlib, json\n"
                             "def plain(value): return json.dumps(value, sort_keys=True, "
                             "separators=(',', ':'), ensure_ascii=False).encode()\n"
                             "request = json.load(open('changed/request.json'))\n"
                             "statement = json.load(open('changed/statement.json'))\n"
                             "here, = [one for one in request['inputs']['sites'] if "
                             "one['origin'] == 'keyrite.example/other']\n" +
                             program +
                             "\nopen('changed/request.json', 'wb').write(plain(request))\n"
                             "statement['request_sha256'] = "
                             "hashlib.sha256(plain(request)).hexdigest()\n"
                             "open('changed/statement.json', 'wb').write(plain(statement))\n"));
    site.shop().must("rm -rf changed && cp -r carried changed && python3 change.py");
    return carried("changed");
  }
  [[nodiscard]] ProgramRun verify_other() const {
    return run_program(
        {tool_path("transcript"), "verify", path("other"), "--vkey", other_vkey, "--json"});
  }

 private:
  void make() {
    if (!ready()) return;
    const auto& room = site.scene.room();
    room.shop.must(
        "softhsm2-util --init-token --free --label TEST-other --pin user-1234 --so-pin "
        "officer-1234 >/dev/null");
    const auto made =
        run_program({tool_path("init-site"), path("other"), "--origin", kOtherOrigin, "--roster",
                     path("roster.toml"), "--last-signed", path("last-signed-other"),
                     "--site-pin-file", path("pin"), "--module", room.token->module.path.value(),
                     "--token", "pkcs11:token=TEST-other", "--pin-file", path("pin"), "--json"});
    CAPTURE(made.err);
    REQUIRE(made.exit_code == 0);
    other_vkey = parse_json(as_bytes(made.out), "output")["result"]["vkey"].get<std::string>();
    (void)must_at_other("tenant", {"add", "Acme", "--owner", "Ada"});
    (void)must_at_other("key", {"add", "payments", "--tenant", "Acme", "--type", "aes-256"});
    (void)must_at_other("generate-kek", {"--tenant", "Acme", "--key", "payments"});
    (void)must_at_other("key", {"activate", "payments", "--tenant", "Acme"});
    (void)must_at_other("dek", {"issue", "--tenant", "Acme", "--key", "payments", "--count", "2",
                                "--out", path("other.deks")});
  }
};

}  // namespace keyrite::test
