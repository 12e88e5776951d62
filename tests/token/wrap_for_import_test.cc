// wrap-for-import from the cloud's JSON to a bundle, and every way in which it must refuse.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "support/function_table.h"
#include "support/key_wrap.h"
#include "token/import_fixture.h"
#include "token/raw_session.h"
#include "wrap/key_generation.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("A bundle for AWS holds the token's key, as openssl finds it") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  const AwsImport aws;
  const auto result = wrap(aws.request("k", "RSAES_OAEP_SHA_1"), context_for(*token));
  REQUIRE(result.size() == 1);
  const auto& manifest = result[0].manifest;
  CHECK(manifest.custody == Custody::kHsm);
  CHECK(manifest.method == Method::kDirect);
  const Bytes key = aws.folder.must(
      "openssl pkeyutl -decrypt -inkey wrapping.pem -in out/EncryptedKeyMaterial.bin -pkeyopt "
      "rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha1");
  REQUIRE(key.size() == 32);
  aws.folder.put("zero", Bytes(16));
  const Bytes zero = aws.folder.must("openssl enc -aes-256-ecb -nopad -in zero -K " + to_hex(key));
  REQUIRE_FALSE(manifest.check_values.empty());
  CHECK(manifest.check_values[0].value == to_hex(ByteView(zero).first(3)));
}

TEST_CASE("A dry run makes no bundle and says how it would be done") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  const AwsImport aws;
  auto context = context_for(*token);
  const auto request = aws.request("k", "RSAES_OAEP_SHA_1");
  const auto plan = dry_run(imports::read(request, request, context.now()), context);
  REQUIRE(plan.bundles.size() == 1);
  CHECK(plan.bundles[0].recipe.recipe().method == Method::kDirect);
  CHECK_FALSE(std::filesystem::exists(aws.path("out")));
}

TEST_CASE("Whatever is refused, nothing is written") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  make_key(*token, "aes-256", "stays", {.extractable = false});
  make_key(*token, "aes-256", "trusted", {.trusted = true});
  make_key(*token, "ec-p256", "ec");
  const AwsImport aws;
  const auto refused = [&](const imports::AwsWrapRequest& request, const char* code, Kind kind) {
    const auto failure = failure_of([&] { (void)wrap(request, context_for(*token)); });
    CHECK(failure.code == code);
    CHECK(failure.kind == kind);
    CHECK_FALSE(std::filesystem::exists(request.out));
  };
  refused(aws.request("absent", "RSAES_OAEP_SHA_1"), "object-not-found", Kind::kToken);
  refused(aws.request("stays", "RSAES_OAEP_SHA_1"), "key-not-extractable", Kind::kToken);
  refused(aws.request("trusted", "RSAES_OAEP_SHA_1"), "target-needs-trusted-wrapping-key",
          Kind::kToken);
  refused(aws.request("k", "RSAES_OAEP_SHA_256"), "no-wrap-method", Kind::kToken);
  refused(aws.request("ec", "RSA_AES_KEY_WRAP_SHA_1"), "padded-pkcs8", Kind::kToken);
  refused(aws.request("k", "RSA_AES_KEY_WRAP_SHA_1"), "algorithm-unverified", Kind::kUsage);

  auto request = aws.request("k", "RSAES_OAEP_SHA_1");
  request.expect_wrapping_key.reset();
  refused(request, "wrapping-key-not-compared", Kind::kUsage);
  request.expect_wrapping_key = std::string(64, '0');
  refused(request, "wrapping-key-unexpected", Kind::kVerification);
  request.expect_wrapping_key = "12:34";
  refused(request, "fingerprint-invalid", Kind::kUsage);
  request = aws.request("k", "RSAES_OAEP_SHA_1");
  request.label.reset();
  refused(request, "target-not-named", Kind::kUsage);
  request = aws.request("k", "RSAES_OAEP_SHA_1");
  request.method = "host-ephemeral";
  refused(request, "host-ephemeral-not-allowed", Kind::kUsage);
  request = aws.request("k", "RSAES_OAEP_SHA_1");
  request.verification_out = aws.path("second");
  refused(request, "verification-incomplete", Kind::kUsage);
  request = aws.request("k", "RSAES_OAEP_SHA_1");
  request.parameters = aws.path("absent.json");
  refused(request, "file-unreadable", Kind::kConfig);
  request = aws.request("k", "RSAES_OAEP_SHA_1");
  request.out = aws.path("no-such-folder/out");
  refused(request, "file-unwritable", Kind::kFailed);
}

TEST_CASE("Expired parameters are refused with both clocks") {
  const auto token = make_softhsm();
  if (!token) return;
  const AwsImport aws;
  auto context = context_for(*token);
  context.now = [] { return parse_rfc3339("2026-09-20T13:00:01Z", "now"); };
  try {
    (void)wrap(aws.request("k", "RSAES_OAEP_SHA_1"), context);
    FAIL("expired parameters were taken");
  } catch (const Error& error) {
    CHECK(error.code() == "parameters-expired");
    CHECK(error.kind() == Kind::kConfig);
    CHECK(error.message().find("2026-09-20T13:00:00Z") != std::string::npos);
    CHECK((error.message() + error.hint()).find("2026-09-20T13:00:01Z") != std::string::npos);
  }
}

TEST_CASE("An existing bundle is not touched") {
  const auto token = make_softhsm();
  if (!token) return;
  const AwsImport aws;
  aws.folder.must("mkdir out && touch out/mine");
  CHECK(failure_of([&] {
          (void)wrap(aws.request("k", "RSAES_OAEP_SHA_1"), context_for(*token));
        }).code == "output-exists");
  CHECK(std::filesystem::exists(aws.path("out/mine")));
}

TEST_CASE("A key pair without its public half in the token is refused, and nothing is written") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "ec-p256", "ec");
  {
    act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
    const auto half =
        open.session().find_one({.label = "ec", .object_class = pkcs11::ObjectClass::kPublicKey});
    open.session().destroy_object(half, "removing the public half");
    open.close();
  }
  const AwsImport aws;
  const auto request = aws.request("ec", "RSA_AES_KEY_WRAP_SHA_1");
  const auto failure = failure_of([&] { (void)wrap(request, context_for(*token)); });
  CHECK(failure.code == "public-half-missing");
  CHECK(failure.kind == Kind::kToken);
  CHECK_FALSE(std::filesystem::exists(request.out));
}

constexpr const char* kUntilRenamed = "-until-renamed";

// A key that generate-kek would not make, because its label is taken.
void make_double(const TestToken& token, const char* type_name, const std::string& label,
                 Bytes id) {
  act::TokenSession open(token.binding(), pkcs11::Access::kReadWrite);
  const auto type = parse_key_type(type_name);
  const auto templates =
      wrap::key_templates(type,
                          {.extractable = true,
                           .usage = type.is_secret() ? KeyUsage::kEncrypt : KeyUsage::kSign,
                           .label = type.is_secret() ? label + kUntilRenamed : label,
                           .id = std::move(id)},
                          wrap::Detail::kShort);
  if (type.is_secret()) {
    // keyrite looks for the label first, so it stands there under another one until then.
    const RawSession raw(real_table(token.module.path.value()), open);
    (void)open.session().generate_key(wrap::generation_mechanism(type), templates.key, "making");
    REQUIRE(raw.rename(raw.find(label + kUntilRenamed, CKO_SECRET_KEY), label) == CKR_OK);
  } else {
    (void)open.session().generate_key_pair(wrap::generation_mechanism(type), templates.public_half,
                                           templates.key, "making");
  }
  open.close();
}

TEST_CASE("A label that two keys have names neither, of one kind or of two") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "twice");
  make_double(*token, "aes-256", "twice", {0x01});
  make_key(*token, "aes-256", "both");
  make_double(*token, "ec-p256", "both", {0x02});
  const AwsImport aws;
  for (const char* label : {"twice", "both"}) {
    CAPTURE(label);
    const auto request = aws.request(label, "RSAES_OAEP_SHA_1");
    const auto failure = failure_of([&] { (void)wrap(request, context_for(*token)); });
    CHECK(failure.code == "object-ambiguous");
    CHECK(failure.kind == Kind::kToken);
    CHECK_FALSE(std::filesystem::exists(request.out));
  }
  // The id still tells them apart.
  auto request = aws.request("both", "RSAES_OAEP_SHA_1");
  request.label.reset();
  request.id = to_hex(as_bytes("both"));
  CHECK(wrap(request, context_for(*token)).size() == 1);
}

TEST_CASE("A wrong PIN and an absent token stop the act, and nothing is written") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  const AwsImport aws;
  const auto request = aws.request("k", "RSAES_OAEP_SHA_1");
  auto context = context_for(*token);
  context.token.pin = [](const pkcs11::TokenInfo&, pkcs11::UserType) {
    return std::optional<crypto::SecretBytes>(as_bytes("wrong-1234"));
  };
  auto failure = failure_of([&] { (void)wrap(request, context); });
  CHECK(failure.code == "pin-wrong");
  CHECK(failure.kind == Kind::kPin);
  context = context_for(*token);
  context.token.uri = "pkcs11:token=absent";
  failure = failure_of([&] { (void)wrap(request, context); });
  CHECK(failure.code == "token-not-found");
  CHECK(failure.kind == Kind::kToken);
  CHECK_FALSE(std::filesystem::exists(request.out));
}

TEST_CASE("A padded PKCS#8 that was accepted by name stands in the manifest as an exception") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "ec-p256", "ec");
  const AwsImport aws;
  auto request = aws.request("ec", "RSA_AES_KEY_WRAP_SHA_1");
  request.accept_padded_pkcs8 = true;
  const auto result = wrap(request, context_for(*token));
  CHECK(result.at(0).manifest.exceptions == std::vector<std::string>{"padded-pkcs8"});
  aws.folder.must(
      "head -c 256 out/EncryptedKeyMaterial.bin > oaep; tail -c +257 out/EncryptedKeyMaterial.bin "
      "> kwp");
  const Bytes transport = aws.folder.must(
      "openssl pkeyutl -decrypt -inkey wrapping.pem -in oaep -pkeyopt rsa_padding_mode:oaep "
      "-pkeyopt rsa_oaep_md:sha1");
  const Bytes pkcs8 = aws.folder.must(kwp_unwrap_line(to_hex(transport)) + " < kwp");
  // 67 bytes of DER, and what the token wrote behind them.
  REQUIRE(pkcs8.size() == 72);
  CHECK(pkcs8[1] == 65);
  CHECK(Bytes(pkcs8.begin() + 67, pkcs8.end()) == Bytes(5));
}

// A token that stops removing objects, by an error or silently.
CK_FUNCTION_LIST* real = nullptr;
CK_RV destroy_answer = CKR_OK;
bool destroys = true;

CK_RV destroy(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  return destroys ? real->C_DestroyObject(session, object) : destroy_answer;
}

TEST_CASE("An ephemeral key that stays in the token is reported, and nothing is written") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "generic-secret-32-bytes", "k");
  const AwsImport aws;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_DestroyObject = destroy;
  wrap::SelfTestMemory memory;
  auto context = context_for(*token);
  context.self_tests = &memory;
  auto request = aws.request("k", "RSA_AES_KEY_WRAP_SHA_1");
  request.allow_unverified = true;
  // While it still removes objects, its self-test is good, and this process remembers that.
  CHECK(wrap(request, context, pkcs11::Module::adopt(&table)).size() == 1);
  destroys = false;
  request.out = aws.path("again");
  for (const CK_RV answer : {CK_RV{CKR_OK}, CK_RV{CKR_DEVICE_ERROR}}) {
    CAPTURE(answer);
    destroy_answer = answer;
    const auto failure =
        failure_of([&] { (void)wrap(request, context, pkcs11::Module::adopt(&table)); });
    CHECK(failure.code == "ephemeral-not-destroyed");
    CHECK(failure.kind == Kind::kToken);
    CHECK_FALSE(std::filesystem::exists(request.out));
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
