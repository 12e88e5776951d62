// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whole rotations of private keys, and of MAC keys at AWS: the public half of the next version is
// given out, what was made before is verified or decrypted by the key of before, and rotate says
// which that is. openssl verifies and encrypts with the public halves.
#include <doctest/doctest.h>

#include <string>

#include "cli/rotating_cloud.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const Words kOlga{"--operator", "olga@example.org"};
const Words kPayments{"--tenant", "Acme", "--key", "payments"};
// This token puts zero bytes behind a private key, which the stand-ins take as the clouds do.
constexpr const char* kLenient = "export REHEARSAL_PADDED_PKCS8=accept; ";

struct PrivateKey : RotatingCloud {
  using RotatingCloud::RotatingCloud;

  void serve(const Words& words) const {
    (void)site.scene.must("destination", Words{"add"} + words + kPayments + kOlga);
  }
  void serve_aws() const {
    serve({"alias/payments", "--provider", "aws", "--account", "111122223333", "--region",
           "eu-central-1", "--wrapping-algorithm", "RSA_AES_KEY_WRAP_SHA_1"});
  }
  void serve_google() const {
    serve({"projects/acme/locations/europe-west3/keyRings/ring/cryptoKeys/payments", "--provider",
           "google", "--import-method", "rsa-oaep-3072-sha1-aes-256", "--protection-level", "hsm"});
    cloud("gcloud kms keyrings create ring --location europe-west3");
  }
  std::string cloud(const std::string& line) const { return site.cloud(kLenient + line); }
  // Asked, made, imported; the answers are in bundlesN. What rotate said when it made them.
  Json bring(const std::string& n) const {
    (void)rotate(in("--output", "asks" + n) + Words{"--force"});
    const Json made = rotate(in("--parameters", "asks" + n) + in("--output", "bundles" + n) +
                             Words{"--accept-padded-pkcs8"} + fetch("asks" + n));
    CHECK(made["made"].size() == 1);
    cloud("for f in bundles" + n + "/*-v" + n +
          "; do case $f in */google*) sh $f/import.sh create || : ;; esac; sh $f/import.sh || exit "
          "1; done");
    return made;
  }
  // PEM of the public half that was given out with the version, as the token's openssl would.
  [[nodiscard]] std::string given_out(const Json& made, const std::string& n) const {
    const auto file = made["public_half"]["file"].get<std::string>();
    CHECK(made["public_half"]["version"] == std::stoi(n));
    CHECK(cloud("openssl pkey -pubin -in " + file + " -outform DER | sha256sum | cut -c1-64") ==
          made["public_half"]["sha256"].get<std::string>());
    return file;
  }
  [[nodiscard]] std::string arn(const std::string& version) const {
    return site.look("print(*db.execute('SELECT cloud_key FROM placement WHERE number = " +
                     version + "').fetchone())");
  }
  void create_alias() const {
    cloud(
        "aws kms create-alias --alias-name alias/payments --region eu-central-1 --target-key-id " +
        arn("1"));
  }
  // Whether the command ends well.
  [[nodiscard]] bool does(const std::string& line) const {
    return cloud("if " + line + " > /dev/null 2>&1; then echo yes; else echo no; fi") == "yes";
  }
  // The second version up to its consumers, and over.
  void switch_to_second() const {
    const Json waits = rotate(in("--answers", "bundles2"));
    CHECK(waits["next_step"] == "wait-for-consumers");
    REQUIRE(waits["earlier"].size() == 1);
    CHECK(waits["earlier"][0]["by"] == arn("1"));
    CHECK(waits["earlier"][0]["by_name"] == false);
    CHECK(states() == "1 active; 2 pre-activation;");
    const auto shown = site.scene.run(
        "rotate", kPayments + in("--output", "switch") + Words{"--consumers-ready"} + kOlga);
    CAPTURE(shown.err);
    REQUIRE(shown.exit_code == 0);
    CHECK(shown.err.find("what was made under version 1 is opened or verified by " + arn("1")) !=
          std::string::npos);
    CHECK(states() == "1 deactivated; 2 active;");
    CHECK(site.look("print([json.loads(e)['request'].get('consumers-ready') for e in "
                    "open('site/transcript/log.jsonl') if '\"consumers-ready\"' in e])") ==
          "[True]");
    cloud("sh switch/*/aws-switch.sh && sh switch/*/aws-switch.sh");
  }
};

constexpr const char* kAlias = "--key-id alias/payments --region eu-central-1 ";

void sign_and_rotate_at_aws(const std::string& type, const std::string& algorithm) {
  const PrivateKey at{type, "sign"};
  if (!at.ready()) return;
  at.serve_aws();
  at.site.shop().put("message", as_bytes("hello"));
  const auto sign = [&](const std::string& key, const std::string& out) {
    at.cloud("aws kms sign " + key + " --message fileb://message --message-type RAW " +
             "--signing-algorithm " + algorithm +
             " --query Signature --output text | base64 -d > " + out);
  };
  const auto verified = [&](const std::string& key, const std::string& signature) {
    return at.does("aws kms verify " + key + " --message fileb://message --message-type RAW " +
                   "--signature fileb://" + signature + " --signing-algorithm " + algorithm);
  };
  const auto openssl = [&](const std::string& pem, const std::string& signature) {
    const std::string pss = algorithm.starts_with("RSASSA_PSS")
                                ? "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest "
                                : "";
    return at.does("openssl dgst -sha256 " + pss + "-verify " + pem + " -signature " + signature +
                   " message");
  };
  const auto first = at.given_out(at.bring("1"), "1");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  at.create_alias();
  sign(kAlias, "old");
  CHECK(openssl(first, "old"));
  const auto second = at.given_out(at.bring("2"), "2");
  at.switch_to_second();
  sign(kAlias, "new");
  CHECK(openssl(second, "new"));
  CHECK_FALSE(openssl(first, "new"));
  CHECK(verified(kAlias, "new"));
  // What was signed before is verified by the key of before alone.
  CHECK_FALSE(verified(kAlias, "old"));
  CHECK(verified("--region eu-central-1 --key-id " + at.arn("1"), "old"));
  CHECK(openssl(first, "old"));
}

TEST_CASE("An RSA key that signs at AWS moves its alias when consumers are ready") {
  sign_and_rotate_at_aws("rsa-2048", "RSASSA_PSS_SHA_256");
}

TEST_CASE("An EC key that signs at AWS moves its alias when consumers are ready") {
  sign_and_rotate_at_aws("ec-p256", "ECDSA_SHA_256");
}

TEST_CASE("An RSA key that decrypts at AWS opens what is old by the old KMS key") {
  const PrivateKey at{"rsa-2048", "encrypt"};
  if (!at.ready()) return;
  at.serve_aws();
  at.site.shop().put("message", as_bytes("hello"));
  const auto encrypt = [&](const std::string& pem, const std::string& out) {
    at.cloud("openssl pkeyutl -encrypt -pubin -inkey " + pem + " -in message -out " + out +
             " -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt "
             "rsa_mgf1_md:sha256");
  };
  const auto opens = [&](const std::string& key, const std::string& file) {
    return at.does("aws kms decrypt " + key + " --ciphertext-blob fileb://" + file +
                   " --encryption-algorithm RSAES_OAEP_SHA_256");
  };
  const auto first = at.given_out(at.bring("1"), "1");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  at.create_alias();
  encrypt(first, "old");
  CHECK(opens(kAlias, "old"));
  const auto second = at.given_out(at.bring("2"), "2");
  at.switch_to_second();
  encrypt(second, "new");
  CHECK(opens(kAlias, "new"));
  CHECK_FALSE(opens(kAlias, "old"));
  CHECK(opens("--region eu-central-1 --key-id " + at.arn("1"), "old"));
}

TEST_CASE("A MAC key at AWS verifies what is old by the old KMS key, and has no public half") {
  const PrivateKey at{"generic-secret-32-bytes", "mac"};
  if (!at.ready()) return;
  at.site.serve_at_aws();
  const std::string message = "--message aGVsbG8= --mac-algorithm HMAC_SHA_256 ";
  const auto mac = [&] {
    return at.cloud("aws kms generate-mac " + std::string(kAlias) + message +
                    "--query Mac --output text");
  };
  const auto verified = [&](const std::string& key, const std::string& of) {
    return at.does("aws kms verify-mac " + key + " " + message + "--mac " + of);
  };
  CHECK(at.bring("1")["public_half"].is_null());
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  at.create_alias();
  const auto old = mac();
  CHECK(verified(kAlias, old));
  (void)at.bring("2");
  at.switch_to_second();
  CHECK(verified(kAlias, mac()));
  CHECK_FALSE(verified(kAlias, old));
  CHECK(verified("--region eu-central-1 --key-id " + at.arn("1"), old));
}

TEST_CASE("An EC key that signs at Google has two versions, and consumers name theirs") {
  const PrivateKey at{"ec-p256", "sign"};
  if (!at.ready()) return;
  at.serve_google();
  at.site.shop().put("message", as_bytes("hello"));
  const auto is_signed_by = [&](const std::string& version, const std::string& pem) {
    at.cloud(
        "gcloud kms asymmetric-sign --key payments --keyring ring --location europe-west3 "
        "--version " +
        version + " --digest-algorithm sha256 --input-file message --signature-file signature");
    return at.does("openssl pkeyutl -verify -rawin -pubin -inkey " + pem +
                   " -digest sha256 -in message -sigfile signature");
  };
  const auto first = at.given_out(at.bring("1"), "1");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  const auto second = at.given_out(at.bring("2"), "2");
  // Consumers name the version, so nothing moves under them.
  const Json done = at.rotate(at.in("--answers", "bundles2") + at.in("--output", "switch"));
  CHECK(done["state"] == "done");
  CHECK(done["switch"].empty());
  CHECK(at.states() == "1 deactivated; 2 active;");
  REQUIRE(done["earlier"].size() == 1);
  CHECK(done["earlier"][0]["by"].get<std::string>().ends_with("/cryptoKeyVersions/1"));
  CHECK(is_signed_by("1", first));
  CHECK(is_signed_by("2", second));
  CHECK_FALSE(is_signed_by("2", first));
}

TEST_CASE("An Ed25519 key goes nowhere by a token that cannot wrap one, and waits") {
  const PrivateKey at{"ed25519", "sign"};
  if (!at.ready()) return;
  at.serve_google();  // which takes one
  CHECK(at.rotate(at.in("--output", "asks"))["asked"].size() == 1);
  at.site.scene.refused(at.run(at.in("--parameters", "asks") + at.in("--output", "bundles") +
                               Words{"--accept-padded-pkcs8"} + at.fetch("asks")),
                        4, "no-wrap-method");
  CHECK(at.states() == "1 pre-activation;");
}

TEST_CASE(
    "A private key at Azure is proven under a check name, and the old version has an address") {
  const PrivateKey at{"ec-p256", "sign"};
  if (!at.ready()) return;
  at.serve({"https://acme.managedhsm.azure.net/keys/payments", "--provider", "azure", "--region",
            "westeurope", "--ops", "sign", "--ops", "verify"});
  (void)at.given_out(at.bring("1"), "1");
  CHECK(at.rotate(at.in("--answers", "bundles1"))["state"] == "done");
  (void)at.given_out(at.bring("2"), "2");
  const auto expected = at.fetch("asks2");
  CHECK(at.rotate(at.in("--answers", "bundles2"))["next_step"] == "wait-for-switch");
  CHECK(at.rotate(at.in("--parameters", "asks2") + at.in("--output", "bundles2") +
                  Words{"--accept-padded-pkcs8"} + expected)["made"]
            .size() == 1);
  at.cloud("sh bundles2/*-switch/import.sh");
  const Json done = at.rotate(at.in("--answers", "bundles2"));
  CHECK(at.site.placements() == "azure proven, azure serving");
  CHECK(done["earlier"][0]["by"].get<std::string>().starts_with(
      "https://acme.managedhsm.azure.net/keys/payments/"));
  // The newest of that name has the public half that was given out.
  const auto same = [&](const std::string& n) {
    return at.cloud("az keyvault key download --hsm-name acme --name payments --file newest" + n +
                    ".pem && openssl pkey -pubin -in newest" + n +
                    ".pem -outform DER | sha256sum | cut -c1-64");
  };
  CHECK(same("2") == at.site.look("print(*db.execute('SELECT public_key_sha256 FROM version WHERE "
                                  "number = 2').fetchone())"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
