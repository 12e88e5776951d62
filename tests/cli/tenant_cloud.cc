// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/tenant_cloud.h"

#include <doctest/doctest.h>

namespace keyrite::test {

namespace {

const Words kOlga{"--operator", "olga@example.org"};
const Words kPayments{"--tenant", "Acme", "--key", "payments"};

std::string without_end(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

TenantCloud::TenantCloud(const std::string& type, const std::string& usage) {
  if (!ready()) return;
  (void)scene.must("tenant",
                   Words{"add", "Acme", "--owner", "Ada", "--jurisdiction", "eu-central-1",
                         "--jurisdiction", "westeurope", "--jurisdiction", "europe-west3"} +
                       kOlga);
  (void)scene.must("key", Words{"add", "payments", "--tenant", "Acme", "--type", type, "--usage",
                                usage, "--accept", "statement"} +
                              kOlga);
}

std::string TenantCloud::cloud(const std::string& line) const {
  return without_end(
      as_text(shop().must("PATH=" KEYRITE_SOURCE_DIR
                          "/scripts/rehearsal/cloud:$PATH REHEARSAL_CLOUD=$PWD/cloud "
                          "REHEARSAL_WRAPPING_KEYS=" KEYRITE_TEST_KEYS_DIR
                          "/clouds CLOUDSDK_CORE_PROJECT=acme; export PATH "
                          "REHEARSAL_CLOUD REHEARSAL_WRAPPING_KEYS CLOUDSDK_CORE_PROJECT; " +
                          line)));
}

std::string TenantCloud::look(const std::string& program, const std::string& words) const {
  shop().put("look.py", as_bytes("import json, sqlite3, sys\n"
                                 "db = sqlite3.connect('site/registry.sqlite')\n" +
                                 program));
  return without_end(as_text(shop().must("python3 look.py " + words)));
}

void TenantCloud::serve(const Words& words) const {
  (void)scene.must("destination", Words{"add"} + words + kPayments + kOlga);
}

void TenantCloud::serve_at_aws() const {
  serve({"alias/payments", "--provider", "aws", "--account", "111122223333", "--region",
         "eu-central-1", "--wrapping-algorithm", "RSAES_OAEP_SHA_1"});
}

void TenantCloud::serve_at_azure() const {
  serve({"https://acme.managedhsm.azure.net/keys/payments", "--provider", "azure", "--region",
         "westeurope", "--ops", "wrapKey", "--ops", "unwrapKey"});
}

void TenantCloud::serve_at_google() const {
  serve({"projects/acme/locations/europe-west3/keyRings/ring/cryptoKeys/payments", "--provider",
         "google", "--import-method", "rsa-oaep-3072-sha1-aes-256", "--protection-level", "hsm"});
}

Json TenantCloud::make_version() const { return scene.must("generate-kek", kPayments + kOlga); }

std::string TenantCloud::fingerprint(const std::string& line) const {
  return cloud(line + " | sha256sum | cut -c1-64");
}

Words TenantCloud::aws_parameters(const std::string& name, const std::string& spec) const {
  cloud("aws kms create-key --origin EXTERNAL --region eu-central-1 --output json --key-spec " +
        spec + (spec == "SYMMETRIC_DEFAULT" ? "" : " --key-usage GENERATE_VERIFY_MAC") +
        " > key.json; python3 -c 'import json; "
        "print(json.load(open(\"key.json\"))[\"KeyMetadata\"][\"Arn\"])' > " +
        name + ".arn");
  return aws_again(name, name, {});
}

Words TenantCloud::aws_again(const std::string& name, const std::string& of,
                             const std::string& out) const {
  cloud(
      "aws kms get-parameters-for-import --wrapping-algorithm RSAES_OAEP_SHA_1 "
      "--wrapping-key-spec RSA_2048 --output json --key-id $(cat " +
      of + ".arn) > " + name + ".json");
  const auto sha256 = fingerprint(
      "python3 -c 'import base64, json, sys; sys.stdout.buffer.write(base64.b64decode("
      "json.load(open(\"" +
      name + ".json\"))[\"PublicKey\"]))'");
  if (out.empty()) return {"--parameters", path(name + ".json"), "--expect-wrapping-key", sha256};
  return {"--verification-parameters", path(name + ".json"),
          "--expect-verification-key", sha256,
          "--verification-out",        path(out)};
}

Words TenantCloud::azure_parameters(const std::string& name) const {
  cloud("az keyvault key create --hsm-name acme --name " + name +
        " --kty RSA-HSM --size 2048 --ops import -o json > " + name +
        ".json; "
        "az keyvault key download --hsm-name acme --name " +
        name + " --file " + name + ".pem");
  return {"--parameters", path(name + ".json"), "--expect-wrapping-key",
          fingerprint("openssl pkey -pubin -in " + name + ".pem -outform DER")};
}

Words TenantCloud::google_parameters(const std::string& name) const {
  const std::string where = name + " --keyring ring --location europe-west3";
  cloud(
      "gcloud kms keyrings create ring --location europe-west3 2>/dev/null; "
      "gcloud kms import-jobs create " +
      where +
      " --import-method rsa-oaep-3072-sha1-aes-256 --protection-level hsm; "
      "gcloud kms import-jobs describe " +
      where + " --format=json > " + name +
      ".json; "
      "python3 -c 'import json; print(json.load(open(\"" +
      name + ".json\"))[\"publicKey\"][\"pem\"])' > " + name + ".pem");
  return {"--parameters", path(name + ".json"), "--expect-wrapping-key",
          fingerprint("openssl pkey -pubin -in " + name + ".pem -outform DER")};
}

ProgramRun TenantCloud::run_wrap(const std::string& cloud, const Words& more) const {
  return scene.run("wrap-for-import", Words{cloud} + kPayments + more + kOlga);
}

Json TenantCloud::wrap(const std::string& cloud, const Words& more) const {
  const auto done = run_wrap(cloud, more);
  CAPTURE(done.err);
  REQUIRE(done.exit_code == 0);
  return parse_json(as_bytes(done.out), "output")["result"];
}

Json TenantCloud::judge(const std::string& bundle, int exit_code) const {
  const auto done =
      scene.run("verify-import",
                Words{"answers", path(bundle), "--evidence", path(bundle + ".answers")} + kOlga);
  CAPTURE(done.err);
  REQUIRE(done.exit_code == exit_code);
  return parse_json(as_bytes(done.out), "output")["result"];
}

std::string TenantCloud::placements() const {
  return look(R"py(
print(", ".join(provider + " " + state for provider, state in db.execute(
    "SELECT d.provider, p.state FROM placement p JOIN destination d ON d.id = p.destination_id "
    "ORDER BY d.provider, p.number")))
)py");
}

}  // namespace keyrite::test
