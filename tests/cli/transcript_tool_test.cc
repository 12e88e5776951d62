#include <doctest/doctest.h>

#include "base/file.h"
#include "base/json.h"
#include "support/program.h"
#include "support/skip.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// A transcript of nine entries, seven of them signed, and the words of its verification.
struct Audit {
  LogScene scene{9};
  std::string folder{scene.shop().folder()};

  Audit() { scene.write(scene.checkpoint(7)); }
  [[nodiscard]] ProgramRun run(const std::string& command,
                               const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{tool_path("transcript"), command, folder};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"--vkey", scene.ed25519().text()});
    return run_program(words);
  }
  [[nodiscard]] Json result(const std::string& command,
                            const std::vector<std::string>& more = {}) const {
    auto words = more;
    words.emplace_back("--json");
    const auto done = run(command, words);
    REQUIRE(done.exit_code == 0);
    return Json::parse(done.out).at("result");
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("transcript verify says what is signed, by whom, and what is not") {
  const Audit audit;
  const auto run = audit.run("verify");
  CHECK(run.exit_code == 0);
  CHECK(contains(run.err, "the checkpoint signs 7 entries"));
  CHECK(contains(run.err, "signed by\n" + audit.scene.ed25519().text()));
  CHECK(contains(run.err, "2 entries are after the checkpoint: NOTHING is proven about them"));
  CHECK(contains(run.err, "Only a checkpoint that somebody else kept can show"));
  const Json result = audit.result("verify");
  CHECK(result.at("size") == 7);
  CHECK(result.at("unsigned_entries") == 2);
  CHECK(result.at("from_size") == nullptr);
}

TEST_CASE("transcript verify --all-signed refuses a log with entries that nobody signed") {
  const Audit audit;
  const auto run = audit.run("verify", {"--all-signed", "--json"});
  CHECK(run.exit_code == 7);
  const Json error = Json::parse(run.out).at("error");
  CHECK(error.at("code") == "log-not-all-signed");
  CHECK(error.at("kind") == "waiting");
  CHECK(contains(error.at("message"), "signs 7 entries"));
  CHECK(contains(error.at("message"), ": 2 entries"));
  audit.scene.write(audit.scene.checkpoint(9));
  CHECK(audit.result("verify", {"--all-signed"}).at("unsigned_entries") == 0);
}

TEST_CASE("A transcript that was changed is no log that waits, with --all-signed too") {
  Audit audit;
  const std::string checkpoint = audit.scene.checkpoint(7);
  auto& line = audit.scene.lines()[2];
  line.replace(line.find("kek"), 3, "KEK");
  audit.scene.write(checkpoint);
  CHECK(audit.run("verify", {"--all-signed"}).exit_code == 6);
}

TEST_CASE("A full standard output names a token only where one was in use") {
  const Audit audit;
  const auto run = run_program({tool_path("transcript"), "verify", audit.folder, "--vkey",
                                audit.scene.ed25519().text(), "--json"},
                               {.out_path = "/dev/full"});
  CHECK(run.exit_code == 1);
  CHECK(contains(run.err, "transcript: code: output-unwritable "));
  CHECK(contains(run.err, "make room where standard output goes"));
  CHECK_FALSE(contains(run.err, "token"));
}

TEST_CASE("transcript verify takes vkeys from a file and an earlier checkpoint") {
  const Audit audit;
  audit.scene.shop().put(
      "vkeys", as_bytes(audit.scene.p256().text() + "\n\n" + audit.scene.ed25519().text() + "\n"));
  audit.scene.shop().put("earlier", as_bytes(audit.scene.checkpoint(4)));
  const auto run = run_program({tool_path("transcript"), "verify", audit.folder, "--vkey",
                                audit.folder + "/vkeys", "--from", audit.folder + "/earlier"});
  CHECK(run.exit_code == 0);
  CHECK(contains(run.err, "the log still contains the 4 entries of the earlier checkpoint"));
  audit.scene.shop().put("empty", {});
  const auto none = run_program(
      {tool_path("transcript"), "verify", audit.folder, "--vkey", audit.folder + "/empty"});
  CHECK(none.exit_code == 3);
  CHECK(contains(none.err, "has no vkey"));
}

TEST_CASE("A transcript that was changed is exit 6, and the entry is named") {
  Audit audit;
  const std::string checkpoint = audit.scene.checkpoint(7);
  auto& line = audit.scene.lines()[2];
  line.replace(line.find("kek"), 3, "KEK");
  audit.scene.write(checkpoint);
  for (const std::string command : {"verify", "show"}) {
    const auto run = audit.run(command);
    CHECK(run.exit_code == 6);
    CHECK(contains(run.err, "entry 2 is not the entry that entry 3 names"));
    CHECK(contains(run.err, "hint: keep all files as they are"));
    CHECK(run.out.empty());
  }
  const auto prove = audit.run("prove", {"1", "--out", audit.folder + "/p.tlog-proof"});
  CHECK(prove.exit_code == 6);
  CHECK_FALSE(std::filesystem::exists(audit.folder + "/p.tlog-proof"));
}

TEST_CASE("transcript show lists entries, those of one act, and marks the unsigned ones") {
  const Audit audit;
  const Json all = audit.result("show");
  REQUIRE(all.at("entries").size() == 9);
  CHECK(all.at("entries").at(6).at("signed") == true);
  CHECK(all.at("entries").at(7).at("signed") == false);
  CHECK(audit.result("show", {"--act", "generate-kek"}).at("entries").size() == 9);
  CHECK(audit.result("show", {"--act", "shred"}).at("entries").empty());
  const auto run = audit.run("show", {"--full"});
  CHECK(contains(run.out, "generate-kek: UNVOUCHED\n       n=80\n"));
}

TEST_CASE("transcript prove writes what python3 follows to the signed root") {
  const Audit audit;
  const std::string out = audit.folder + "/entry.tlog-proof";
  CHECK(audit.result("prove", {"5", "--out", out}).at("index") == 5);
  audit.scene.shop().put("follow.py", as_bytes(R"(
import base64, hashlib
H = lambda b: hashlib.sha256(b).digest()
head, checkpoint = open('entry.tlog-proof', 'rb').read().split(b'\n\n', 1)
lines = head.split(b'\n')
assert lines[0] == b'c2sp.org/tlog-proof@v1' and lines[1] == b'index 5'
assert checkpoint == open('checkpoint', 'rb').read()
size, root = int(checkpoint.split(b'\n')[1]), base64.b64decode(checkpoint.split(b'\n')[2])
hashed = H(b'\0' + open('log.jsonl', 'rb').read().split(b'\n')[5])
fn, sn = 5, size - 1
for sibling in map(base64.b64decode, lines[2:]):
    if fn & 1 or fn == sn:
        hashed = H(b'\1' + sibling + hashed)
        while fn and not fn & 1:
            fn, sn = fn >> 1, sn >> 1
    else:
        hashed = H(b'\1' + hashed + sibling)
    fn, sn = fn >> 1, sn >> 1
assert sn == 0 and hashed == root
)"));
  CHECK(audit.scene.shop().run("python3 follow.py").exit_code == 0);
  CHECK(audit.run("prove", {"5", "--out", out}).exit_code == 2);
  const auto refused = [&](const std::string& index, const std::string& code) {
    const auto run = audit.run("prove", {index, "--out", audit.folder + "/other"});
    CHECK(run.exit_code == 2);
    CHECK(run.err.find("code: " + code + " ") != std::string::npos);
  };
  for (const std::string index : {"7", "9"}) refused(index, "index-not-signed");
  refused("-1", "option-unknown");
  refused("x", "index-invalid");
}

TEST_CASE("The example of docs/formats/transcript.md is a transcript that verifies") {
  const Workshop shop;
  shop.put("split.py", as_bytes(R"(
import re, sys
text = open(sys.argv[1], encoding='utf-8').read()
for name in ('log.jsonl', 'checkpoint', 'vkey', 'entry-1.tlog-proof'):
    block = re.search('`' + re.escape(name) + r'`[^\n]*:\n\n((?:(?:    .*)?\n)+)', text)[1].strip('\n')
    open(name, 'w', encoding='utf-8').write(re.sub('(?m)^    ', '', block) + '\n')
)"));
  shop.must("python3 split.py " KEYRITE_SOURCE_DIR "/docs/formats/transcript.md");
  const std::string folder = shop.folder();
  const auto verify =
      run_program({tool_path("transcript"), "verify", folder, "--vkey", folder + "/vkey"});
  CHECK(verify.exit_code == 0);
  CHECK(contains(verify.err, "the checkpoint signs 3 entries"));
  const auto prove = run_program({tool_path("transcript"), "prove", folder, "1", "--vkey",
                                  folder + "/vkey", "--out", folder + "/made"});
  CHECK(prove.exit_code == 0);
  CHECK(shop.get("made") == shop.get("entry-1.tlog-proof"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
