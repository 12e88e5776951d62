// Commands over many data keys: parallel sessions, others at the log meanwhile, an end in the
// middle.
#include <doctest/doctest.h>

#include <string>

#include "cli/dek_site.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// A tool's command line in the shell.
std::string line_of(const Issued& site, const std::string& tool, const Words& words) {
  std::string line = tool_path(tool);
  for (const auto& word :
       words + kOlga + Words{"--site", site.scene.site(), "--pin-file", site.path("pin")})
    line += " '" + word + "'";
  return line;
}

TEST_CASE("Several sessions give the same data keys in the same order as one") {
  const Issued site;
  if (!site.ready()) return;
  (void)site.issue("records", {"--count", "2100", "--jobs", "4"});
  (void)site.must("dek", site.unwrap({"--from", site.path("records"), "--out", site.path("one")}));
  (void)site.must("dek", site.unwrap({"--from", site.path("records"), "--out", site.path("four"),
                                      "--jobs", "4"}));
  site.shop().must("cmp one four && test $(wc -l < one) = 2100");
  site.look(R"py(
assert [t["records"] for t in parts("dek-issue")] == [1000, 1000, 100]
assert [t["opened"] for t in parts("dek-unwrap")] == [1000, 1000, 100] * 2
assert len({json.loads(line)["key"] for line in open("one")}) == 2100
# How many sessions work is nothing that anybody approves.
assert all("jobs" not in e["request"] for e in log if e["event"] == "intent")
assert db.execute("SELECT sum(unwraps) FROM unwrap_count").fetchone() == (4200,)
)py");
  CHECK(site.scene.verify()["unsigned_entries"] == 0);
  site.refused(Words{"issue", "--out", site.path("no"), "--jobs", "65"} + kOfPayments, 2,
               "dek-jobs");
  site.refused(Words{"issue", "--out", site.path("no"), "--jobs", "0"} + kOfPayments, 2,
               "dek-jobs");
}

TEST_CASE(
    "Others write the log while a long command works, and take it for nothing that was left") {
  const Issued site;
  if (!site.ready()) return;
  const auto issue =
      line_of(site, "dek",
              Words{"issue", "--count", "60000", "--out", site.path("many"), "--no-progress"} +
                  kOfPayments);
  const auto other = line_of(site, "dek", Words{"issue", "--out", site.path("few")} + kOfPayments);
  site.shop().must("{ " + issue +
                   " 2> long; echo $? > code; } & "
                   "while ! ls site/under-way/* > /dev/null 2>&1; do sleep 0.05; done; " +
                   other +
                   " 2> short || cat short; cat short; ls site/under-way/* > still; wait; "
                   "test $(cat code) = 0; test -s still; ! grep -q 'no known result' short");
  site.look(R"py(
asked = [e for e in log if e["event"] == "intent" and e.get("act") == "dek-issue"]
assert len(asked) == 2 and not [e for e in log if e["event"] == "settled"]
long, short = asked
mine = [e["seq"] for e in log if e.get("run") == long["run"]]
assert mine[0] < short["seq"] < mine[-1]
assert db.execute("SELECT count(*) FROM dek").fetchone() == (60001,)
assert os.listdir("site/under-way") == []
)py");
  CHECK(site.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("A command that is stopped ends its parts, and one that is killed is settled") {
  const Issued site;
  if (!site.ready()) return;
  const auto issue = [&](const std::string& out) {
    return line_of(site, "dek",
                   Words{"issue", "--count", "1000000", "--out", site.path(out)} + kOfPayments);
  };
  const auto stopped_by = [&](const std::string& signal, const std::string& out) {
    site.shop().must(issue(out) + " 2> why & pid=$!; while ! test -s " + out +
                     "; do sleep 0.05; done; kill -" + signal +
                     " $pid; wait $pid; echo $? > code; true");
  };
  stopped_by("TERM", "stopped");
  CHECK(as_text(site.shop().must("cat code")) == std::string("1\n"));
  CHECK(as_text(site.shop().must("cat why")).find("deks-interrupted") != std::string::npos);
  site.look(R"py(
records = [json.loads(line)["id"] for line in open("stopped")]
assert 0 < len(records) < 1000000 and len(records) % 1000 == 0
assert sorted(records) == [row[0] for row in db.execute("SELECT id FROM dek ORDER BY id")]
assert results("dek-issue")[0]["records"] == len(records)
)py");
  stopped_by("KILL", "killed");
  site.shop().must("ls site/under-way/*");
  (void)site.must("resume", {});
  site.look(R"py(
settled, = [e for e in log if e["event"] == "settled"]
told = sum(t["records"] for t in parts("dek-issue"))
rows = {row[0] for row in db.execute("SELECT id FROM dek")}
assert told <= len(rows) and all(json.loads(line)["id"] in rows for line in open("killed") if line.endswith("\n"))
)py");
  CHECK(site.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE(
    "A command whose file of under-way was removed is settled by the next, and writes no more") {
  const Issued site;
  if (!site.ready()) return;
  const auto issue = line_of(
      site, "dek", Words{"issue", "--count", "1000000", "--out", site.path("many")} + kOfPayments);
  const auto other = line_of(site, "dek", Words{"issue", "--out", site.path("few")} + kOfPayments);
  site.shop().must("{ " + issue +
                   " 2> long; echo $? > code; } & "
                   "while ! test -s many; do sleep 0.05; done; rm site/under-way/*; " +
                   other + " 2> short; wait; grep -q 'no known result' short");
  CHECK(as_text(site.shop().must("cat code")) == std::string("6\n"));
  CHECK(as_text(site.shop().must("cat long")).find("act-settled") != std::string::npos);
  site.look("assert len([e for e in log if e['event'] == 'settled']) == 1");
  CHECK(site.scene.verify()["unsigned_entries"] == 0);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
