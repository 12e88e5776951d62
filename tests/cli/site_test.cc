// A site from init-site on: what its tools log, what they refuse, and what others find in its log.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "cli/document_shape.h"
#include "cli/site_room.h"
#include "support/skip.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;

Words aes_key(const std::string& label) {
  return {"--type", "aes-256", "--label", label, "--for", "aws"};
}

TEST_CASE(
    "A new site has one signed entry that python3 and openssl accept, in a folder of its own") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  scene.check_with_other_programs();
  const auto entries = scene.entries();
  REQUIRE(entries.size() == 1);
  CHECK(entries[0]["act"] == "init-site");
  CHECK(entries[0]["event"] == "opened");
  CHECK(entries[0]["vkey"] == scene.vkey());
  CHECK(scene.verify()["size"] == 1);
  CHECK((fs::status(scene.site()).permissions() & fs::perms::mask) == fs::perms::owner_all);
  CHECK(as_text(scene.room().shop.get("site/vkeys")) == scene.vkey() + "\n");
  CHECK(as_text(scene.room().shop.get("site/trust/policy")) ==
        "log " + scene.vkey() + "\nquorum none\n");
  CHECK(scene.room().shop.get("site/roster.toml") == scene.room().shop.get("roster.toml"));
}

TEST_CASE("What init-site prints has the shape that docs/formats/json.md shows") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto made = run_program(Words{tool_path("init-site"), scene.room().path("other"),
                                      "--origin", "keyrite.example/other", "--last-signed",
                                      scene.room().path("other-last-signed"), "--json"} +
                                scene.room().at_token());
  CHECK(document_shape(parse_json(as_bytes(made.out), "output")) ==
        document_shape(documented_example("init-site-result")));
}

TEST_CASE("A folder that exists is no new site, and no key is made for it") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto folder = fs::path(scene.room().token->folder.folder());
  const auto objects = [&] {
    return std::count_if(fs::recursive_directory_iterator(folder), {},
                         [](const auto& entry) { return entry.path().extension() == ".object"; });
  };
  const auto before = objects();
  CHECK(before > 0);
  scene.refused(run_program(Words{tool_path("init-site"), scene.site(), "--origin",
                                  "keyrite.example/other", "--last-signed", "in-site", "--json"} +
                            scene.room().at_token()),
                2, "output-exists");
  CHECK(objects() == before);
}

TEST_CASE("What would make a site that cannot be read is refused before a key is made") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  const auto objects = [&] {
    return as_text(shop.must("find '" + scene.room().token->folder.folder().native() +
                             "' -name '*.object' | wc -l"));
  };
  const auto before = objects();
  shop.must("mkdir -m 777 shared");
  const auto make = [&](const std::string& folder, const Words& more) {
    return run_program(Words{tool_path("init-site"), scene.room().path(folder), "--origin",
                             "keyrite.example/other", "--last-signed", scene.room().path("apart"),
                             "--json"} +
                       more + scene.room().at_token());
  };
  scene.refused(make("shared/site", {}), 3, "config-writable-by-others");
  scene.refused(make("other", {"--approval-hours", "0"}), 3, "site-invalid");
  scene.refused(make("other", {"--approval-hours", "9000"}), 3, "site-invalid");
  shop.must("head -n 4 roster.toml > one.toml; printf '[[aprover]]\\n' > misspelt.toml");
  scene.refused(make("other", {"--roster", scene.room().path("one.toml")}), 3, "policy-role-short");
  scene.refused(make("other", {"--roster", scene.room().path("misspelt.toml")}), 3,
                "roster-unknown-field");
  CHECK(objects() == before);
  CHECK_FALSE(fs::exists(scene.room().path("apart")));
  CHECK_FALSE(fs::exists(scene.room().path("other")));
  CHECK_FALSE(fs::exists(scene.room().path("shared/site")));
}

TEST_CASE("A second log of one name at one token is refused, unless it is asked for by name") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto make = [&](const Words& more) {
    return run_program(Words{tool_path("init-site"), scene.room().path("second"), "--origin",
                             "keyrite.example/test", "--last-signed", "in-site", "--json"} +
                       more + scene.room().at_token());
  };
  const auto refused = make({});
  scene.refused(refused, 4, "origin-taken");
  CHECK(refused.err.find("\"keyrite log keyrite.example/test\"") != std::string::npos);
  CHECK_FALSE(fs::exists(scene.room().path("second")));
  const auto made = make({"--same-origin"});
  CAPTURE(made.err);
  CHECK(made.exit_code == 0);
  // Each has its own key: what one signs, the other's vkey does not verify.
  const auto& shop = scene.room().shop;
  CHECK(shop.run("cmp site/vkeys second/vkeys").exit_code == 1);
}

TEST_CASE("The name of a log that no vkey can carry is refused") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  for (const char* origin : {"with space", "plus+sign", "tab\there"}) {
    CAPTURE(origin);
    scene.refused(run_program(Words{tool_path("init-site"), scene.room().path("other"), "--origin",
                                    origin, "--last-signed", "in-site", "--json"} +
                              scene.room().at_token()),
                  3, "log-origin-invalid");
    CHECK_FALSE(fs::exists(scene.room().path("other")));
  }
}

TEST_CASE("A token without Ed25519 signs its log by P-256, and openssl accepts that too") {
  const auto token = make_nss();
  if (!token) return;
  const SiteRoom scene;  // for its programs
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  shop.put("nss-pin", as_bytes(token->pin));
  shop.must("chmod 400 nss-pin");
  const auto made = run_program({tool_path("init-site"), scene.room().path("nss-site"), "--origin",
                                 "keyrite.example/nss", "--module", token->module.path.value(),
                                 "--module-init-args", token->module.init_args.value(), "--token",
                                 token->uri, "--pin-file", scene.room().path("nss-pin"),
                                 "--last-signed", scene.room().path("nss-last-signed"), "--json"});
  CAPTURE(made.err);
  REQUIRE(made.exit_code == 0);
  const Json result = parse_json(as_bytes(made.out), "output")["result"];
  CHECK(result["key_type"] == "ec-p256");
  shop.must("python3 check-site.py nss-site/transcript/log.jsonl nss-site/transcript/checkpoint '" +
            result["vkey"].get<std::string>() + "'");
}

TEST_CASE("An act has an intent and a result in the log, signed, with what was used and found") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const Json key = scene.must("generate-kek", aes_key("acme-payments"));
  const auto entries = scene.entries();
  REQUIRE(entries.size() == 3);
  const Json& intent = entries[1];
  const Json& result = entries[2];
  CHECK(intent["event"] == "intent");
  CHECK(result["event"] == "result");
  CHECK(result["outcome"] == "done");
  CHECK(intent["run"] == result["run"]);
  CHECK(intent["keys"][0]["id"] == key["id"]);
  CHECK(result["facts"]["key_id"] == key["id"]);
  CHECK(result["facts"]["check_values"] == key["check_values"]);
  CHECK(result["pin_entries"][0]["outcome"] == "accepted");
  const auto sha256 = [&](const std::string& file) {
    return as_text(scene.room().shop.must("sha256sum '" + file + "' | cut -c1-64 | tr -d '\\n'"));
  };
  CHECK(intent["tool"]["sha256"] == sha256(tool_path("generate-kek")));
  CHECK(intent["module"]["sha256"] == sha256(scene.room().token->module.path.value()));
  CHECK(intent["site_sha256"] == sha256("site/site.toml"));
  CHECK(scene.verify()["unsigned_entries"] == 0);
  scene.check_with_other_programs();
}

TEST_CASE("No name of a key, a folder or a cloud key stands in a transcript") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  (void)scene.must("generate-kek", aes_key("acme-payments"));
  Words wrap = scene.room().wrap_for_aws("good.json", "acme-payments", "acme-bundle");
  wrap.erase(wrap.begin());
  (void)scene.must("wrap-for-import", wrap);
  (void)scene.must("verify-import", {"bundle", scene.room().path("acme-bundle")});
  // Refusals too: their messages name the key, their entries do not.
  scene.refused(scene.run("generate-kek", aes_key("acme-payments")), 4, "label-taken");
  CHECK(scene.room().shop.naming("acme|good.json|1234abcd-12ab", "site/transcript") == "");
  // The registry knows which pseudonym is whose, so that it can be forgotten.
  const auto entries = scene.entries();
  const auto pseudonym = entries[1]["request"]["label"].get<std::string>();
  CHECK(entries[3]["keys"][0]["key"] == pseudonym);
  scene.room().shop.put(
      "name.py", as_bytes(std::string_view("import sqlite3, sys\n"
                                           "rows = sqlite3.connect('site/registry.sqlite').execute("
                                           "'select name from pseudonym where pseudonym = ?', "
                                           "sys.argv[1:])\n"
                                           "print(rows.fetchone()[0], end='')\n")));
  CHECK(as_text(scene.room().shop.must("python3 name.py " + pseudonym)) == "acme-payments");
}

TEST_CASE("A PIN that is wrong is an entry, which the next act signs") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  scene.refused(scene.run("generate-kek",
                          aes_key("one") + Words{"--pin-file", scene.room().path("wrong-pin")}),
                5, "pin-wrong");
  const Json last = scene.entries().back();
  CHECK(last["event"] == "refused");
  CHECK(last["error"]["code"] == "pin-wrong");
  CHECK(last["error"]["ckr"]["name"] == "CKR_PIN_INCORRECT");
  CHECK(last["pin_entries"][0]["outcome"] == "pin-wrong");
  CHECK(scene.verify()["unsigned_entries"] == 1);
  (void)scene.must("resume", {});
  CHECK(scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("Checks of files are logged without a token and signed by resume") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  (void)scene.must("generate-kek", aes_key("acme"));
  Words wrap = scene.room().wrap_for_aws("good.json", "acme", "bundle");
  wrap.erase(wrap.begin());
  const Json made = scene.must("wrap-for-import", wrap);
  (void)scene.must("verify-import", {"bundle", scene.room().path("bundle")});
  CHECK(scene.verify()["unsigned_entries"] == 2);
  const Json result = scene.entries().back();
  CHECK(result["facts"]["good"] == true);
  CHECK(result["facts"]["manifest_sha256"] == made["bundles"][0]["manifest_sha256"]);
  const Json resumed = scene.must("resume", {});
  CHECK(resumed["settled"].empty());
  CHECK(resumed["signed_entries"] == scene.entries().size());
  CHECK(scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("The site is found by KEYRITE_SITE, and a token beside it is refused") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const ProgramSettings with{.environment = {{"KEYRITE_SITE", scene.site()}}};
  const auto done = run_program(Words{tool_path("generate-kek")} + aes_key("one"), with);
  CAPTURE(done.err);
  CHECK(done.exit_code == 0);
  CHECK(scene.entries().size() == 3);
  scene.refused(run_program(Words{tool_path("generate-kek"), "--json"} + aes_key("two") +
                                scene.room().at_token(),
                            with),
                2, "token-and-site");
  CHECK(scene.entries().size() == 3);
}

TEST_CASE("Without a site an act says that it is not logged") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto done =
      run_program(Words{tool_path("generate-kek")} + aes_key("one") + scene.room().at_token());
  CHECK(done.exit_code == 0);
  CHECK(done.err.find("this command is not logged") != std::string::npos);
  CHECK(scene.entries().size() == 1);
}

TEST_CASE(
    "A configuration that others may change is refused, and so is one that was edited wrong") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  const auto changed = [&](const std::string& command, const std::string& undo, int exit_code,
                           const std::string& code) {
    CAPTURE(command);
    shop.must(command);
    scene.refused(scene.run("generate-kek", aes_key("one")), exit_code, code);
    shop.must(undo);
  };
  changed("chmod 666 site/site.toml", "chmod 600 site/site.toml", 3, "config-writable-by-others");
  changed("chmod 620 site/vkeys", "chmod 600 site/vkeys", 3, "config-writable-by-others");
  changed("chmod 777 site", "chmod 700 site", 3, "config-writable-by-others");
  shop.must("cp site/site.toml kept.toml && cp site/vkeys kept.vkeys");
  const std::string undo = "cat kept.toml > site/site.toml; cat kept.vkeys > site/vkeys";
  changed("sed -i 's/^hours = 72/hours = 0/' site/site.toml", undo, 3, "site-invalid");
  changed("sed -i 's/^hours = 72/hour = 72/' site/site.toml", undo, 3, "site-unknown-field");
  changed("sed -i '/^hours/d' site/site.toml", undo, 3, "json-missing-field");
  changed("sed -i 's/^version = 2/version = 3/' site/site.toml", undo, 3, "site-version");
  changed("sed -i 's/^hours = 72/hours = /' site/site.toml", undo, 3, "toml-invalid");
  changed("sed -i 's/^hours = 72/hours = 7.2/' site/site.toml", undo, 3, "toml-value");
  changed("sed -i 's/security-officer = 2/security-officer = 0/' site/site.toml", undo, 3,
          "site-invalid");
  changed("sed -i 's/needed.shred]/needed.shredd]/' site/site.toml", undo, 3,
          "policy-operation-unknown");
  changed("sed -i 's/security-officer = 2/security-offcer = 2/' site/site.toml", undo, 3,
          "policy-role-short");
  changed("sed -i '/needed.shred]/,$d' site/site.toml", undo, 3, "policy-line-missing");
  changed("sed -i 's,^last_signed.*,last_signed = \"state/last-signed\",' site/site.toml", undo, 3,
          "site-invalid");
  changed("sed -i 's,keyrite.example/test,keyrite.example/else,' site/site.toml", undo, 3,
          "site-key");
  changed("mv site/site.toml site/away", "mv site/away site/site.toml", 3, "site-missing");
  CHECK(scene.entries().size() == 1);
  (void)scene.must("generate-kek", aes_key("one"));
}

TEST_CASE("A log that came back from a backup is not written on") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  (void)scene.must("generate-kek", aes_key("one"));
  shop.must("cp -r site/transcript backup");
  (void)scene.must("generate-kek", aes_key("two"));
  shop.must(
      "cp -r site/transcript newest && rm -r site/transcript && cp -r backup site/transcript");
  scene.refused(scene.run("generate-kek", aes_key("three")), 6, "log-set-back");
  scene.refused(scene.run("resume", {}), 6, "log-set-back");
  shop.must("rm -r site/transcript && cp -r newest site/transcript");
  (void)scene.must("generate-kek", aes_key("three"));
}

TEST_CASE("An entry that was changed stops every act") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  scene.room().shop.must("sed -i 's/init-site/init-sitE/' site/transcript/log.jsonl");
  scene.refused(scene.run("generate-kek", aes_key("one")), 6, "log-changed");
}

TEST_CASE("While one act writes, another is told who does") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  // flock of util-linux holds the lock, as an act at work does.
  const auto held = scene.room().shop.run(
      "printf 'generate-kek, process 4711' > site/transcript/lock; flock -x site/transcript/lock "
      "'" +
      tool_path("resume") + "' --site site --json --wait 0");
  CHECK(held.exit_code == 7);
  const Json document = parse_json(held.out, "output");
  CHECK(document["error"]["code"] == "transcript-in-use");
  CHECK(document["error"]["message"].get<std::string>().find("generate-kek, process 4711") !=
        std::string::npos);
}

TEST_CASE("A report that is too large for an entry stands beside the log, under its SHA-256") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  (void)scene.must("token-check", {});
  const Json result = scene.entries().back();
  CHECK(result["act"] == "token-check");
  const auto sha256 = result["facts"]["evidence_sha256"].get<std::string>();
  scene.room().shop.must("cd site/transcript/evidence && echo '" + sha256 + "  " + sha256 +
                         "' | sha256sum --check --strict --quiet");
}
TEST_CASE("Each act keeps the policy that it was under, and an export has all of them") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const Workshop& shop = scene.room().shop;
  (void)scene.must("generate-kek", {"--type", "aes-256", "--label", "before"});
  shop.must("cp site/site.toml before && sed -i 's/^hours = 72$/hours = 48/' site/site.toml");
  shop.must("! cmp -s before site/site.toml");
  (void)scene.must("generate-kek", {"--type", "aes-256", "--label", "after"});
  const auto done = run_program({tool_path("transcript"), "export", scene.site(), "--vkey",
                                 scene.vkey(), "--out", scene.room().path("out")});
  INFO(done.err);
  REQUIRE(done.exit_code == 0);
  for (const std::string policy : {"before", "site/site.toml"}) {
    shop.must("cmp " + policy + " out/policies/$(sha256sum < " + policy + " | cut -c 1-64).toml");
  }
  shop.must("python3 " KEYRITE_SOURCE_DIR "/tests/cli/verify_commands.py all out");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
