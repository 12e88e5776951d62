// Import parameters as clients and shells save them by default: each is named for what it is, with
// what writes the right one.
#include <doctest/doctest.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "provider/parameters.h"
#include "provider/wrapping_key_file.h"
#include "unit/provider/evidence_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace provider;

Bytes sample(const std::string& name) {
  return read_file(std::string(KEYRITE_SOURCE_DIR) + "/tests/unit/provider/samples/" + name);
}

ImportOptions options_of(Provider provider) {
  switch (provider) {
    case Provider::kAws:
      return aws::ImportOptions{.wrapping_algorithm = "RSAES_OAEP_SHA_256"};
    case Provider::kAzure:
      return azure::ImportOptions{};
    case Provider::kGoogle:
      break;
  }
  return google::ImportOptions{};
}

// "CODE: HINT" of what reading the file as import parameters throws.
std::string refused(Provider provider, const Bytes& content) {
  try {
    static_cast<void>(
        read_parameters({.parameters = InputFile{"params", content}}, options_of(provider)));
  } catch (const Error& error) {
    CHECK(error.kind() == Kind::kConfig);
    return error.code() + ": " + error.hint();
  }
  return "nothing thrown";
}

struct Row {
  Provider provider{};
  Bytes content{};
  std::string code{};
  std::string hint{};
};

TEST_CASE(
    "Parameters in another form are named, with the client's option that writes the right one") {
  const Workshop shop;
  shop.put("params.json", sample("aws-v2.json"));
  const std::vector<Row> rows{
      {Provider::kAws, {}, "file-empty", "run it again"},
      {Provider::kAws, bytes_of("KeyId: arn:aws:kms\nPublicKey: MII\n"), "file-yaml",
       "--output json of aws"},
      {Provider::kAws, shop.must("printf '\\377\\376'; iconv -t utf-16le params.json"),
       "file-utf16", "UTF-16"},
      {Provider::kAws, shop.must("printf '\\357\\273\\277'; cat params.json"),
       "file-byte-order-mark", "-Encoding ascii"},
      {Provider::kAws, bytes_of("arn:aws:kms\tTOKEN\tKEY\n"), "file-tab-separated",
       "--output json"},
      {Provider::kAws, bytes_of("aws: [ERROR]: An error occurred (NoRegion): x\n"),
       "file-error-message", "correct what it says"},
      {Provider::kAzure, bytes_of("{\n  \x1b[94m\"key\"\x1b[39;49;00m: {}\n}\n"), "file-coloured",
       "not jsonc"},
      {Provider::kAzure, bytes_of("Name    Kid\n------  -----\nkek     https\n"), "file-table",
       "--output json of az"},
      {Provider::kAzure, bytes_of(R"({"Attributes": {}, "Key": {"kid": "x", "kty": "RSA-HSM"}})"),
       "file-other-client", "az keyvault key show"},
      {Provider::kAzure, bytes_of(R"({"properties": {"kty": "RSA-HSM"}, "type": "x"})"),
       "file-other-client", "az keyvault key show"},
      {Provider::kAzure, bytes_of("<html>Sign in</html>"), "file-error-page", "proxy"},
      {Provider::kGoogle, bytes_of("createTime: '2026'\nname: projects/p\n"), "file-yaml",
       "--format=json"},
      {Provider::kGoogle,
       bytes_of("name: projects/p\npublicKey:\n  pem: |\n    -----BEGIN PUBLIC KEY-----\n"),
       "file-yaml", "--format=json"},
      {Provider::kGoogle, bytes_of(R"({"import_method": "X", "name": "projects/p"})"),
       "file-other-client", "--format=json"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.code);
    const std::string said = refused(row.provider, row.content);
    CAPTURE(said);
    CHECK(said.starts_with(row.code + ": "));
    CHECK(said.find(row.hint) != std::string::npos);
  }
}

TEST_CASE("The key alone, as --query key prints it, is read, its dates unseen") {
  const Json whole = parse_json(sample("azure-az.json"), "azure-az.json");
  const Bytes alone = bytes_of(dump_json(whole.at("key")));
  const auto read = [](const Bytes& content) {
    return std::get<azure::ImportParameters>(read_parameters(
        {.parameters = InputFile{"kek.json", content}}, options_of(Provider::kAzure)));
  };
  const auto parameters = read(alone);
  CHECK(parameters.wrapping_key == read(sample("azure-az.json")).wrapping_key);
  CHECK_FALSE(parameters.attributes_known);
  CHECK_FALSE(parameters.expires.has_value());
  CHECK(read_wrapping_key({"kek.json", alone}) == parameters.wrapping_key);
}

TEST_CASE("A wrapping key in another form is named without a client") {
  try {
    static_cast<void>(read_wrapping_key({"key", bytes_of("name: x\nstate: y\n")}));
    FAIL("nothing thrown");
  } catch (const Error& error) {
    CHECK(error.code() == "file-yaml");
    CHECK(error.hint().find("--output json") != std::string::npos);
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
