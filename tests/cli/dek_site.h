// A site with a tenant, Acme, whose AES key payments has an active version, and the words with
// which keyrite dek is run there. One thread.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <sstream>
#include <string>
#include <vector>

#include "cli/site_room.h"
#include "registry/registry.h"

namespace keyrite::test {

inline const Words kOlga{"--operator", "olga@example.org"};
inline const Words kOfPayments{"--tenant", "Acme", "--key", "payments"};

// The registry and the log are looked at by python3.
struct Issued {
  SiteRoom scene{};
  explicit Issued(bool activate = true) {
    if (!ready()) return;
    add_tenant("Acme", "payments");
    if (activate) (void)must("key", {"activate", "payments", "--tenant", "Acme"});
  }
  void add_tenant(const std::string& tenant, const std::string& key) const {
    (void)must("tenant", {"add", tenant, "--owner", "Ada"});
    (void)must("key", {"add", key, "--tenant", tenant, "--type", "aes-256"});
    (void)must("generate-kek", {"--tenant", tenant, "--key", key});
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  [[nodiscard]] std::string path(const std::string& name) const { return scene.room().path(name); }
  Json must(const std::string& tool, const Words& words) const {
    return scene.must(tool, words + kOlga);
  }
  void refused(const Words& words, int exit_code, const std::string& code) const {
    CAPTURE(code);
    scene.refused(scene.run("dek", words + kOlga), exit_code, code);
  }
  Json issue(const std::string& out, const Words& more = {}) const {
    return must("dek", Words{"issue", "--out", path(out)} + kOfPayments + more);
  }
  [[nodiscard]] Words unwrap(const Words& more) const {
    return Words{"unwrap", "--tenant", "Acme", "--reason", "a test"} + more;
  }
  [[nodiscard]] std::vector<Json> lines(const std::string& name) const {
    std::vector<Json> found;
    std::istringstream text(as_text(shop().must("cat " + name)));
    for (std::string line; std::getline(text, line);)
      found.push_back(parse_json(as_bytes(line), "a line"));
    return found;
  }
  // As an act does that this test needs no tool for.
  void deactivate(std::int64_t number) const {
    registry::Registry registry(site_registry());
    auto transaction = registry.write();
    const auto tenant = transaction->tenants.named("Acme").value();
    const auto key = transaction->keys.named(tenant.id, "payments").value();
    const auto version = transaction->versions.find({key.id, number}).value();
    const auto at = transaction->log.position("keyrite.example/test");
    transaction->versions.move(
        version.id, registry::VersionState::kDeactivated, version.revision,
        {registry::Time{std::chrono::milliseconds(1)}, "olga", {at.size - 1, at.leaf}});
    transaction.commit();
  }
  [[nodiscard]] std::string site_registry() const { return scene.site() + "/registry.sqlite"; }
  // A python3 program that has `db`, the registry, and `log`.
  void look(const std::string& program) const {
    shop().put(
        "look.py",
        as_bytes(
            "import base64, hashlib, json, os, sqlite3, sys\n"
            "db = sqlite3.connect('site/registry.sqlite')\n"
            "log = [json.loads(line) for line in open('site/transcript/log.jsonl')]\n"
            "def facts(entry):\n"
            "    told = entry['facts']\n"
            "    side = told.get('evidence_sha256')\n"
            "    return json.load(open('site/transcript/evidence/' + side)) if side else told\n"
            "def results(act): return [facts(e) for e in log if e.get('act') == act and\n"
            "                          e['event'] == 'result' and e['outcome'] == 'done']\n"
            "def parts(act): return [facts(e) for e in log if e.get('act') == act and\n"
            "                        e['event'] == 'part']\n" +
            program));
    shop().must("python3 look.py");
  }
};

}  // namespace keyrite::test
