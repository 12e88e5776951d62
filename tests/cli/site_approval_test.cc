// Acts that wait for approvals: who counts, and every approval that is of something else.
#include <doctest/doctest.h>

#include <filesystem>

#include "cli/document_shape.h"
#include "cli/site_room.h"
#include "support/json_file.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;

// A room in which one wrap waits for two officers.
struct Waiting {
  SiteRoom scene{};
  std::string statement{};

  Waiting() {
    if (!scene.room().token) return;
    (void)scene.must("generate-kek", {"--type", "aes-256", "--label", "acme", "--for", "aws",
                                      "--wrap-with-trusted"});
    scene.refused(wrap({}), 7, "approval-needed");
    statement = scene.statement();
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  // The wrap that waits, with approvals.
  [[nodiscard]] ProgramRun wrap(const Words& approvals, const std::string& out = "bundle") const {
    Words words = scene.trusting_wrap("acme", out);
    if (!approvals.empty()) words = words + Words{"--approval"} + approvals;
    return scene.run("wrap-for-import", words);
  }
  [[nodiscard]] Words signed_by(const Words& people, const std::string& of = {}) const {
    Words files;
    for (const auto& person : people)
      files.push_back(scene.sign(person, of.empty() ? statement : of));
    return files;
  }
  // A statement with one field changed, as somebody could put it there; canonical, as ours are.
  [[nodiscard]] std::string forged(const std::string& change) const {
    scene.room().shop.put("forge.py", as_bytes(std::string_view(R"py(
import hashlib, json, os, shutil, sys
s = json.load(open(sys.argv[1]))
own = os.path.dirname(sys.argv[1])
exec(sys.argv[2])
b = json.dumps(s, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
folder = "site/approvals/" + hashlib.sha256(b).hexdigest()
shutil.copytree(own, folder)
open(folder + "/statement.json", "wb").write(b)
print(folder + "/statement.json", end="")
)py")));
    return scene.room().path(
        as_text(scene.room().shop.must("python3 forge.py '" + statement + "' '" + change + "'")));
  }
  void check_refused(const Words& approvals, int exit_code, const std::string& code,
                     const std::string& says = {}) const {
    const auto run = wrap(approvals);
    scene.refused(run, exit_code, code);
    CHECK(run.err.find(says) != std::string::npos);
    CHECK_FALSE(fs::exists(scene.room().path("bundle")));
  }
};

TEST_CASE("An act that needs approvals stops before the PIN and says how its statement is signed") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const auto run = waiting.wrap({});
  waiting.scene.refused(run, 7, "approval-needed");
  CHECK(run.err.find("ssh-keygen -Y sign -n keyrite-approval@keyrite") != std::string::npos);
  CHECK(run.err.find("openssl cms -sign") != std::string::npos);
  CHECK(run.err.find("--approval FILE") != std::string::npos);
  // What a program needs to go on.
  const Json document = parse_json(as_bytes(run.out), "output");
  CHECK(document_shape(document) == document_shape(documented_example("error-approval")));
  const Json& error = document["error"];
  CHECK(error["statement"] == waiting.statement);
  CHECK(error["statement_sha256"] == fs::path(waiting.statement).parent_path().filename().native());
  CHECK(error["needed"] == Json{{"security-officer", 2}});
  CHECK(error["not_after"] == read_json_file(waiting.statement)["not_after"]);
  // Asked again, the same statement waits.
  CHECK(waiting.scene.statement() == waiting.statement);
  const Json last = waiting.scene.entries().back();
  CHECK(last["event"] == "approval-requested");
  CHECK(fs::path(waiting.statement).parent_path().filename() ==
        last["statement"].get<std::string>());
  // What is asked for can be read, and is what the statement names.
  const auto& shop = waiting.scene.room().shop;
  const Json statement = read_json_file(waiting.statement);
  const auto request = fs::path(waiting.statement).parent_path() / "request.json";
  CHECK(as_text(shop.must("sha256sum < '" + request.native() + "' | cut -c1-64 | tr -d '\\n'")) ==
        statement["request_sha256"].get<std::string>());
  CHECK(statement["version"] == 2);
  CHECK(statement["script_sha256"] == "");
  // In pseudonyms; whose they are stands in names.json, which can be erased alone.
  const auto names = fs::path(waiting.statement).parent_path() / "names.json";
  CHECK(as_text(shop.must("sha256sum < '" + names.native() + "' | cut -c1-64 | tr -d '\\n'")) ==
        statement["names_sha256"].get<std::string>());
  const auto label = read_json_file(request)["request"]["label"].get<std::string>();
  CHECK(statement["kek_ref"] == label);
  CHECK(read_json_file(names)[label] == "acme");
  const auto folder = fs::path(waiting.statement).parent_path().native();
  CHECK(shop.naming("acme|1234abcd|good.json",
                    "'" + folder + "/statement.json' '" + folder + "/request.json'") == "");
  // No longer than the import parameters, and not the 72 hours of the site.
  CHECK(read_json_file(request)["inputs"]["parameters_valid_to"] == statement["not_after"]);
  const auto one = waiting.wrap(waiting.signed_by({"alice"}));
  waiting.scene.refused(one, 7, "approval-incomplete");
  const Json incomplete = parse_json(as_bytes(one.out), "output")["error"];
  CHECK(incomplete["statement"] == waiting.statement);
  CHECK(incomplete["needed"] == Json{{"security-officer", 2}});
}

TEST_CASE(
    "An officer is shown what will be done, and no other request than the one that is bound") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const auto shown = run_program({tool_path("approve"), "show", waiting.statement});
  CHECK(shown.exit_code == 0);
  for (const char* part :
       {"who asks", "trust-wrapping-key", "\"acme\"", "wrapping keys", "the file with SHA-256",
        "account", "111122223333", "region", "eu-west-1",
        "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"}) {
    CAPTURE(part);
    CHECK(shown.out.find(part) != std::string::npos);
  }
  const auto folder = fs::path(waiting.statement).parent_path().native();
  waiting.scene.room().shop.must("sed -i s/SHA_1/SHA_256/ '" + folder + "/request.json'");
  waiting.scene.refused(run_program({tool_path("approve"), "show", waiting.statement, "--json"}), 6,
                        "request-other");
}

TEST_CASE("Two officers who signed are enough, once, and the log says who they were") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const Words approvals = waiting.signed_by({"alice", "bob"});
  const auto done = waiting.wrap(approvals);
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  const auto entries = waiting.scene.entries();
  const Json& intent = entries[entries.size() - 2];
  CHECK(intent["also"][0] == "trust-wrapping-key");
  REQUIRE(intent["approval"]["by"].size() == 2);
  CHECK(intent["approval"]["by"][0]["identity"] == "alice@example.org");
  CHECK(intent["approval"]["by"][1]["identity"] == "bob@example.org");
  CHECK(waiting.scene.verify()["unsigned_entries"] == 0);
  // ssh-keygen accepts what was counted.
  const auto& shop = waiting.scene.room().shop;
  shop.must("printf 'alice@example.org %s\\n' \"$(cut -d' ' -f1,2 alice.pub)\" > allowed");
  shop.must(
      "ssh-keygen -Y verify -f allowed -I alice@example.org -n keyrite-approval@keyrite -s "
      "alice.sshsig < '" +
      waiting.statement + "'");
  // Again: used.
  shop.must("rm -r bundle");
  waiting.check_refused(approvals, 6, "statement-used", "used already");
}

TEST_CASE("The log says whose PIN was wrong and whose was accepted") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const auto& room = waiting.scene.room();
  const Words words = waiting.scene.trusting_wrap("acme", "bundle") + Words{"--approval"} +
                      waiting.signed_by({"alice", "bob"});
  const auto refused = [&](const Words& pins, const Json& entries) {
    waiting.scene.refused(waiting.scene.run("wrap-for-import", words + pins), 5, "pin-wrong");
    const Json last = waiting.scene.entries().back();
    CHECK(last["event"] == "refused");
    CHECK(last["pin_entries"] == entries);
  };
  refused({"--so-pin-file", room.path("so-pin"), "--pin-file", room.path("wrong-pin")},
          Json::array({{{"outcome", "accepted"}, {"user", "security officer"}},
                       {{"outcome", "pin-wrong"}, {"user", "user"}}}));
  refused({"--so-pin-file", room.path("wrong-pin")},
          Json::array({{{"outcome", "pin-wrong"}, {"user", "security officer"}}}));
  // Neither wrong PIN cost the approvals: both were tried before the intent.
  const auto done = waiting.scene.run("wrap-for-import", words);
  CAPTURE(done.err);
  CHECK(done.exit_code == 0);
  // Each PIN was entered once, although the user went out for the officer and came in again.
  CHECK(waiting.scene.entries().back()["pin_entries"] ==
        Json::array({{{"outcome", "accepted"}, {"user", "security officer"}},
                     {{"outcome", "accepted"}, {"user", "user"}}}));
}

TEST_CASE("One officer, an officer twice, and a stranger are not two officers") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const Words alice = waiting.signed_by({"alice"});
  waiting.check_refused(alice, 7, "approval-incomplete", "security-officer: 1 of 2");
  waiting.scene.room().shop.must("cp alice.sshsig again.sshsig");
  waiting.check_refused(alice + Words{waiting.scene.room().path("again.sshsig")}, 7,
                        "approval-incomplete", "a person counts once");
  waiting.check_refused(alice + waiting.signed_by({"mallory"}), 7, "approval-incomplete",
                        "which nobody in the roster has: ignored");
}

TEST_CASE("Two names with one key are refused in the roster") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  waiting.scene.room().shop.must(
      "printf '[[approver]]\\nidentity = \"dave@example.org\"\\nroles = "
      "[\"security-officer\"]\\nkeys "
      "= [\"%s\"]\\n' \"$(cat alice.pub)\" >> site/roster.toml");
  waiting.check_refused({}, 3, "roster-duplicate-key");
}

TEST_CASE("A signature for another purpose does not count, and says so") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const Words bob = waiting.signed_by({"bob"});
  const Words git{waiting.scene.sign("alice", waiting.statement, "git")};
  waiting.check_refused(git + bob, 7, "approval-incomplete", "did not sign for the namespace");
}

TEST_CASE("A broken signature of a known officer is shown") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const Words alice = waiting.signed_by({"alice"});
  waiting.scene.room().shop.must("cp '" + waiting.statement + "' other && echo >> other");
  const Words bob{waiting.scene.sign("bob", waiting.scene.room().path("other"))};
  waiting.check_refused(alice + bob, 7, "approval-incomplete",
                        "the signature of bob@example.org is not one over this statement");
}

TEST_CASE(
    "Approvals of an expired statement, another token, another log, another request are refused") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  struct Forgery {
    const char* change;
    const char* code;
  };
  for (const auto& forgery : std::vector<Forgery>{
           {R"(s["not_before"]="2026-01-01T00:00:00Z"; s["not_after"]="2026-01-02T00:00:00Z")",
            "statement-expired"},
           {R"(s["not_before"]="2046-01-01T00:00:00Z"; s["not_after"]="2046-01-02T00:00:00Z")",
            "statement-not-yet-valid"},
           {R"(s["not_after"]="2046-01-02T00:00:00Z")", "statement-too-long"},
           {R"(s["not_after"]="2026-01-01T00:00:00Z"; s["not_before"]="2025-12-31T00:00:00Z")",
            "statement-expired"},
           {R"(s["operator"]="eve")", "statement-other-operator"},
           {R"(s["kek_ref"]="00" * 16)", "statement-other-key"},
           {R"(s["tenant_ref"]="sandbox")", "statement-other-key"},
           {R"(s["kek_version"]=1)", "statement-other-key"},
           {R"(s["tool_version"]="keyrite 9.9.9")", "statement-other-tool"},
           {R"(s["module_sha256"]="00" * 32)", "statement-other-module"},
           {R"(s["names_sha256"]="00" * 32)", "statement-other-names"},
           {R"(s["request_sha256"]="00" * 32)", "statement-other-request"},
           {R"(s["token_model"]="other")", "statement-other-token"},
           {R"(s["token_serial"]="0000000000000000")", "statement-other-token"},
           {R"(s["log_origin"]="keyrite.example/other")", "statement-other-log"},
           {R"(s["log_root"]="00" * 32)", "statement-other-log"},
           {R"(s["log_size"]=1000)", "statement-other-log"},
           {R"(s["script_sha256"]="00" * 32)", "statement-other-script"},
           {R"(s["operation"]="shred")", "statement-other-request"},
           {R"(s["roster_sha256"]="00" * 32)", "statement-other-roster"},
           {R"(s["threshold"]={"security-officer": 1})", "statement-other-threshold"}}) {
    CAPTURE(forgery.change);
    const std::string statement = waiting.forged(forgery.change);
    // Whatever field it is, it is named: log_origin, not_after, ...
    const std::string field = std::string(forgery.change).substr(3);
    const std::string code = forgery.code;
    const bool time = code == "statement-expired" || code == "statement-not-yet-valid";
    waiting.check_refused(waiting.signed_by({"alice", "bob"}, statement), 6, code,
                          time ? "" : field.substr(0, field.find('"')));
  }
}

TEST_CASE("A statement of version 1 that waits is never used, and asked for anew") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const std::string old = waiting.forged(
      R"(s["version"]=1; s["script_sha256"]=s["request_sha256"]; s["kek_label"]="acme"; )"
      R"([s.pop(f) for f in ("request_sha256", "names_sha256", "operator", "kek_ref")])");
  waiting.check_refused(waiting.signed_by({"alice", "bob"}, old), 6, "statement-old-version",
                        "binds less than it shows");
  // With no other that waits, a new one is written.
  waiting.scene.room().shop.must("rm -r '" + fs::path(waiting.statement).parent_path().native() +
                                 "'");
  waiting.check_refused({}, 7, "approval-needed");
  waiting.scene.room().shop.must("rm -r '" + fs::path(old).parent_path().native() + "'");
  CHECK(read_json_file(waiting.scene.statement())["version"] == 2);
}

TEST_CASE("Names of somebody else's choosing beside a signed statement are refused") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  // The operator shows the officers other names, and a statement that has their SHA-256.
  const std::string shown =
      waiting.forged(R"(p = own + "/names.json"; n = json.load(open(p)); )"
                     R"(n = {k: "test-key" if v == "acme" else v for k, v in n.items()}; )"
                     R"(b = json.dumps(n, sort_keys=True, separators=(",", ":")).encode(); )"
                     R"(os.rename(p, p + ".own"); open(p, "wb").write(b); )"
                     R"(s["names_sha256"] = hashlib.sha256(b).hexdigest())");
  const auto text = run_program({tool_path("approve"), "show", shown});
  CHECK(text.exit_code == 0);
  CHECK(text.out.find("\"test-key\"") != std::string::npos);
  waiting.check_refused(waiting.signed_by({"alice", "bob"}, shown), 6, "statement-other-names",
                        "names_sha256");
}

TEST_CASE("Parameters that were changed after the signatures are refused, and the field is named") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const Words approvals = waiting.signed_by({"alice", "bob"});
  // The same wrapping key, another KMS key in another account.
  waiting.scene.room().shop.must(
      "sed -i 's#111122223333:key/1234abcd#444455556666:key/9999abcd#' good.json");
  const auto run = waiting.wrap(approvals);
  waiting.scene.refused(run, 6, "statement-other-request");
  for (const char* member :
       {"made for another command", "inputs.cloud_key", "inputs.account", "--parameters"}) {
    CAPTURE(member);
    CHECK(run.err.find(member) != std::string::npos);
  }
  CHECK_FALSE(fs::exists(waiting.scene.room().path("bundle")));
}

TEST_CASE("An approval is of the files' contents, wherever they stand") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const Words approvals = waiting.signed_by({"alice", "bob"});
  const auto& shop = waiting.scene.room().shop;
  shop.must("mkdir moved && mv good.json moved/same.json && ln -s moved/same.json good.json");
  CHECK(waiting.wrap(approvals).exit_code == 0);
}

TEST_CASE("approve show refuses what contradicts its request, and what has none") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const auto show = [&](const std::string& statement, const Words& more = {}) {
    return run_program(Words{tool_path("approve"), "show", statement, "--json"} + more);
  };
  for (const auto& one : std::vector<std::pair<std::string, std::string>>{
           {R"(s["operation"]="shred")", "operation"},
           {R"(s["kek_ref"]="00" * 16)", "kek_ref"},
           {R"(s["not_after"]=s["not_after"].replace("20", "21", 1))", "not_after"}}) {
    const auto& change = one.first;
    const auto& field = one.second;
    CAPTURE(change);
    const auto run = show(waiting.forged(change));
    CHECK(run.exit_code == 6);
    CHECK(run.err.find("the statement contradicts its request") != std::string::npos);
    CHECK(run.err.find(field) != std::string::npos);
  }
  // Each pseudonym must have its name, that of the cloud key too.
  const std::string unnamed = waiting.forged(
      R"(n = {k: v for k, v in json.load(open(own + "/names.json")).items() if "arn:" not in v}; )"
      R"(b = json.dumps(n, sort_keys=True, separators=(",", ":")).encode(); )"
      R"(s["names_sha256"] = hashlib.sha256(b).hexdigest())");
  const auto beside = fs::path(unnamed).parent_path().native();
  waiting.scene.room().shop.put(
      "unname.py", as_bytes(std::string_view(
                       "import json, sys\n"
                       "p = sys.argv[1]\n"
                       "n = {k: v for k, v in json.load(open(p)).items() if 'arn:' not in v}\n"
                       "open(p, 'w').write(json.dumps(n, sort_keys=True, separators=(',', "
                       "':')))\n")));
  waiting.scene.room().shop.must("python3 unname.py '" + beside + "/names.json'");
  waiting.scene.refused(show(unnamed), 6, "names-incomplete");
  const auto folder = fs::path(waiting.statement).parent_path().native();
  const auto& shop = waiting.scene.room().shop;
  shop.must("sed -i s/acme/evil/ '" + folder + "/names.json'");
  waiting.scene.refused(show(waiting.statement), 6, "names-other");
  shop.must("rm '" + folder + "/names.json'");
  waiting.scene.refused(show(waiting.statement), 6, "names-missing");
  CHECK(show(waiting.statement, {"--without-names"}).exit_code == 0);
  shop.must("rm '" + folder + "/request.json'");
  waiting.scene.refused(show(waiting.statement, {"--without-names"}), 6, "request-missing");
  const auto shown = show(waiting.statement, {"--without-names", "--without-request"});
  CHECK(shown.exit_code == 0);
  CHECK(shown.err.find("is UNKNOWN") != std::string::npos);
}

TEST_CASE("An approval of one command is none of another") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const Words approvals = waiting.signed_by({"alice", "bob"});
  const auto other = waiting.wrap(approvals, "elsewhere");
  waiting.scene.refused(other, 6, "statement-other-request");
  CHECK(other.err.find("made for another command: what differs is outputs, --out") !=
        std::string::npos);
  CHECK_FALSE(fs::exists(waiting.scene.room().path("elsewhere")));
}

TEST_CASE("Signatures over nothing that waits here are approvals for nothing") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const Words approvals = waiting.signed_by({"alice", "bob"});
  waiting.scene.room().shop.must("rm -r site/approvals/*/");
  waiting.check_refused(approvals, 6, "approvals-for-nothing");
}

TEST_CASE("Without a roster nothing that needs approval is done") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const auto& shop = waiting.scene.room().shop;
  shop.must("chmod 666 site/roster.toml");
  waiting.check_refused({}, 3, "config-writable-by-others");
  shop.must("rm site/roster.toml");
  waiting.check_refused({}, 3, "policy-role-short", "there is no roster");
}

TEST_CASE("Who asks for an act does not approve it, unless policy says so") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  waiting.scene.room().shop.must("rm -r '" + fs::path(waiting.statement).parent_path().native() +
                                 "'");
  const Words asking =
      waiting.scene.trusting_wrap("acme", "bundle") + Words{"--operator", "alice@example.org"};
  waiting.scene.refused(waiting.scene.run("wrap-for-import", asking), 7, "approval-needed");
  const std::string statement = waiting.scene.statement();
  CHECK(read_json_file(statement)["operator"] == "alice@example.org");
  const Words words = asking + Words{"--approval"} + waiting.signed_by({"alice", "bob"}, statement);
  const auto run = waiting.scene.run("wrap-for-import", words);
  waiting.scene.refused(run, 7, "approval-incomplete");
  CHECK(run.err.find("asked for the act and does not count") != std::string::npos);
  waiting.scene.room().shop.must(
      "sed -i 's/initiator_counts = false/initiator_counts = true/' site/site.toml");
  CHECK(waiting.scene.run("wrap-for-import", words).exit_code == 0);
}

TEST_CASE("Statement and log name the person of the roster, and a login only as a login") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  // The roster gives the user of this machine to olga.
  CHECK(read_json_file(waiting.statement)["operator"] == "olga@example.org");
  CHECK(waiting.scene.entries().back()["operator"] == "olga@example.org");
  const auto asked_by = [&](const Words& more) {
    waiting.scene.room().shop.must("rm -rf site/approvals/*/");
    const auto run =
        waiting.scene.run("wrap-for-import", waiting.scene.trusting_wrap("acme", "bundle") + more);
    waiting.scene.refused(run, 7, "approval-needed");
    CHECK(run.err.find(": waiting: ") != std::string::npos);
    CHECK(run.err.find(": error: ") == std::string::npos);
    return read_json_file(waiting.scene.statement())["operator"].get<std::string>();
  };
  CHECK(asked_by({"--operator", "ALICE@example.org"}) == "alice@example.org");
  waiting.scene.room().shop.must(
      "sed -i '/^users/d' site/roster.toml && "
      "sed -i 's/initiator_counts = false/initiator_counts = true/' site/site.toml");
  const std::string login = as_text(waiting.scene.room().shop.must("id -un | tr -d '\\n'"));
  CHECK(asked_by({}) == "login " + login);
  CHECK(waiting.scene.entries().back()["operator"] == "login " + login);
}

TEST_CASE("Nobody whom the roster does not know asks for an act, unless he could approve it too") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  const Words words = waiting.scene.trusting_wrap("acme", "bundle");
  const auto run =
      waiting.scene.run("wrap-for-import", words + Words{"--operator", "somebody@example.org"});
  waiting.scene.refused(run, 3, "operator-unknown");
  CHECK(run.err.find("--operator") != std::string::npos);
  CHECK(run.err.find("[[operator]]") != std::string::npos);
  const Json refused = waiting.scene.entries().back();
  CHECK(refused["event"] == "refused");
  CHECK(refused["error"]["code"] == "operator-unknown");
  // With his name nobody's, the user of this machine is not known either.
  waiting.scene.room().shop.must("sed -i '/^users/d' site/roster.toml");
  waiting.scene.refused(waiting.scene.run("wrap-for-import", words), 3, "operator-unknown");
  waiting.scene.room().shop.must(
      "sed -i 's/initiator_counts = false/initiator_counts = true/' site/site.toml");
  waiting.scene.refused(waiting.scene.run("wrap-for-import", words), 7, "approval-needed");
}

TEST_CASE("An officer who runs the act does not count, whatever name he gives") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  // The roster says that the user of this machine is bob.
  waiting.scene.room().shop.must("sed -i 's/olga@example.org/bob@example.org/' site/roster.toml");
  waiting.scene.room().shop.must("rm -r site/approvals/*/");
  const Words olga{"--operator", "carol@example.org"};
  const Words words = waiting.scene.trusting_wrap("acme", "bundle") + olga;
  waiting.scene.refused(waiting.scene.run("wrap-for-import", words), 3, "quorum-unreachable");
}

TEST_CASE("Policy can ask approvals for any act") {
  const Waiting waiting;
  if (!waiting.ready()) return;
  waiting.scene.room().shop.must(
      "printf '\\n[approvals.needed.generate-kek]\\nsecurity-officer = 1\\n' >> site/site.toml");
  const Words key{"--type", "aes-256", "--label", "two"};
  waiting.scene.refused(waiting.scene.run("generate-kek", key), 7, "approval-needed");
  waiting.scene.room().shop.must("rm -r '" + fs::path(waiting.statement).parent_path().native() +
                                 "'");
  const Words carol{waiting.scene.sign("carol", waiting.scene.statement())};
  (void)waiting.scene.must("generate-kek", key + Words{"--approval"} + carol);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
