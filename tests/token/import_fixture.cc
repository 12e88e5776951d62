#include "token/import_fixture.h"

#include "crypto/digest.h"

namespace keyrite::test {

AwsImport::AwsImport() {
  folder.must("openssl genrsa -out wrapping.pem 2048");
  const Bytes spki = folder.must("openssl pkey -in wrapping.pem -pubout -outform DER");
  fingerprint = crypto::sha256_hex(spki);
  const Json parameters{
      {"KeyId", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
      {"ImportToken", to_base64(Bytes(900, 0x5a))},
      {"PublicKey", to_base64(spki)},
      {"ParametersValidTo", "2026-09-20T15:00:00.085000+02:00"}};
  folder.put("params.json", as_bytes(dump_json(parameters)));
}

acts::AwsWrapRequest AwsImport::request(const std::string& label,
                                        const std::string& algorithm) const {
  acts::AwsWrapRequest request;
  request.label = label;
  request.parameters = path("params.json");
  request.out = path("out");
  request.wrapping_algorithm = algorithm;
  request.expect_wrapping_key = fingerprint;
  return request;
}

TimePoint test_now() { return parse_rfc3339("2026-09-20T12:00:00Z", "now"); }

acts::Context context_for(const TestToken& token) {
  return {.now = test_now,
          .ask = [](const acts::Question&) { return std::optional<bool>(); },
          .note = [](std::string_view) {},
          .tool_version = "keyrite test",
          .token = token.binding()};
}

}  // namespace keyrite::test
