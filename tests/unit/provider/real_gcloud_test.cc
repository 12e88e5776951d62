// The emitted commands through the real gcloud, against Cloud KMS on the loopback. gcloud comes
// from Google's own repository, not from Debian's, so its absence is told loudly and is no failure
// in CI.
#include <doctest/doctest.h>

#include <algorithm>

#include "unit/provider/loopback.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;
using Names = std::vector<std::string>;

constexpr const char* kVersion =
    "/v1/projects/acme-prod/locations/europe-west3/keyRings/payments/cryptoKeys/acme-payments/"
    "cryptoKeyVersions/7";

bool has_gcloud(const Workshop& shop) {
  if (shop.run("command -v gcloud").exit_code == 0) return true;
  MESSAGE("SKIPPED: gcloud is not installed (it is in no package of Debian)");
  return false;
}

void use_gcloud(const Loopback& endpoint, const Connected& side) {
  const std::string client = line_of(side.shop(), "command -v gcloud");
  const auto token = side.shop().put("token", as_bytes("a token of the test\n"));
  endpoint.use_client("gcloud",
                      "CLOUDSDK_CONFIG='" + (side.shop().folder() / "config").string() +
                          "' CLOUDSDK_AUTH_ACCESS_TOKEN_FILE='" + token.string() +
                          "' CLOUDSDK_CORE_DISABLE_PROMPTS=1 "
                          "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING=true "
                          "CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS=" +
                          endpoint.url() + "/",
                      "'" + client + "' \"$@\"");
}

// The body of the one request whose path ends so.
Json body_of(const Loopback& endpoint, const std::string& end) {
  for (const Json& request : endpoint.requests()) {
    const std::string path = request.at("path");
    const std::string bare = path.substr(0, path.find('?'));
    if (bare.size() >= end.size() && bare.compare(bare.size() - end.size(), end.size(), end) == 0) {
      return request.at("body");
    }
  }
  FAIL("no request ends with " << end);
  return {};
}

// base64url or base64, as the client likes.
Bytes sent(const Json& body, const char* field) {
  return from_base64_any(body.at(field).get<std::string>(), field);
}

TEST_CASE("The real gcloud imports, makes primary and saves what is known of a symmetric key") {
  if (!has_gcloud(Workshop())) return;
  Connected side(google_destination());
  const Loopback endpoint(side, "cloudkms_loopback.py");
  use_gcloud(endpoint, side);
  const int code = side.run();
  CAPTURE(side.output());
  REQUIRE(code == 0);
  const Json import = body_of(endpoint, "cryptoKeyVersions:import");
  CHECK(import.at("algorithm") == "GOOGLE_SYMMETRIC_ENCRYPTION");
  CHECK(import.at("importJob") ==
        "projects/acme-prod/locations/europe-west3/keyRings/payments/importJobs/job-7");
  const char* field = import.contains("wrappedKey") ? "wrappedKey" : "rsaAesWrappedKey";
  CHECK(sent(import, field) == bundle_file(side, "wrapped-key.bin"));
  CHECK(body_of(endpoint, "acme-payments:updatePrimaryVersion").at("cryptoKeyVersionId") == "7");
  CHECK(side.answers() == Names{"answer-attestation.dat", "answer-certificates.pem",
                                "answer-import.json", "answer-record.json", "answer-version.json"});
}

TEST_CASE("The real gcloud asks every challenge with the bytes of the bundle") {
  if (!has_gcloud(Workshop())) return;
  struct Case {
    const char* type;
    const char* algorithm;
    const char* request;
    const char* field;
    const char* file;
    const char* answer;
  };
  for (const Case& row : {
           Case{"generic-secret-32-bytes", "hmac-sha256", ":macSign", "data", "challenge.bin",
                "answer-hmac-sha256.bin"},
           Case{"aes-256", "aes-256-cbc", ":rawEncrypt", "plaintext", "challenge.bin",
                "answer-aes-cbc.bin"},
           Case{"ec-p256", "ec-sign-p256-sha256", ":asymmetricSign", nullptr, nullptr,
                "answer-sign-ecdsa-sha256.bin"},
           Case{"ed25519", "ec-sign-ed25519", ":asymmetricSign", "data", "challenge.bin",
                "answer-sign-ed25519.bin"},
           Case{"rsa-2048", "rsa-decrypt-oaep-2048-sha256", ":asymmetricDecrypt", "ciphertext",
                "challenge-oaep.bin", "answer-rsa-oaep-sha256-decrypt.bin"},
       }) {
    CAPTURE(std::string(row.algorithm));
    google::ImportOptions options;
    options.algorithm = row.algorithm;
    Connected side(google_destination(options, row.type));
    const Loopback endpoint(side, "cloudkms_loopback.py");
    use_gcloud(endpoint, side);
    const int code = side.run();
    CAPTURE(side.output());
    CHECK(code == 0);
    const Json body = body_of(endpoint, std::string(kVersion) + row.request);
    if (row.field != nullptr) CHECK(sent(body, row.field) == bundle_file(side, row.file));
    if (row.field == nullptr) CHECK(body.at("digest").contains("sha256"));
    CHECK(side.answer(row.answer) == "answer of the loopback");
  }
}

TEST_CASE("The real gcloud decrypts with GCM, or is passed by over the REST interface") {
  if (!has_gcloud(Workshop())) return;
  google::ImportOptions options;
  options.algorithm = "aes-256-gcm";
  Connected side(google_destination(options));
  const Loopback endpoint(side, "cloudkms_loopback.py");
  use_gcloud(endpoint, side);
  const int code = side.run();
  CAPTURE(side.output());
  CHECK(code == 0);
  const bool by_rest = side.answer("answer-aes-gcm-decrypt.json") == "{\"answer\": \"curl\"}\n";
  CHECK((by_rest || side.answer("answer-aes-gcm-decrypt.bin") == "answer of the loopback"));
  // The client's endpoint is the one that is asked.
  if (by_rest) CHECK(side.calls().back().back().starts_with(endpoint.url() + "/v1/"));
}

TEST_CASE("The real gcloud creates a key for imports only") {
  if (!has_gcloud(Workshop())) return;
  google::ImportOptions options;
  options.algorithm = "aes-256-cbc";
  options.destroy_scheduled_duration = "48h";
  Connected side(google_destination(options));
  const Loopback endpoint(side, "cloudkms_loopback.py");
  use_gcloud(endpoint, side);
  const int code = side.run("create");
  CAPTURE(side.output());
  REQUIRE(code == 0);
  const Json body = body_of(endpoint, "/cryptoKeys");
  CHECK(body.at("importOnly") == true);
  CHECK(body.at("purpose") == "RAW_ENCRYPT_DECRYPT");
  CHECK(body.at("versionTemplate").at("algorithm") == "AES_256_CBC");
  CHECK(body.at("destroyScheduledDuration") == "172800s");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
