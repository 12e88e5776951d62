// Every act in a site where everything that has a name is called after a tenant: nothing that
// stays for ever, and nothing that an auditor gets, may say the tenant's name.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>

#include "cli/site_room.h"
#include "support/json_file.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr const char* kTenant = "zwicky";

// Inputs of three clouds, under the tenant's name.
constexpr const char* kMakeInputs = R"py(
import base64, datetime, json, os, subprocess
os.makedirs("zwicky-inputs")
until = (datetime.datetime.utcnow() + datetime.timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
good = json.load(open("good.json"))
good["KeyId"] = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
json.dump(good, open("zwicky-inputs/zwicky-params.json", "w"))
subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072", "-out", "j.pem"],
               check=True, stderr=subprocess.DEVNULL)
pem = subprocess.run(["openssl", "pkey", "-in", "j.pem", "-pubout"], check=True, stdout=subprocess.PIPE).stdout.decode()
json.dump({"name": "projects/zwicky/locations/europe-west3/keyRings/zwicky/importJobs/zwicky", "state": "ACTIVE",
           "importMethod": "RSA_OAEP_3072_SHA1_AES_256", "protectionLevel": "HSM", "createTime": "2026-02-11T08:00:00Z",
           "expireTime": until, "publicKey": {"pem": pem}}, open("zwicky-inputs/zwicky-job.json", "w"))
number = subprocess.run(["openssl", "rsa", "-pubin", "-modulus", "-noout"], input=pem.encode(), check=True,
                        stdout=subprocess.PIPE).stdout.decode().strip().split("=")[1]
url = lambda b: base64.urlsafe_b64encode(b).decode().rstrip("=")
json.dump({"key": {"kid": "https://zwicky.managedhsm.azure.net/keys/zwicky/0123456789abcdef0123456789abcdef",
           "kty": "RSA-HSM", "key_ops": ["import"], "n": url(bytes.fromhex(number)), "e": "AQAB"}},
          open("zwicky-inputs/zwicky-kek.json", "w"))
os.makedirs("zwicky-answers")
open("zwicky-answers/zwicky-answer.json", "w").write('{"zwicky": "zwicky"}')
)py";

class Tenancy {
 public:
  Tenancy() {
    if (!ready()) return;
    shop().put("zwicky.py", as_bytes(std::string_view(kMakeInputs)));
    shop().must("python3 zwicky.py 2>/dev/null");
  }
  [[nodiscard]] bool ready() const { return scene_.room().token != nullptr; }
  [[nodiscard]] const SiteRoom& scene() const { return scene_; }
  [[nodiscard]] const Workshop& shop() const { return scene_.room().shop; }
  [[nodiscard]] std::string path(const std::string& name) const { return scene_.room().path(name); }
  // With an environment that names the tenant.
  [[nodiscard]] int run(const std::string& tool, const Words& words) const {
    const auto done = scene_.run(tool, words,
                                 {.environment = {{"TENANT", kTenant},
                                                  {"HOME", path("zwicky-inputs")},
                                                  {"PWD", path("zwicky-inputs")}}});
    INFO(done.err);
    return done.exit_code;
  }
  // A command of wrap-for-import, its fingerprint compared by option.
  // `in_earnest` are words that its dry run had not.
  [[nodiscard]] int wrap(const std::string& cloud, const std::string& label,
                         const std::string& parameters, const Words& more,
                         const Words& in_earnest = {}) const {
    const std::string file = path("zwicky-inputs/" + parameters);
    const auto shown = scene_.run("wrap-for-import", Words{cloud, "--label", label, "--parameters",
                                                           file, "--out", path("x"), "--dry-run"} +
                                                         more);
    INFO(shown.err);
    const Json plan = parse_json(as_bytes(shown.out), "output");
    REQUIRE(plan.contains("plan"));
    const auto fingerprint = plan["plan"]["bundles"][0]["wrapping_key_sha256"].get<std::string>();
    return run("wrap-for-import",
               Words{cloud, "--label", label, "--parameters", file, "--expect-wrapping-key",
                     fingerprint, "--out", path("zwicky." + cloud)} +
                   more + in_earnest);
  }

 private:
  SiteRoom scene_{};
};

// The acts of every tool, done and refused.
void do_everything(const Tenancy& tenancy) {
  CHECK(tenancy.run("generate-kek", {"--type", "aes-256", "--label", "zwicky-kek", "--for", "aws",
                                     "--for", "azure", "--for", "google"}) == 0);
  CHECK(tenancy.run("generate-kek", {"--type", "ec-p256", "--label", "zwicky-pair", "--for", "aws",
                                     "--public-out", tenancy.path("zwicky-public.pem")}) == 0);
  CHECK(tenancy.run("generate-kek", {"--type", "aes-256", "--label", "zwicky-kek"}) == 4);
  // A name in the place of a cloud's word, which may be looked at when the intent is written.
  for (const char* option : {"--key-spec", "--valid-to", "--region", "--id"}) {
    CAPTURE(option);
    CHECK(tenancy.wrap("aws", "zwicky-kek", "zwicky-params.json",
                       {"--wrapping-algorithm", "RSAES_OAEP_SHA_1"}, {option, kTenant}) == 2);
  }
  CHECK(tenancy.wrap("azure", "zwicky-kek", "zwicky-kek.json", {}, {"--ops", kTenant}) == 2);
  CHECK(tenancy.wrap("google", "zwicky-kek", "zwicky-job.json", {}, {"--algorithm", kTenant}) == 2);
  CHECK(tenancy.wrap("google", "zwicky-kek", "zwicky-job.json", {}, {"--location", kTenant}) == 3);
  CHECK(tenancy.wrap("aws", "zwicky-kek", "zwicky-params.json",
                     {"--wrapping-algorithm", "RSAES_OAEP_SHA_1"}) == 0);
  CHECK(tenancy.wrap("aws", "zwicky-pair", "zwicky-params.json",
                     {"--wrapping-algorithm", "RSA_AES_KEY_WRAP_SHA_1", "--accept-padded-pkcs8"}) ==
        2);  // the folder exists
  CHECK(tenancy.wrap("azure", "zwicky-kek", "zwicky-kek.json", {}) == 0);
  CHECK(tenancy.wrap("google", "zwicky-kek", "zwicky-job.json", {"--key", "zwicky"}) == 0);
  CHECK(tenancy.run("verify-import", {"bundle", tenancy.path("zwicky.aws")}) == 0);
  CHECK(tenancy.run("verify-import", {"answers", tenancy.path("zwicky.aws"), "--evidence",
                                      tenancy.path("zwicky-answers")}) == 3);  // no answer
  tenancy.shop().must("printf zwicky >> zwicky.azure/README.txt");
  CHECK(tenancy.run("verify-import", {"bundle", tenancy.path("zwicky.azure")}) == 6);
  CHECK(tenancy.run("verify-import", {"bundle", tenancy.path("zwicky-nothing")}) == 3);
  // A name where a fingerprint or an id belongs, which the log would have as it is given.
  for (const char* option : {"--expect-manifest", "--expect-wrapping-key"})
    CHECK(tenancy.run("verify-import", {"bundle", tenancy.path("zwicky.aws"), option, kTenant}) ==
          2);
  CHECK(tenancy.run("verify-import",
                    {"answers", tenancy.path("zwicky.aws"), "--evidence",
                     tenancy.path("zwicky-answers"), "--expect-manifest", kTenant}) == 2);
  CHECK(tenancy.run("generate-kek", {"--type", kTenant, "--label", "x"}) == 2);
  CHECK(tenancy.run("generate-kek", {"--type", "aes-256", "--label", "x", "--id", kTenant}) == 2);
  CHECK(tenancy.run("wrap-for-import",
                    {"aws", "--id", kTenant, "--parameters",
                     tenancy.path("zwicky-inputs/zwicky-params.json"), "--wrapping-algorithm",
                     "RSAES_OAEP_SHA_1", "--out", tenancy.path("zwicky-other")}) == 2);
  CHECK(tenancy.run("token-check", {}) == 0);
  CHECK(tenancy.run("token-check", {"--trusted"}) == 7);
  CHECK(tenancy.run("resume", {}) == 0);
}

TEST_CASE("No name of a tenant stands in the log, in its side files, or in what is exported") {
  const Tenancy tenancy;
  if (!tenancy.ready()) return;
  do_everything(tenancy);
  std::set<std::string> acts;
  for (const auto& entry : tenancy.scene().entries()) acts.insert(entry["act"].get<std::string>());
  for (const char* act :
       {"generate-kek", "init-site", "token-check", "verify-import", "wrap-for-import"})
    CHECK_MESSAGE(acts.contains(act), act);
  CHECK(tenancy.shop().naming("zwicky", "site/transcript") == "");
  // The names are where they can be erased, or the test looked for nothing.
  tenancy.shop().must("grep -qa zwicky site/registry.sqlite");
  const auto exported = run_program({tool_path("transcript"), "export", tenancy.scene().site(),
                                     "--out", tenancy.path("exported")});
  CAPTURE(exported.err);
  REQUIRE(exported.exit_code == 0);
  CHECK(tenancy.shop().naming("zwicky", "exported") == "");
}

TEST_CASE("The report of a token is a table of our own words beside the log") {
  const SiteRoom scene;
  if (!scene.room().token) return;
  (void)scene.must("token-check", {});
  const Json result = scene.entries().back();
  const auto sha256 = result["facts"]["evidence_sha256"].get<std::string>();
  const Json facts = read_json_file(scene.site("transcript/evidence/" + sha256));
  CHECK(facts["rows"].size() >= 60);
  std::set<std::string> fields;
  for (const auto& row : facts["rows"]) {
    for (const auto& [name, value] : row.items()) fields.insert(name);
  }
  CHECK(fields == std::set<std::string>{"ckr", "group", "how", "outcome", "what"});
  const auto& token = *scene.room().token;
  for (const std::string& text : {token.module.path.value(), token.uri})
    CHECK(facts.dump().find(text) == std::string::npos);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
