// An operator writes a statement by hand: its request is that of one key, what the officers read is
// another one. They sign it, and nothing is done under it.
#include <doctest/doctest.h>

#include <filesystem>
#include <vector>

#include "cli/site_room.h"
#include "support/json_file.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;

// Alters the statement (s), its request (r) and its names (n), and puts them where statements wait.
constexpr const char* kForge = R"py(
import hashlib, json, os, sys
own = os.path.dirname(sys.argv[1])
read = lambda name: json.load(open(os.path.join(own, name)))
s, r, n = read("statement.json"), read("request.json"), read("names.json")
data = lambda v: json.dumps(v, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
sha = lambda v: hashlib.sha256(data(v)).hexdigest()
exec(sys.argv[2])
folder = "site/approvals/" + sha(s)
os.mkdir(folder)
for name, value in (("statement", s), ("request", r), ("names", n)):
    open(folder + "/" + name + ".json", "wb").write(data(value))
print(folder + "/statement.json", end="")
)py";

struct Attack {
  const char* change;
  const char* code;
};

const std::vector<Attack> kAttacks{
    // As a statement of version 1 said it.
    {R"(s = {**{k: v for k, v in s.items() if k not in ("request_sha256", "names_sha256",
"operator", "kek_ref")}, "version": 1, "script_sha256": s["request_sha256"],
"kek_label": "test-key", "kek_version": 1, "tenant_ref": "sandbox", "tool_version": "9.9.9"})",
     "statement-old-version"},
    // The same pseudonym, another name for the officers.
    {R"(n = {k: "test-key" if v == "prod-root" else v for k, v in n.items()};
s["names_sha256"] = sha(n))",
     "statement-other-names"},
    // A pseudonym of another key, with its name.
    {R"(k = "00" * 16; n[k] = "test-key"; s["kek_ref"] = k; s["names_sha256"] = sha(n))",
     "statement-other-names"},
    {R"(s["kek_ref"] = "00" * 16)", "statement-other-key"},
    {R"(s["kek_version"] = 1; s["tenant_ref"] = "sandbox")", "statement-other-key"},
    {R"(s["tool_version"] = "keyrite 9.9.9")", "statement-other-tool"},
    {R"(s["operator"] = "somebody.else@example.org")", "statement-other-operator"},
    // The whole request of a harmless key, signed for it.
    {R"(r["request"]["type"] = "aes-128"; s["request_sha256"] = sha(r))",
     "statement-other-request"},
};

TEST_CASE("A statement that names one key is no approval of another") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  const auto& shop = scene.room().shop;
  shop.must("printf '\n[approvals.needed.generate-kek]\nsecurity-officer = 2\n' >> site/site.toml");
  shop.put("forge.py", as_bytes(std::string_view(kForge)));
  const Words act{"--type", "aes-256", "--label", "prod-root", "--for", "aws"};
  scene.refused(scene.run("generate-kek", act), 7, "approval-needed");
  const std::string honest = scene.statement();
  const auto signed_by_both = [&](const std::string& statement) {
    return Words{"--approval", scene.sign("alice", statement), scene.sign("bob", statement)};
  };
  for (const auto& attack : kAttacks) {
    CAPTURE(attack.change);
    const std::string forged = scene.room().path(as_text(
        shop.must("python3 forge.py '" + honest + "' '" + std::string(attack.change) + "'")));
    const auto run = scene.run("generate-kek", act + signed_by_both(forged));
    scene.refused(run, 6, attack.code);
    shop.must("rm -r '" + fs::path(forged).parent_path().native() + "'");
  }
  // Nothing was made: no intent is in the log, and the label is free for what was approved.
  for (const auto& entry : scene.entries()) CHECK(entry["event"] != "intent");
  (void)scene.must("generate-kek", act + signed_by_both(honest));
  const Json intent = scene.entries()[scene.entries().size() - 2];
  CHECK(intent["event"] == "intent");
  // What was approved is what the log has, by sha256sum.
  shop.put("asked.py", as_bytes(std::string_view(
                           "import hashlib, json, sys\n"
                           "e = json.loads(open('site/transcript/log.jsonl').readlines()[-2])\n"
                           "r = {k: e[k] for k in ('act', 'also', 'inputs', 'outputs', "
                           "'request')}\n"
                           "print(hashlib.sha256(json.dumps(r, sort_keys=True, separators=(',', "
                           "':'), ensure_ascii=False).encode()).hexdigest(), end='')\n")));
  CHECK(as_text(shop.must("python3 asked.py")) ==
        read_json_file(honest)["request_sha256"].get<std::string>());
  CHECK(scene.verify()["statements_compared"] == 1);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
