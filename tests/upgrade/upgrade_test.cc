#include <doctest/doctest.h>

#include <filesystem>

#include "upgrade/old_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const std::vector<std::string> kBundles{"aws-acme-mac", "aws-acme-agree", "aws-acme-trusted",
                                        "azure-acme-store", "google-acme-sign"};

void check_verify_text(const OldSite& old, const std::string& folder) {
  const Output output =
      old.shop().run("python3 " KEYRITE_SOURCE_DIR "/tests/cli/verify_commands.py all " + folder);
  INFO(as_text(output.out));
  CHECK(output.exit_code == 0);
}

std::size_t lines_of_log(const OldSite& old) {
  return std::stoul(as_text(old.shop().must("wc -l < old/site/transcript/log.jsonl")));
}

TEST_CASE("A log of 0.1.0 verifies with the vkey that was noted, and shows all of its entries") {
  const OldSite old;
  const Json verified =
      old.result({"transcript", "verify", old.path("site"), "--vkey", old.path("noted/vkey")});
  const auto lines = lines_of_log(old);
  CHECK(verified.at("unsigned_entries") == 2);
  CHECK(verified.at("size") == lines - 2);
  // The root is the one that the export of then says in its VERIFY.txt.
  old.shop().must("grep -qx " + verified.at("root").get<std::string>() + " old/export/VERIFY.txt");
  const Json shown =
      old.result({"transcript", "show", old.path("site"), "--vkey", old.path("noted/vkey")});
  CHECK(shown.at("entries").size() == lines);
}

TEST_CASE("The commands of an export of 0.1.0 verify it") {
  const OldSite old;
  check_verify_text(old, "old/export");
}

TEST_CASE("A site of 0.1.0 is exported, with and without names") {
  const OldSite old;
  const auto words = [&](const std::string& names) -> std::vector<std::string> {
    return {"transcript", "export",        old.path("site"), "--vkey", old.path("noted/vkey"),
            "--out",      old.path(names), "--names",        names};
  };
  const Json with = old.result(words("yes"));
  CHECK(with.at("approvals") == 1);
  CHECK(with.at("withheld") == 0);
  CHECK(with.at("evidence").get<int>() >= 1);  // what token-check found
  check_verify_text(old, "old/yes");
  old.shop().must("grep -q acme-trusted old/yes/approvals/*/request.json");
  const Json without = old.result(words("no"));
  CHECK(without.at("withheld") == 1);
  check_verify_text(old, "old/no");
  // Each label is there in the site, and nowhere in the folder.
  for (const std::string label : {"acme-trusted", "acme-mac", "acme-store", "acme-sign"}) {
    old.shop().must("strings old/site/registry.sqlite | grep -q " + label);
    CHECK(old.shop().run("grep -r " + label + " old/no").exit_code == 1);
  }
  old.shop().put("table.py", as_bytes(R"(
import csv
rows = list(csv.DictReader(open('old/no/entries.csv', newline='')))
done = [row['act'] for row in rows if row['event'] == 'intent' and row['outcome'] == 'done']
assert done.count('wrap-for-import') == 5 and done.count('generate-kek') == 5, done
approved = [row for row in rows if row['approvers']]
assert all(row['approvers'] == 'alice@rehearsal.example; bob@rehearsal.example' for row in approved)
assert len(approved) == 2, approved
assert any(row['event'] == 'refused' for row in rows)
)"));
  old.shop().must("python3 -I table.py");
}

TEST_CASE("Approvals of statement version 1 are shown and counted") {
  const OldSite old;
  const std::string folder = as_text(old.shop().must(
      "dirname $(grep -l '\"operation\":\"generate-kek\"' old/site/approvals/*/statement.json) | "
      "tr -d '\\n'"));
  const std::string statement = old.shop().folder() / folder / "statement.json";
  const Json shown = old.result({"approve", "show", statement}, 6);
  CHECK(shown.at("objection").at("code") == "statement-old-version");
  CHECK(shown.at("commands").is_null());
  CHECK(shown.at("statement").at("kek_label") == "acme-next");
  CHECK(shown.at("statement").at("version") == 1);
  CHECK(shown.at("sha256").get<std::string>() + "\n" ==
        as_text(old.shop().must("sha256sum < " + folder + "/statement.json | cut -c 1-64")));
  // One signature, and by now the statement's time is over.
  const auto counted =
      old.run({"approve", "count", statement, "--roster", old.path("site/roster.toml"),
               "--approval", old.path("approvals/generate-kek-alice.ssh")});
  INFO(counted.err);
  CHECK(counted.exit_code == 6);
  CHECK(counted.out.find("alice@rehearsal.example") != std::string::npos);
}

TEST_CASE("A statement of version 1 that waits is asked for anew") {
  const OldSite old;
  if (!old.has_token()) return;
  std::vector<std::string> words{"generate-kek", "--type", "aes-256",       "--label",
                                 "acme-next",    "--site", old.path("site")};
  // The roster of then knows no operators.
  CHECK(old.refusal(words, 3) == "operator-unknown");
  old.shop().must(
      "printf '[[operator]]\\nidentity = \"%s\"\\n' night-shift@rehearsal.example >> "
      "old/site/roster.toml");
  words.insert(words.end(), {"--operator", "night-shift@rehearsal.example"});
  CHECK(old.refusal(words, 7) == "approval-needed");
  old.shop().must("test $(ls old/site/approvals/*/statement.json | wc -l) -eq 3");
  auto with_old = words;
  with_old.insert(with_old.end(), {"--approval", old.path("approvals/generate-kek-alice.ssh")});
  CHECK(old.run(with_old).exit_code != 0);
}

TEST_CASE("Bundles and answers of 0.1.0 are verified") {
  const OldSite old;
  for (const auto& bundle : kBundles) {
    CAPTURE(bundle);
    const auto run =
        old.run({"verify-import", "bundle", old.path("bundles/" + bundle), "--allow-expired"});
    INFO(run.err);
    CHECK(run.exit_code == 0);
    // What such a manifest does not vouch for is said.
    const Json report =
        old.result({"verify-import", "bundle", old.path("bundles/" + bundle), "--allow-expired"});
    CHECK(report.at("manifest_version") == 1);
    CHECK(report.at("core_sha256").is_null());
    REQUIRE(report.at("cautions").size() == 2);
    CHECK(report.at("cautions").at(1).get<std::string>().starts_with("The manifest has version 1"));
  }
  const auto verdict = [&](const std::string& bundle, int exit_code) {
    return old
        .result({"verify-import", "answers", old.path("bundles/" + bundle), "--evidence",
                 old.path("bundles/" + bundle + ".answers")},
                exit_code)
        .at("verdict")
        .get<std::string>();
  };
  CHECK(verdict("aws-acme-mac", 0) == "proven");
  CHECK(verdict("azure-acme-store", 0) == "proven");
  CHECK(verdict("google-acme-sign", 0) == "proven");
  // Nothing but a public key was answered: anybody can have written it.
  CHECK(verdict("aws-acme-agree", 7) == "consistent but not proven");
}

TEST_CASE("What stands twice in a bundle of 0.1.0 is compared") {
  const OldSite old;
  const auto refused_after = [&](const std::string& sed) {
    old.shop().must("sed -i '" + sed + "' old/bundles/aws-acme-mac/manifest.json");
    return old.refusal(
        {"verify-import", "bundle", old.path("bundles/aws-acme-mac"), "--allow-expired"}, 6);
  };
  CHECK(refused_after(
            R"(s/"valid_until": "2025-06-03T09:00:04Z/"valid_until": "2025-06-03T09:00:05Z/)") ==
        "bundle-validity");
  CHECK(refused_after(
            R"(s/"valid_until": "2025-06-03T09:00:05Z/"valid_until": "2025-06-03T09:00:04Z/)"
            "; s/RSA_3072/RSA_3073/") == "bundle-import-parameters");
  CHECK(refused_after(
            R"(s/RSA_3073/RSA_3072/; s/"region": "eu-central-1/"region": "eu-central-2/)") ==
        "bundle-cloud-key");
}

TEST_CASE("A site of 0.1.0 goes on: its unsigned entries are signed, and the next act is logged") {
  const OldSite old;
  if (!old.has_token()) return;
  old.ask_no_approvals();
  const auto before = lines_of_log(old);
  (void)old.result(
      {"generate-kek", "--type", "aes-256", "--label", "acme-new", "--site", old.path("site")});
  const Json verified =
      old.result({"transcript", "verify", old.path("site"), "--vkey", old.path("noted/vkey"),
                  "--from", old.path("export/checkpoint")});
  CHECK(verified.at("unsigned_entries") == 0);
  CHECK(verified.at("size").get<std::size_t>() >= before + 2);
  (void)old.result({"transcript", "export", old.path("site"), "--vkey", old.path("noted/vkey"),
                    "--out", old.path("new")});
  check_verify_text(old, "old/new");
  // The policy of each entry from now on is kept, and is the site's.
  old.shop().must(
      "cmp old/new/policies/$(sha256sum < old/site/site.toml | cut -c 1-64).toml "
      "old/site/site.toml");
}

TEST_CASE("resume signs what 0.1.0 left unsigned, and what 0.1.0 had signed stays byte for byte") {
  const OldSite old;
  if (!old.has_token()) return;
  old.shop().must("cp -R old/site/transcript before");
  (void)old.result({"resume", "--site", old.path("site")});
  old.shop().must(
      "cmp -n $(stat -c %s before/log.jsonl) before/log.jsonl old/site/transcript/log.jsonl");
  const std::string folder = old.shop().folder();
  const Json now = old.result({"transcript", "verify", old.path("site"), "--vkey",
                               old.path("noted/vkey"), "--from", folder + "/before/checkpoint"});
  CHECK(now.at("unsigned_entries") == 0);
  // What was there before is still what it was, by the key that was noted then.
  const Json then =
      old.result({"transcript", "verify", folder + "/before", "--vkey", old.path("noted/vkey")});
  CHECK(then.at("unsigned_entries") == 2);
  CHECK(now.at("size").get<int>() > then.at("size").get<int>());
  // python3 and openssl see the same: the longer log, and in it the checkpoint of 0.1.0.
  (void)old.result({"transcript", "export", old.path("site"), "--vkey", old.path("noted/vkey"),
                    "--out", old.path("new")});
  check_verify_text(old, "old/new");
  old.shop().must(
      "cd old/new && python3 -I verify-root.py log.jsonl ../../before/checkpoint && "
      "sh verify-signature.sh ../../before/checkpoint ../noted/vkey");
  old.shop().must("python3 " KEYRITE_SOURCE_DIR "/tests/cli/export_page_check.py old/new");
}

TEST_CASE("The registry of 0.1.0 is brought to this version by the first act, with every name") {
  const OldSite old;
  if (!old.has_token()) return;
  old.ask_no_approvals();
  old.shop().must("cp old/site/registry.sqlite before.sqlite");
  (void)old.result(
      {"generate-kek", "--type", "aes-256", "--label", "acme-new", "--site", old.path("site")});
  old.shop().put("registry.py", as_bytes(R"(
import re, sqlite3, sys
written = int(re.search(r'^[|] registry .*?[|] (\d+) [|]', open(sys.argv[1]).read(), re.MULTILINE)[1])
before, now = (sqlite3.connect(name) for name in ('before.sqlite', 'old/site/registry.sqlite'))
version = lambda file: file.execute('PRAGMA user_version').fetchone()[0]
assert (version(before), version(now)) == (1, written), version(now)
assert now.execute('PRAGMA integrity_check').fetchall() == [('ok',)]
assert now.execute('PRAGMA foreign_key_check').fetchall() == []
names = lambda file: set(file.execute('SELECT pseudonym, name FROM pseudonym WHERE name IS NOT NULL'))
assert names(before) and names(before) < names(now), names(before) - names(now)
assert 'acme-new' in {name for _, name in names(now) - names(before)}
)"));
  old.shop().must("python3 -I registry.py " KEYRITE_SOURCE_DIR "/docs/formats/README.md");
  // The names are where they were: an act on a key of 0.1.0 finds it by its label.
  const Json shown =
      old.result({"transcript", "show", old.path("site"), "--vkey", old.path("noted/vkey"), "--key",
                  "39432cfbd70478f93118e3fabd348c1f"});
  CHECK(shown.at("entries").size() == 2);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
