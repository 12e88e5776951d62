// Somebody who can write the site's folder, and has no PIN, edits the registry of names: approvers
// would read one name where another is meant, a name would stand in the log, or stay after it was
// erased.
#include <doctest/doctest.h>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// The pseudonym of the name ONE becomes TEXT, or that of the name TEXT: edit.py ONE TEXT. SQLite
// would refuse the second; whoever writes bytes does not ask it.
constexpr const char* kEdit = R"py(
import sqlite3, sys
one, text = sys.argv[1:]
path = "site/registry.sqlite"
database = sqlite3.connect(path)
of = {name: pseudonym for pseudonym, name in database.execute("SELECT pseudonym, name FROM pseudonym")}
database.close()
data = open(path, "rb").read()
row = (of[one] + one).encode()
assert data.count(row) == 1
new = of.get(text, text.ljust(32, "."))
assert len(new) == 32
open(path, "wb").write(data.replace(row, (new + one).encode()))
)py";

constexpr const char* kCloudKey =
    "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

struct Edited {
  SiteRoom scene{};
  Edited() {
    if (!ready()) return;
    shop().must(
        "printf '\n[approvals.needed.wrap-for-import]\nsecurity-officer = 2\n' >> "
        "site/site.toml");
    shop().put("edit.py", as_bytes(std::string_view(kEdit)));
    (void)scene.must("generate-kek", {"--type", "aes-256", "--label", "prod", "--for", "aws",
                                      "--operator", "olga@example.org"});
    // The names have their pseudonyms now.
    scene.refused(wrap(), 7, "approval-needed");
    shop().must("rm -r \"$(dirname '" + scene.statement() + "')\"");
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  [[nodiscard]] ProgramRun wrap() const {
    Words words = scene.room().wrap_for_aws("good.json", "prod", "out");
    words.erase(words.begin());  // the program
    return scene.run("wrap-for-import",
                     words + Words{"--profile", "sandbox", "--operator", "olga@example.org"});
  }
  void edit(const std::string& one, const std::string& text) const {
    shop().must("python3 edit.py '" + one + "' '" + text + "'");
  }
  void check_refused(int exit_code, const std::string& code) const {
    scene.refused(wrap(), exit_code, code);
    shop().must("[ -z \"$(ls -d site/approvals/*/ 2>/dev/null)\" ]");
  }
};

TEST_CASE("Two names of one pseudonym: approvers are shown none of them for the other") {
  const Edited edited;
  if (!edited.ready()) return;
  edited.edit("sandbox", kCloudKey);
  edited.check_refused(6, "pseudonym-shared");
}

TEST_CASE("A name in the place of a pseudonym does not come into the log") {
  const Edited edited;
  if (!edited.ready()) return;
  edited.edit("sandbox", "Zwicky Holding");
  edited.check_refused(3, "registry-invalid");
  CHECK(as_text(edited.shop().get("site/transcript/log.jsonl")).find("Zwicky") ==
        std::string::npos);
}

TEST_CASE("A registry that would keep what is erased from it is none") {
  const Edited edited;
  if (!edited.ready()) return;
  edited.shop().must(
      "python3 -c \"import sqlite3; d = sqlite3.connect('site/registry.sqlite'); "
      "d.execute('CREATE TABLE kept (pseudonym, name)'); d.execute('CREATE TRIGGER keep BEFORE "
      "DELETE ON pseudonym BEGIN INSERT INTO kept VALUES (old.pseudonym, old.name); END')\"");
  edited.check_refused(3, "registry-invalid");
}

TEST_CASE("A registry that is a link to somebody's file, or that others may write, is not used") {
  const Edited edited;
  if (!edited.ready()) return;
  edited.shop().must("cp site/registry.sqlite theirs; chmod 620 site/registry.sqlite");
  edited.check_refused(3, "registry-writable-by-others");
  edited.shop().must("rm site/registry.sqlite; ln -s ../theirs site/registry.sqlite");
  edited.check_refused(3, "registry-is-link");
}

TEST_CASE("A registry in which what is destroyed may come back is none") {
  const Edited edited;
  if (!edited.ready()) return;
  edited.shop().must(
      "python3 -c \"import sqlite3; d = sqlite3.connect('site/registry.sqlite'); "
      "d.execute('INSERT INTO legal_transition VALUES (?, ?, ?)', "
      "('version', 'destroyed', 'active')); d.commit()\"");
  edited.check_refused(3, "registry-invalid");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
