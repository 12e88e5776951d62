#include "cli/site_room.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace keyrite::test {

namespace {

constexpr const char* kMakePeople = R"sh(set -e
for person in alice bob carol mallory; do ssh-keygen -q -t ed25519 -N '' -C $person -f $person; done
for person in alice bob carol; do
  printf '[[approver]]\nidentity = "%s@example.org"\nroles = ["security-officer"]\nkeys = ["%s"]\n\n' \
    $person "$(cat $person.pub)"
done > roster.toml
printf '[[operator]]\nidentity = "olga@example.org"\nusers = ["%s"]\n' "$(id -un)" >> roster.toml)sh";

// RFC 6962 root of log.jsonl's first entries, and the checkpoint's parts for openssl.
constexpr const char* kCheckSite = R"py(
import base64, hashlib, subprocess, sys
log, checkpoint, vkey = sys.argv[1:]
text, signature = open(checkpoint, "rb").read().rsplit(b"\n\n", 1)
text += b"\n"
origin, size, root = text.decode().splitlines()
lines = open(log, "rb").read().split(b"\n")[:-1][:int(size)]
sha = lambda b: hashlib.sha256(b).digest()
level = [sha(b"\0" + line) for line in lines]
while len(level) > 1:
    pairs = [sha(b"\1" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
    level = pairs + level[len(pairs) * 2:]
assert len(lines) == int(size)
assert base64.b64encode(level[0]).decode() == root, "another root"
name, key_id, key = vkey.split("+", 2)
key = base64.b64decode(key)
assert name == origin
raw = base64.b64decode(signature.split()[2])
assert raw[:4].hex() == key_id
open("text", "wb").write(text)
open("signature", "wb").write(raw[4:])
spki = key[1:] if key[0] == 2 else bytes.fromhex("302a300506032b6570032100") + key[1:]
open("key.der", "wb").write(spki)
digest = ["-digest", "sha256"] if key[0] == 2 else []
subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", *digest, "-pubin", "-keyform", "DER", "-inkey",
                "key.der", "-in", "text", "-sigfile", "signature"], check=True)
)py";

}  // namespace

SiteRoom::SiteRoom() {
  if (room_.token) make();
}

SiteRoom::SiteRoom(const std::string& faulty_module) {
  if (!room_.token) return;
  REQUIRE(::setenv("KEYRITE_TEST_REAL_MODULE", room_.token->module.path.value().c_str(), 1) ==
          0);  // NOLINT(concurrency-mt-unsafe)
  room_.token->module.path = faulty_module;
  make();
}

void SiteRoom::make() {
  room_.shop.must(kMakePeople);
  room_.shop.put("check-site.py", as_bytes(std::string_view(kCheckSite)));
  room_.shop.put("so-pin", as_bytes(room_.token->so_pin));
  room_.shop.must("chmod 400 so-pin");
  const auto made =
      run_program(Words{tool_path("init-site"), site(), "--origin", "keyrite.example/test",
                        "--roster", room_.path("roster.toml"), "--last-signed",
                        room_.path("last-signed"), "--site-pin-file", room_.path("pin"),
                        "--site-so-pin-file", room_.path("so-pin"), "--json"} +
                  room_.at_token());
  CAPTURE(made.err);
  REQUIRE(made.exit_code == 0);
  vkey_ = parse_json(as_bytes(made.out), "output")["result"]["vkey"].get<std::string>();
}

std::string SiteRoom::site(const std::string& name) const {
  return name.empty() ? room_.path("site") : room_.path("site/" + name);
}

ProgramRun SiteRoom::run(const std::string& tool, const Words& words,
                         const ProgramSettings& with) const {
  return run_program(Words{tool_path(tool)} + words + Words{"--site", site(), "--json"}, with);
}

Json SiteRoom::must(const std::string& tool, const Words& words) const {
  const auto done = run(tool, words);
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  return parse_json(as_bytes(done.out), "output")["result"];
}

void SiteRoom::refused(const ProgramRun& run, int exit_code, const std::string& code) const {
  CAPTURE(run.err);
  CHECK(run.exit_code == exit_code);
  const Json document = parse_json(as_bytes(run.out), "output");
  REQUIRE(document.contains("error"));
  CHECK(document["error"]["code"] == code);
  CHECK(run.err.find(": hint: ") != std::string::npos);
}

Words SiteRoom::trusting_wrap(const std::string& label, const std::string& out) const {
  Words words = room_.wrap_for_aws("good.json", label, out);
  words.erase(words.begin());  // the program
  return words + Words{"--trust-wrapping-key"};
}

std::string SiteRoom::sign(const std::string& person, const std::string& statement,
                           const std::string& name_space) const {
  const std::string signature = room_.path(person + ".sshsig");
  room_.shop.must("rm -f '" + statement + ".sig' && ssh-keygen -q -Y sign -n " + name_space +
                  " -f " + person + " '" + statement + "' && mv '" + statement + ".sig' '" +
                  signature + "'");
  return signature;
}

std::string SiteRoom::statement() const {
  const std::string found = as_text(room_.shop.must("ls site/approvals/*/statement.json"));
  REQUIRE(std::count(found.begin(), found.end(), '\n') == 1);
  return room_.path(found.substr(0, found.find('\n')));
}

std::vector<Json> SiteRoom::entries() const {
  std::vector<Json> all;
  std::istringstream lines(as_text(room_.shop.get("site/transcript/log.jsonl")));
  for (std::string line; std::getline(lines, line);)
    all.push_back(parse_json(as_bytes(line), "entry"));
  return all;
}

Json SiteRoom::verify() const {
  const auto done =
      run_program({tool_path("transcript"), "verify", site(), "--vkey", vkey_, "--json"});
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  return parse_json(as_bytes(done.out), "output")["result"];
}

void SiteRoom::check_with_other_programs() const {
  room_.shop.must("python3 check-site.py site/transcript/log.jsonl site/transcript/checkpoint '" +
                  vkey_ + "'");
}

}  // namespace keyrite::test
