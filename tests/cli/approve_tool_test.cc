#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>
#include <string>
#include <vector>

#include "approval/statement_names.h"
#include "base/canonical_json.h"
#include "base/json.h"
#include "base/text.h"
#include "support/program.h"
#include "unit/approval/approval_fixture.h"
#include "unit/crypto/certificate_office.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// Today's statement, for two officers: alice by SSH key, bob by certificate. KEY and CERTIFICATE
// are whose file is wanted, as the commands that are printed have them.
class Table {
 public:
  Table() {
    const std::string alice = signers_.key("alice");
    static_cast<void>(signers_.key("mallory"));
    office_.issue("bob", {.until = "20390101000000Z"});
    const std::string roster = fmt::format(
        "[[ca]]\ncertificate = '''{}'''\n[[approver]]\nidentity = \"alice@example.org\"\nroles = "
        "[\"security-officer\"]\nkeys = [\"{}\"]\n[[approver]]\nidentity = "
        "\"bob@example.org\"\nroles = [\"security-officer\"]\ncertificates = ['''{}''']\n",
        office_.pem("ca"), alice, office_.pem("bob"));
    shop().put("roster.toml", as_bytes(roster));
    statement_.roster_sha256 = as_text(shop().must("sha256sum roster.toml")).substr(0, 64);
    statement_.not_before = parse_rfc3339("2026-01-01T00:00:00Z", "t");
    statement_.not_after = parse_rfc3339("2038-01-01T00:00:00Z", "t");
    write();
  }

  // With what stands beside it, in pseudonyms.
  void write() {
    const std::string key(32, '5');
    const std::string folder(32, '6');
    const Json request{{"act", statement_.operation},
                       {"also", Json::array()},
                       {"inputs", {{"region", "eu-west-1"}}},
                       {"outputs", Json::array({folder})},
                       {"request", {{"label", key}, {"out", folder}}}};
    const std::string names = approval::names_text(
        {{key, "acme-payments"}, {folder, "/ceremony/acme.aws"}}, std::string(32, 'a'));
    shop().put("request.json", as_bytes(canonical_json(request)));
    shop().put("names.json", as_bytes(names));
    statement_.request_sha256 = as_text(shop().must("sha256sum request.json")).substr(0, 64);
    statement_.names_sha256 = as_text(shop().must("sha256sum names.json")).substr(0, 64);
    shop().put("statement.json", approval::to_bytes(statement_));
  }
  [[nodiscard]] const Workshop& shop() const { return signers_.shop(); }
  [[nodiscard]] approval::Statement& statement() { return statement_; }
  [[nodiscard]] std::string path(const std::string& name) const { return shop().folder() / name; }
  // In the folder, so that names are as people give them.
  [[nodiscard]] Output run(const std::string& words) const {
    return shop().run(tool_path("approve") + " " + words + " 2>&1");
  }
  [[nodiscard]] std::string sign_ssh(const std::string& key,
                                     const std::string& name_space = "keyrite-approval@keyrite") {
    const std::string name = key + std::to_string(++made_) + ".sshsig";
    shop().put(name, as_bytes(signers_.sign(key, shop().get("statement.json"), name_space)));
    return name;
  }
  [[nodiscard]] std::string sign_cms(const std::string& key) {
    const std::string name = key + std::to_string(++made_) + ".p7s";
    shop().put(name, office_.sign(key, shop().get("statement.json")));
    return name;
  }

 private:
  Signers signers_{};
  CertificateOffice office_{signers_.shop()};
  approval::Statement statement_{sample_statement()};
  int made_{0};
};

// The block of lines indented by four that begins so, without the indent.
std::string command_in(const std::string& text, const std::string& start) {
  const auto at = text.find("    " + start);
  REQUIRE(at != std::string::npos);
  std::istringstream lines(text.substr(at));
  std::string command;
  for (std::string line; std::getline(lines, line) && line.starts_with("    ");) {
    command += (command.empty() ? "" : "\n") + line.substr(4);
    if (!line.ends_with('\\')) break;
  }
  return command;
}

// Without the line breaks and indents of a table.
std::string in_one_line(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

struct Counted {
  int exit_code{};
  std::string text{};
};
Counted counted(const Table& table, const std::vector<std::string>& files,
                const std::string& more = {}) {
  const auto done =
      table.run(fmt::format("count statement.json --roster roster.toml {}{} {}",
                            files.empty() ? "" : "--approval ", fmt::join(files, " "), more));
  return {.exit_code = done.exit_code, .text = in_one_line(as_text(done.out))};
}

TEST_CASE("approve show prints every field of the signed bytes, in 80 columns") {
  Table table;
  table.statement().token_model =
      "two  blanks, \xc3\xa9, \x1b[2J and a long tail" + std::string(140, 'x') + " ";
  table.statement().tenant_ref = "";
  table.write();
  const auto done = table.run("show statement.json");
  const std::string text = as_text(done.out);
  INFO(text);
  CHECK(done.exit_code == 0);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 81);  // one two-byte é
  CHECK_FALSE(contains(text, "\x1b"));
  CHECK(contains(text, "token_model    \"two  blanks, \xc3\xa9, \\x1b[2J and a long tailxx"));
  CHECK(contains(text, "x \"\n"));
  CHECK(contains(text, "tenant_ref     \"\"\n"));
  CHECK(contains(text, "threshold      2 security-officer\n"));
  CHECK(contains(text, "from 2026-01-01T00:00:00Z to 2038-01-01T00:00:00Z"));
  CHECK(contains(text, "  2 of role security-officer\n"));
  const Json fields = Json::parse(as_text(table.shop().get("statement.json")));
  CHECK(fields.size() == 22);
  for (const auto& field : fields.items()) {
    const std::string& name = field.key();
    const Json& value = field.value();
    INFO(name);
    CHECK(contains("\n" + text, fmt::format("\n{:<15}", name)));
    if (value.is_string() && name != "token_model") {
      const auto said = value.get<std::string>();
      CHECK(contains(text, said.size() == 64 ? " " + said + "\n" : "\"" + said + "\""));
    }
  }
}

TEST_CASE("approve show prints the SHA-256 of sha256sum, and its words with --json too") {
  const Table table;
  const std::string sum = as_text(table.shop().must("sha256sum statement.json")).substr(0, 64);
  CHECK(contains(as_text(table.run("show statement.json").out), "  " + sum + "\n"));
  const auto run =
      run_program({tool_path("approve"), "show", table.path("statement.json"), "--json"});
  const Json result = Json::parse(run.out).at("result");
  CHECK(result.at("sha256") == sum);
  CHECK(result.at("words").size() == 32);
  for (const auto& word : result.at("words")) CHECK(contains(run.err, word.get<std::string>()));
  CHECK(result.at("state") == "holds");
  CHECK(result.at("statement") == Json::parse(as_text(table.shop().get("statement.json"))));
}

TEST_CASE("approve show says when a statement does not hold yet or has expired") {
  Table table;
  table.statement().not_after = parse_rfc3339("2026-01-02T00:00:00Z", "t");
  table.write();
  const auto late = table.run("show statement.json");
  CHECK(late.exit_code == 6);
  CHECK(contains(as_text(late.out), "It has EXPIRED"));
  CHECK(contains(in_one_line(as_text(late.out)),
                 "It CANNOT be approved: the statement was valid until 2026-01-02T00:00:00Z"));
  CHECK_FALSE(contains(as_text(late.out), "ssh-keygen"));
  CHECK_FALSE(contains(as_text(late.out), "openssl cms"));
  const auto run =
      run_program({tool_path("approve"), "show", table.path("statement.json"), "--json"});
  CHECK(run.exit_code == 6);
  const Json result = Json::parse(run.out).at("result");
  CHECK(result.at("state") == "expired");
  CHECK(result.at("commands").is_null());
  CHECK(result.at("objection").at("code") == "statement-expired");
  table.statement().not_before = parse_rfc3339("2037-01-02T00:00:00Z", "t");
  table.statement().not_after = parse_rfc3339("2037-01-03T00:00:00Z", "t");
  table.write();
  const auto early = table.run("show statement.json");
  CHECK(early.exit_code == 0);
  CHECK(contains(as_text(early.out), "It is NOT valid YET"));
  CHECK(contains(as_text(early.out), "ssh-keygen -Y sign"));
}

TEST_CASE("approve show prints no command that signs what was not read whole") {
  const Table table;
  table.shop().must("rm names.json");
  const auto shown = table.run("show statement.json --without-names");
  CHECK(shown.exit_code == 0);
  CHECK(contains(as_text(shown.out), "Do NOT sign it"));
  CHECK_FALSE(contains(as_text(shown.out), "ssh-keygen"));
  const auto run = run_program(
      {tool_path("approve"), "show", table.path("statement.json"), "--without-names", "--json"});
  CHECK(Json::parse(run.out).at("result").at("commands").is_null());
}

TEST_CASE("The commands that approve show prints make, as they stand, approvals that count") {
  const Table table;
  table.shop().must(
      "mkdir 'a folder'; cp *.json 'a folder'; cp statement.json 'a folder/it'\\''s -x.json'");
  for (const std::string name : {"statement.json", "a folder/it's -x.json"}) {
    const std::string text = as_text(table.run("show " + shell_quote(name)).out);
    table.shop().must("cp alice KEY && chmod 600 KEY");
    table.shop().must(command_in(text, "ssh-keygen -Y sign") + " 2>/dev/null");
    table.shop().must("cp bob.key KEY && cp bob.pem CERTIFICATE");
    table.shop().must(command_in(text, "openssl cms -sign"));
    const auto done = counted(table, {shell_quote(name + ".sig"), shell_quote(name + ".p7s")});
    INFO(done.text);
    CHECK(done.exit_code == 0);
    CHECK(contains(done.text, "role security-officer: 2 of 2"));
    CHECK(contains(done.text, "alice@example.org, bob@example.org"));
  }
  table.shop().must("ln -s statement.json ./-dash.json");
  const std::string dash = as_text(table.run("show ./-dash.json").out);
  CHECK(contains(dash, "-f KEY ./-dash.json"));
}

TEST_CASE("approve count: one of two is exit 7, and so are two signatures of one person") {
  Table table;
  const std::string alice = table.sign_ssh("alice");
  const auto one = counted(table, {alice});
  CHECK(one.exit_code == 7);
  CHECK(one.text.starts_with("verdict: not yet approved: 1 of role security-officer missing "));
  CHECK(contains(one.text, "role security-officer: 1 of 2 (alice@example.org)"));
  CHECK(counted(table, {}).exit_code == 7);
  // The same file twice, and two files of one person.
  for (const std::string& second : {alice, table.sign_ssh("alice")}) {
    const auto done = counted(table, {alice, second});
    CHECK(done.exit_code == 7);
    CHECK(contains(done.text, "a person counts once"));
  }
  const auto both = counted(table, {alice, table.sign_cms("bob")});
  CHECK(both.exit_code == 0);
  CHECK(both.text.starts_with("verdict: approved (by its own numbers) the policy of a site may"));
  const auto asked = counted(table, {alice, table.sign_cms("bob")}, "--initiator carol");
  CHECK(asked.exit_code == 0);
  const auto initiator = counted(table, {alice}, "--initiator Alice@example.org");
  CHECK(initiator.exit_code == 3);  // then there are not two who may count
  CHECK(contains(initiator.text, "the roster has 1 who may count"));
}

TEST_CASE("approve count does not count whom the statement names as asking, unless that is said") {
  Table table;
  table.statement().operator_name = "BOB@example.org";
  table.statement().threshold = {{"security-officer", 1}};
  table.write();
  const std::string bob = table.sign_cms("bob");
  CHECK(counted(table, {bob}).exit_code == 7);
  CHECK(counted(table, {bob}, "--initiator-counts").exit_code == 0);
  CHECK(counted(table, {bob}, "--initiator-counts --initiator bob@example.org").exit_code == 7);
  CHECK(counted(table, {table.sign_ssh("alice")}).exit_code == 0);
}

TEST_CASE("approve count says of each approval that does not count why, and ends with 7") {
  Table table;
  const std::string bob = table.sign_cms("bob");
  const auto refused = [&](const std::string& file, const std::string& words) {
    const auto done = counted(table, {file, bob});
    INFO(done.text);
    CHECK(done.exit_code == 7);
    CHECK(contains(done.text, words));
  };
  refused(table.sign_ssh("alice", "git"), "did not sign for the namespace");
  refused(table.sign_ssh("mallory"), "nobody in the roster has: ignored");
  refused("statement.json", "neither an SSH signature nor a CMS signature");
  const std::string before = table.sign_ssh("alice");
  table.statement().log_size += 1;
  table.write();
  CHECK(counted(table, {before, bob}).exit_code == 7);
  CHECK(contains(counted(table, {before, bob}).text, "not one over this"));
}

TEST_CASE("approve count ends with 6 where the statement cannot be approved") {
  Table table;
  table.shop().must("sed s/alice@/alica@/ roster.toml > other.toml");
  const auto other = table.run("count statement.json --roster other.toml");
  CHECK(other.exit_code == 6);
  CHECK(contains(as_text(other.out), "the statement's roster_sha256 is"));
  table.statement().not_after = parse_rfc3339("2026-01-02T00:00:00Z", "t");
  table.write();
  const auto late = counted(table, {table.sign_ssh("alice"), table.sign_cms("bob")});
  CHECK(late.exit_code == 6);
  CHECK(late.text.starts_with(
      "verdict: cannot be approved the statement was valid until 2026-01-02"));
  const auto run = run_program({tool_path("approve"), "count", table.path("statement.json"),
                                "--roster", table.path("roster.toml"), "--json"});
  CHECK(run.exit_code == 6);
  const Json result = Json::parse(run.out).at("result");
  CHECK(result.at("satisfied") == false);
  CHECK(result.at("objections").at(0).at("code") == "statement-expired");
}

TEST_CASE("What approve prints with --json has the shape that docs/formats/json.md shows") {
  Table table;
  table.shop().put("shape.py", as_bytes(R"(
import json, re, sys
def shape(value, path=''):
    found = {path + ': ' + type(value).__name__}
    if isinstance(value, list):
        for one in value: found |= shape(one, path + '[]')
    if isinstance(value, dict):
        for name, one in value.items(): found |= shape(one, path + '.' + name)
    return found
text = open(sys.argv[1], encoding='utf-8').read()
example = json.loads(re.search('```json ' + sys.argv[2] + r'\n(.*?)\n```', text, re.DOTALL)[1])
printed = json.load(sys.stdin)
sys.exit(0 if shape(example) == shape(printed) and printed['keyrite'] == example['keyrite'] else
         str(shape(example) ^ shape(printed)))
)"));
  const auto same_shape = [&](const std::string& name, const std::string& words) {
    const auto done = table.shop().run(fmt::format(
        "{} {} --json 2>/dev/null | /usr/bin/python3 shape.py {}/docs/formats/json.md {} 2>&1",
        tool_path("approve"), words, KEYRITE_SOURCE_DIR, name));
    INFO(as_text(done.out));
    CHECK(done.exit_code == 0);
  };
  same_shape("approve-show-result", "show statement.json");
  table.statement().not_after = parse_rfc3339("2026-01-02T00:00:00Z", "t");
  table.write();
  table.shop().put("nobody.p7s", as_bytes("0"));
  same_shape(
      "approve-count-result",
      "count statement.json --roster roster.toml --approval nobody.p7s " + table.sign_ssh("alice"));
}

TEST_CASE("What is no statement or no roster is exit 3, by its code") {
  const Table table;
  const auto code = [&](const std::vector<std::string>& words) {
    std::vector<std::string> all{tool_path("approve")};
    all.insert(all.end(), words.begin(), words.end());
    all.emplace_back("--json");
    const auto run = run_program(all);
    CHECK(run.exit_code == 3);
    return Json::parse(run.out).at("error").at("code").get<std::string>();
  };
  const std::string statement = table.path("statement.json");
  const std::string roster = table.path("roster.toml");
  CHECK(code({"show", roster}) == "statement-invalid");
  CHECK(code({"count", roster, "--roster", roster}) == "statement-invalid");
  CHECK(code({"count", statement, "--roster", statement}) == "roster-invalid");
  CHECK(code({"count", statement, "--roster", roster, "--approval", table.path("none")}) ==
        "file-unreadable");
  table.shop().must("echo >> statement.json");
  CHECK(code({"show", statement}) == "statement-not-canonical");
}

TEST_CASE("The commands in docs/formats/approval.md run as they stand, and are those printed") {
  const Table table;
  table.shop().must("mkdir doc");
  table.shop().put("cut.py", as_bytes(R"(
import re, sys
text = open(sys.argv[1], encoding='utf-8').read()
blocks = re.findall(r'```sh\n(.*?)\n```', text, re.DOTALL)
assert len(blocks) == 4
open('doc/commands', 'w', encoding='utf-8').write('\n'.join(blocks) + '\n')
)"));
  const std::string page = KEYRITE_SOURCE_DIR "/docs/formats/approval.md";
  table.shop().must("/usr/bin/python3 cut.py " + page);
  const auto done =
      table.shop().run("cd doc; PATH=$(dirname " KEYRITE_DISPATCHER "):$PATH sh -eu commands 2>&1");
  INFO(as_text(done.out));
  CHECK(done.exit_code == 0);
  CHECK(contains(as_text(done.out), "role security-officer: 2 of 2"));
  CHECK(contains(as_text(done.out), "Good \"keyrite-approval@keyrite\" signature"));
  CHECK(contains(as_text(done.out), "CMS Verification successful"));
  const std::string printed = as_text(table.run("show statement.json").out);
  const std::string text = as_text(table.shop().must("cat " + page));
  for (const std::string start : {"ssh-keygen -Y sign", "openssl cms -sign"}) {
    CHECK(command_in(text, start) == command_in(printed, start));
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
