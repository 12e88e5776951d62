#include "token/import_fixture.h"

#include <utility>

#include "crypto/digest.h"
#include "keys/generate_kek.h"

namespace keyrite::test {

AwsImport::AwsImport(unsigned bits) {
  fingerprint = save_parameters("params.json", "wrapping.pem", 0x5a, bits);
}

std::string AwsImport::save_parameters(const std::string& name, const std::string& private_key,
                                       std::uint8_t token_byte, unsigned bits) const {
  // The second set of parameters has another wrapping key, as a cloud's has.
  const std::string made = std::to_string(bits) + (private_key == "again.pem" ? "-other" : "");
  folder.must("test -e " + private_key + " || cp '" KEYRITE_TEST_KEYS_DIR "/rsa-" + made +
              ".pem' " + private_key);
  const Bytes spki = folder.must("openssl pkey -in " + private_key + " -pubout -outform DER");
  save(name, spki, token_byte);
  return crypto::sha256_hex(spki);
}

void AwsImport::save(const std::string& name, const Bytes& spki, std::uint8_t token_byte) const {
  const Json parameters{{"KeyId", kTestKeyArn},
                        {"ImportToken", to_base64(Bytes(900, token_byte))},
                        {"PublicKey", to_base64(spki)},
                        {"ParametersValidTo", "2026-09-20T15:00:00.085000+02:00"}};
  folder.put(name, as_bytes(dump_json(parameters)));
}

imports::AwsWrapRequest AwsImport::request_with_verification(const std::string& label,
                                                             const std::string& algorithm) const {
  auto both = request(label, algorithm);
  both.expect_verification_key = save_parameters("again.json", "again.pem", 0x5b, 2048);
  both.verification_parameters = path("again.json");
  both.verification_out = path("second");
  return both;
}

imports::AwsWrapRequest AwsImport::request(const std::string& label,
                                           const std::string& algorithm) const {
  imports::AwsWrapRequest request;
  request.label = label;
  request.parameters = path("params.json");
  request.out = path("out");
  request.wrapping_algorithm = algorithm;
  request.expect_wrapping_key = fingerprint;
  return request;
}

void make_key(const TestToken& token, const std::string& type, const std::string& label,
              const Wanted& wanted) {
  act::TokenSession open(token.binding(), pkcs11::Access::kReadWrite);
  keys::GenerateKekRequest request;
  request.type = type;
  request.label = label;
  request.extractable = wanted.extractable;
  request.usage = wanted.usage;
  if (!request.usage && type.starts_with("aes")) request.usage = "encrypt";
  request.wrap_with_trusted = wanted.trusted;
  const Bytes id(label.begin(), label.end());
  (void)keys::perform(keys::plan(request, id), open);
  open.close();
}

std::vector<imports::MadeBundle> wrap(const imports::AwsWrapRequest& request,
                                      const act::Context& context,
                                      std::shared_ptr<pkcs11::Module> module) {
  const auto order = imports::read(request, request, context.now());
  const auto compared = imports::compare_wrapping_key(order, context);
  const imports::WrapWork work(order);
  act::TokenSession token(module ? std::move(module) : act::load_module(context.token),
                          context.token, pkcs11::Access::kReadWrite, work.officer_work());
  auto made = work.perform(compared, context, token);
  token.close(context);
  return made;
}

imports::WrapPlan dry_run(const imports::WrapOrder& order, const act::Context& context,
                          std::shared_ptr<pkcs11::Module> module) {
  imports::show_wrapping_keys(order, context);
  act::TokenSession token(module ? std::move(module) : act::load_module(context.token),
                          context.token, pkcs11::Access::kReadOnly);
  auto plan = imports::plan_wrap(order, context, token);
  token.close(context);
  return plan;
}

TimePoint test_now() { return parse_rfc3339("2026-09-20T12:00:00Z", "now"); }

act::Context context_for(const TestToken& token) {
  return {.now = test_now,
          .ask = [](const act::Question&) { return std::optional<bool>(); },
          .note = [](std::string_view) {},
          .tool_version = "keyrite test",
          .token = token.binding()};
}

}  // namespace keyrite::test
