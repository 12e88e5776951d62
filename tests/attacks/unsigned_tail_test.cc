// Somebody who can write the site's folder, and has no PIN, adds lines behind the last checkpoint.
#include <doctest/doctest.h>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// Forges entries in the right form: forge.py LOG EXPRESSION..., each a dict without its place.
constexpr const char* kForge = R"py(
import hashlib, json, sys
log = sys.argv[1]
def act(name, event, **more):
    return {"act": name, "event": event, "operator": "alice@example.org", "run": "0" * 32,
            "time": "2026-01-01T00:00:00Z", **more}
for text in sys.argv[2:]:
    lines = open(log, "rb").read().split(b"\n")[:-1]
    entry = {**eval(text), "prev": hashlib.sha256(b"\0" + lines[-1]).hexdigest(), "seq": len(lines)}
    open(log, "ab").write(json.dumps(entry, sort_keys=True, separators=(",", ":")).encode() + b"\n")
)py";

// Every entry behind a vouched one is vouched for by the site's key, or named as unvouched: by
// python3 and openssl. check-vouched.py LOG VKEY
constexpr const char* kCheckVouched = R"py(
import base64, hashlib, json, subprocess, sys
log, vkey = sys.argv[1:]
origin, _, key = vkey.split("+", 2)
key = base64.b64decode(key)
open("key.der", "wb").write(
    key[1:] if key[0] == 2 else bytes.fromhex("302a300506032b6570032100") + key[1:])
digest = ["-digest", "sha256"] if key[0] == 2 else []
entries = [json.loads(line) for line in open(log, "rb").read().split(b"\n")[:-1]]
named = {n for e in entries if e["event"] == "unvouched" for n in range(e["first"], e["last"] + 1)}
for entry in entries:
    vouch = entry.pop("vouch", None)
    assert (vouch is None) == (entry["seq"] in named), entry
    if vouch is None:
        continue
    bare = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    open("text", "w").write(f"keyrite entry v1\n{origin}\n{hashlib.sha256(bare).hexdigest()}\n")
    open("value", "wb").write(base64.b64decode(vouch))
    subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", *digest, "-pubin", "-keyform", "DER",
                    "-inkey", "key.der", "-in", "text", "-sigfile", "value"], check=True)
)py";

Words aes_key(const std::string& label) {
  return {"--type", "aes-256", "--label", label, "--for", "aws"};
}

struct Attacked {
  SiteRoom scene{};
  Attacked() {
    if (!ready()) return;
    scene.room().shop.put("forge.py", as_bytes(std::string_view(kForge)));
    scene.room().shop.put("check-vouched.py", as_bytes(std::string_view(kCheckVouched)));
    (void)scene.must("generate-kek", aes_key("one"));
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] std::string log() const {
    return as_text(scene.room().shop.get("site/transcript/log.jsonl"));
  }
  void forge(const std::string& entry) const {
    scene.room().shop.must("python3 forge.py site/transcript/log.jsonl '" + entry + "'");
  }
  void add(const std::string& line) const {
    scene.room().shop.must("printf '%s\\n' '" + line + "' >> site/transcript/log.jsonl");
  }
  // No act and no resume goes on, and nothing of it is signed.
  void check_stopped(const std::string& code) const {
    const std::string before = log();
    for (const auto& run : {scene.run("generate-kek", aes_key("two")), scene.run("resume", {})}) {
      scene.refused(run, 6, code);
      CHECK(run.err.find("entry 3") != std::string::npos);
      CHECK(run.err.find("--drop-unsigned 3") != std::string::npos);
    }
    CHECK(log() == before);
    CHECK(scene.verify()["size"] == 3);
  }
  void check_vouched() const {
    scene.room().shop.must("python3 check-vouched.py site/transcript/log.jsonl '" + scene.vkey() +
                           "'");
  }
};

TEST_CASE("A forged entry behind the last checkpoint is not signed, and no act goes on behind it") {
  const Attacked attacked;
  if (!attacked.ready()) return;
  std::string code = "entry-unvouched";
  SUBCASE("a shred that never was") {
    attacked.forge(R"(act("shred", "result", outcome="done", facts={"destroyed": "prod-root"}))");
    code = "entry-out-of-place";
  }
  SUBCASE("a whole act that never was") {
    attacked.forge(R"(act("shred", "intent", request={}, keys=[], outputs=[]))");
    attacked.forge(R"(act("shred", "result", outcome="done"))");
  }
  SUBCASE("a line that is no entry") {
    attacked.add("x");
    code = "entry-invalid";
  }
  SUBCASE("an intent with a field of another type") {
    attacked.forge(R"({"act": "a", "event": "intent", "keys": [{"id": 5}], "run": "r"})");
    code = "entry-field-wrong";
  }
  SUBCASE("an event that is none") {
    attacked.forge(R"(act("shred", "shredded"))");
    code = "entry-event-unknown";
  }
  SUBCASE("a claim whose evidence is nowhere, so that no export would ever be whole") {
    attacked.forge(R"(act("token-check", "refused", error={}, evidence=["ab" * 32]))");
    code = "entry-evidence-missing";
  }
  SUBCASE("a claim whose facts are nowhere") {
    attacked.forge(
        R"(act("token-check", "refused", error={}, facts={"evidence_sha256": "ab" * 32}))");
    code = "entry-evidence-missing";
  }
  attacked.check_stopped(code);
  // A person cuts it off: the log says what it was, and acts go on.
  const Json resumed = attacked.scene.must("resume", {"--drop-unsigned", "3"});
  CHECK(resumed["dropped_bytes"] > 0);
  const Json dropped = attacked.scene.entries()[3];
  CHECK(dropped["event"] == "dropped");
  attacked.scene.room().shop.must("cd site/transcript/evidence && sha256sum " +
                                  dropped["sha256"].get<std::string>() + " | grep -q '^" +
                                  dropped["sha256"].get<std::string>() + " '");
  (void)attacked.scene.must("generate-kek", aes_key("two"));
  CHECK(attacked.scene.verify()["unsigned_entries"] == 0);
  attacked.scene.check_with_other_programs();
  attacked.check_vouched();
}

TEST_CASE("A tail of any length can be cut off, and acts go on") {
  const Attacked attacked;
  if (!attacked.ready()) return;
  const auto& shop = attacked.scene.room().shop;
  shop.must("truncate -s +67M site/transcript/log.jsonl && echo >> site/transcript/log.jsonl");
  for (const auto& run :
       {attacked.scene.run("generate-kek", aes_key("two")), attacked.scene.run("resume", {})})
    attacked.scene.refused(run, 6, "entry-too-large");
  const Json resumed = attacked.scene.must("resume", {"--drop-unsigned", "3"});
  CHECK(resumed["dropped_bytes"] == (67U << 20U) + 1U);
  const std::string sha256 = attacked.scene.entries()[3]["sha256"];
  shop.must("cd site/transcript/evidence && echo '" + sha256 + "  " + sha256 +
            "' | sha256sum --check --strict --quiet");
  (void)attacked.scene.must("generate-kek", aes_key("two"));
  attacked.check_vouched();
}

TEST_CASE("What anybody can have written is signed as that, and all who read it are told") {
  const Attacked attacked;
  if (!attacked.ready()) return;
  attacked.forge(R"(act("verify-import", "intent", request={}, keys=[], outputs=[]))");
  attacked.forge(R"(act("verify-import", "result", outcome="done", facts={"proven": True}))");
  (void)attacked.scene.must("generate-kek", aes_key("two"));
  const Json verified = attacked.scene.verify();
  CHECK(verified["unsigned_entries"] == 0);
  CHECK(verified["unvouched"] == Json::array({{{"first", 3}, {"last", 4}}}));
  const auto shown = run_program(
      {tool_path("transcript"), "show", attacked.scene.site(), "--vkey", attacked.scene.vkey()});
  CHECK(shown.exit_code == 0);
  CHECK(shown.out.find("UNVOUCHED") != std::string::npos);
  CHECK(shown.out.find("entries 3 to 4") != std::string::npos);
  attacked.check_vouched();
}

TEST_CASE("What 0.1.0 left of an act at the token is signed on a person's word alone") {
  const Attacked attacked;
  if (!attacked.ready()) return;
  attacked.forge(R"(act("generate-kek", "intent", request={}, keys=[], outputs=[]))");
  attacked.check_stopped("entry-unvouched");
  attacked.scene.refused(attacked.scene.run("resume", {"--sign-unsigned", "2"}), 2,
                         "sign-unsigned-wrong");
  const Json resumed = attacked.scene.must("resume", {"--sign-unsigned", "1"});
  CHECK(resumed["accepted"] == 1);
  CHECK(resumed["settled"].size() == 1);
  CHECK(attacked.scene.entries()[4]["event"] == "unvouched");
  CHECK(attacked.scene.entries()[4]["accepted"] == true);
  (void)attacked.scene.must("generate-kek", aes_key("two"));
  attacked.check_vouched();
}

TEST_CASE("Nothing that is in order can be cut off") {
  const Attacked attacked;
  if (!attacked.ready()) return;
  const std::string before = attacked.log();
  for (const char* index : {"0", "2", "3"}) {
    CAPTURE(index);
    attacked.scene.refused(attacked.scene.run("resume", {"--drop-unsigned", index}), 2,
                           "entry-in-order");
  }
  CHECK(attacked.log() == before);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
