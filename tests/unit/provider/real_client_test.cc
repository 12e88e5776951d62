// The emitted commands through the real clients: aws against an endpoint on the loopback, az as far
// as it goes without a login.
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "support/skip.h"
#include "unit/provider/loopback.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

// Every aws there is: the distribution's and the one found first.
std::vector<std::string> aws_clients(const Workshop& shop) {
  std::vector<std::string> clients;
  for (const char* where : {"command -v aws", "ls /usr/bin/aws 2>/dev/null"}) {
    const std::string path = line_of(shop, where);
    if (!path.empty() && std::find(clients.begin(), clients.end(), path) == clients.end()) {
      clients.push_back(path);
    }
  }
  return clients;
}

void use_aws(const Loopback& endpoint, const std::string& client) {
  endpoint.use_client("aws",
                      "AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_CONFIG_FILE=/dev/null "
                      "AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true "
                      "AWS_PAGER=",
                      "'" + client + "' \"$@\" --endpoint-url " + endpoint.url());
}

// What az says of a printed command, run without a login.
std::string az_says(const Workshop& shop, const std::string& command) {
  return as_text(
      shop.run("export AZURE_CONFIG_DIR=\"$PWD/azure\" AZURE_CORE_COLLECT_TELEMETRY=no; " +
               command + " 2>&1")
          .out);
}
bool refused_by_parser(const std::string& said) {
  for (const char* words :
       {"unrecognized arguments", "the following arguments are required", "expected one argument",
        "invalid choice", "is misspelled", "not a valid value", "Incorrect Usage"}) {
    if (said.find(words) != std::string::npos) return true;
  }
  return false;
}

TEST_CASE("The real aws sends the wrapped key, the token and the challenge byte for byte") {
  const Workshop probe;
  const auto clients = aws_clients(probe);
  if (clients.empty()) {
    skip("aws is not installed (Debian package awscli)");
    return;
  }
  for (const std::string& client : clients) {
    CAPTURE(client);
    auto options = aws_options();
    options.valid_to = "2026-06-01T00:00:00Z";
    Connected side(aws_destination(options, "generic-secret-64-bytes"));
    const Loopback endpoint(side, "kms_loopback.py");
    use_aws(endpoint, client);
    const int code = side.run();
    CAPTURE(side.output());
    REQUIRE(code == 0);
    const auto requests = endpoint.requests();
    REQUIRE(requests.size() == 3);
    const Json& import = requests[0].at("body");
    CHECK(requests[0].at("operation") == "ImportKeyMaterial");
    CHECK(import.at("EncryptedKeyMaterial") ==
          to_base64(bundle_file(side, "EncryptedKeyMaterial.bin")));
    CHECK(import.at("ImportToken") == to_base64(bundle_file(side, "ImportToken.bin")));
    CHECK(import.at("ExpirationModel") == "KEY_MATERIAL_EXPIRES");
    CHECK(import.at("ValidTo").get<double>() == 1780272000.0);
    CHECK(requests[1].at("operation") == "DescribeKey");
    CHECK(requests[2].at("body").at("Message") == to_base64(bundle_file(side, "challenge.bin")));
    CHECK(requests[2].at("body").at("MacAlgorithm") == "HMAC_SHA_512");
    CHECK(side.answers().size() == 4);
  }
}

TEST_CASE("The real aws asks for the public key and a signature over the challenge") {
  const Workshop probe;
  const auto clients = aws_clients(probe);
  if (clients.empty()) {
    skip("aws is not installed (Debian package awscli)");
    return;
  }
  Connected side(aws_destination(aws_options(), "ec-p256"));
  const Loopback endpoint(side, "kms_loopback.py");
  use_aws(endpoint, clients.front());
  CHECK(side.run() == 0);
  const auto requests = endpoint.requests();
  REQUIRE(requests.size() == 4);
  CHECK(requests[2].at("operation") == "GetPublicKey");
  CHECK(requests[3].at("body").at("Message") == to_base64(bundle_file(side, "challenge.bin")));
  CHECK(requests[3].at("body").at("MessageType") == "RAW");
}

TEST_CASE("The real aws re-imports under the material id, or is too old to know the option") {
  const Workshop probe;
  const auto clients = aws_clients(probe);
  if (clients.empty()) {
    skip("aws is not installed (Debian package awscli)");
    return;
  }
  for (const std::string& client : clients) {
    CAPTURE(client);
    auto options = aws_options();
    options.key_material_id = std::string(64, 'b');
    Connected side(aws_destination(options), Purpose::kVerification);
    const Loopback endpoint(side, "kms_loopback.py");
    use_aws(endpoint, client);
    if (side.run() == 0) {
      const Json import = endpoint.requests().at(0).at("body");
      CHECK(import.at("ImportType") == "EXISTING_KEY_MATERIAL");
      CHECK(import.at("KeyMaterialId") == std::string(64, 'b'));
      continue;
    }
    MESSAGE(client << " is older than the re-import of key material (2025)");
    CHECK(side.output().find("use one of June 2025 or later") != std::string::npos);
    CHECK(endpoint.requests().empty());
  }
}

TEST_CASE("The real az takes every word of the emitted commands") {
  const Workshop probe;
  if (probe.run("command -v az").exit_code != 0) {
    skip("az is not installed (Debian package azure-cli)");
    return;
  }
  CHECK(refused_by_parser(
      az_says(probe, "az keyvault key import --vault-name v --name k --bogus x")));
  azure::ImportOptions options;
  options.tags = {"owner=it's \"us\" $(id)", "a=b c"};
  options.expires = "2027-01-01T00:00:00Z";
  for (const Destination& destination :
       {azure_destination(options), azure_destination({}, "ec-p256", "azure-rest.json"),
        azure_destination({}, "rsa-2048", "azure-rest.json")}) {
    Connected side(destination);
    CHECK(side.run("--print") == 0);
    std::istringstream lines(side.output());
    for (std::string line; std::getline(lines, line);) {
      if (const auto redirection = line.find(" > "); redirection != std::string::npos) {
        line.resize(redirection);
      }
      const std::string kid =
          "https://acme.vault.azure.net/keys/k/0123456789abcdef0123456789abcdef";
      if (const auto at = line.find("KEY_ID_WITH_VERSION"); at != std::string::npos) {
        line.replace(at, std::string("KEY_ID_WITH_VERSION").size(), kid);
      }
      // A command younger than the packaged az fails before its words are looked at.
      if (line.find(" get-attestation ") != std::string::npos) {
        MESSAGE("not parsed, younger than Debian's az: " << line.substr(0, line.find(" --")));
        continue;
      }
      const std::string said = az_says(side.shop(), "cd bundle; " + line);
      CAPTURE(line);
      CAPTURE(said);
      CHECK_FALSE(refused_by_parser(said));
      const bool came_to_login = said.find("az login") != std::string::npos;
      // Debian's az 2.45 misses a module of the vault client that comes after the parser.
      const bool came_to_client = said.find("No module named 'azure.keyvault") != std::string::npos;
      CHECK((came_to_login || came_to_client));
    }
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
