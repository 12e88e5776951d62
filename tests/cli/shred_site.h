// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A site with two tenants, Acme and Beta, whose key payments has an active version with data keys;
// two officers approve a shred. What the token holds is asked by Cryptoki itself. One thread.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "cli/site_room.h"

namespace keyrite::test {

struct ShredSite {
  SiteRoom scene;
  Words operator_words{"--operator", "olga@example.org"};
  Words left{"--tenant", "Acme", "--reason", "they left us"};

  ShredSite() { make(); }
  explicit ShredSite(const std::string& faulty_module) : scene(faulty_module) { make(); }

  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  [[nodiscard]] std::string path(const std::string& name) const { return scene.room().path(name); }
  Json must(const std::string& tool, const Words& words) const {
    return scene.must(tool, words + operator_words);
  }
  [[nodiscard]] ProgramRun run(const Words& words, const ProgramSettings& with = {}) const {
    return scene.run("shred", words + operator_words, with);
  }
  void add_key(const std::string& tenant, const std::string& key) const {
    (void)must("key", {"add", key, "--tenant", tenant, "--type", "aes-256"});
    (void)must("generate-kek", {"--tenant", tenant, "--key", key, "--extractable"});
    (void)must("key", {"activate", key, "--tenant", tenant});
  }
  void issue(const std::string& tenant, const std::string& count, const std::string& out) const {
    (void)must("dek", {"issue", "--tenant", tenant, "--key", "payments", "--count", count, "--out",
                       path(out)});
  }
  // With the words, and the signatures of two officers over the statement that waits for them.
  [[nodiscard]] Words approved(const Words& words) const {
    scene.refused(run(words), 7, "approval-needed");
    const auto statement = path(
        as_text(shop().must("printf %s \"$(ls -t site/approvals/*/statement.json | head -n 1)\"")));
    return words +
           Words{"--approval", scene.sign("alice", statement), scene.sign("bob", statement)};
  }
  // {"state", ...} of a run that ends with this code.
  [[nodiscard]] Json shred(const Words& words, int exit_code = 0,
                           const ProgramSettings& with = {}) const {
    const auto done = run(words, with);
    CAPTURE(done.err);
    REQUIRE(done.exit_code == exit_code);
    return parse_json(as_bytes(done.out), "output")["result"];
  }
  void refused(const Words& words, int exit_code, const std::string& code) const {
    CAPTURE(code);
    scene.refused(run(words), exit_code, code);
  }
  // Whether dek unwrap opens what was issued into the file.
  [[nodiscard]] bool opens(const std::string& tenant, const std::string& records) const {
    shop().must("rm -f opened");
    const auto done = scene.run("dek", Words{"unwrap", "--tenant", tenant, "--reason", "a test",
                                             "--from", path(records), "--out", path("opened")} +
                                           operator_words);
    return done.exit_code == 0;
  }
  // A python3 program that has `db`, the registry, and `results(act)`, the facts of an act.
  [[nodiscard]] std::string look(const std::string& program) const {
    shop().put("look.py",
               as_bytes("import json, os, sqlite3, sys\n"
                        "db = sqlite3.connect('site/registry.sqlite')\n"
                        "log = [json.loads(line) for line in open('site/transcript/log.jsonl')]\n"
                        "def facts(entry):\n"
                        "    told = entry['facts']\n"
                        "    side = told.get('evidence_sha256')\n"
                        "    return json.load(open('site/transcript/evidence/' + side)) if side "
                        "else told\n"
                        "def results(act): return [facts(e) for e in log if e.get('act') == act\n"
                        "                          and e['event'] == 'result' and e['outcome'] == "
                        "'done']\n" +
                        program));
    return as_text(shop().must("python3 look.py"));
  }
  // Of Acme's key payments: "1 destroyed;".
  [[nodiscard]] std::string states() const {
    return look(
        "print(*(f'{n} {s};' for n, s in db.execute('SELECT number, state FROM version v JOIN "
        "tenant_key k ON k.id = v.key_id JOIN pseudonym p ON p.name = \"Acme\" AND p.pseudonym = "
        "k.tenant_id ORDER BY k.name, number')), end='')");
  }
  // How many key objects a process sees that has not loaded the module yet.
  [[nodiscard]] std::string objects() const {
    const auto& token = *scene.room().token;
    const char* real = std::getenv("KEYRITE_TEST_REAL_MODULE");  // NOLINT(concurrency-mt-unsafe)
    const auto module = real != nullptr ? std::string(real) : token.module.path.value();
    return as_text(shop().must("python3 " KEYRITE_SOURCE_DIR "/tests/faults/token_objects.py '" +
                               module +
                               "' pin | python3 -c 'import json, sys; "
                               "print(len(json.load(sys.stdin)), end=\"\")'"));
  }
  void edit(const std::string& words) const {
    const auto& token = *scene.room().token;
    const char* real = std::getenv("KEYRITE_TEST_REAL_MODULE");  // NOLINT(concurrency-mt-unsafe)
    const auto module = real != nullptr ? std::string(real) : token.module.path.value();
    shop().must("python3 " KEYRITE_SOURCE_DIR "/tests/cli/token_editor.py " KEYRITE_SOURCE_DIR
                "/tests/faults '" +
                module + "' " + token.pin + " " + words);
  }

 private:
  void make() {
    if (!ready()) return;
    for (const char* tenant : {"Acme", "Beta"}) {
      (void)must("tenant", {"add", tenant, "--owner", "Ada"});
      add_key(tenant, "payments");
      issue(tenant, "3", std::string(tenant) + ".deks");
    }
  }
};

}  // namespace keyrite::test
