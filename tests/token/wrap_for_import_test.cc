// wrap-for-import from the cloud's JSON to a bundle, and every way in which it must refuse.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "acts/generate_kek.h"
#include "support/function_table.h"
#include "token/import_fixture.h"

namespace keyrite::test {
namespace {

struct Failure {
  std::string code{};
  Kind kind{};
};

template <class Work>
Failure failure_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return {error.code(), error.kind()};
  }
  return {"no error"};
}

void make_key(const TestToken& token, const std::string& type, const std::string& label,
              bool trusted = false, bool extractable = true) {
  acts::TokenSession open(token.binding(), pkcs11::Access::kReadWrite);
  acts::GenerateKekRequest request;
  request.type = type;
  request.label = label;
  request.extractable = extractable;
  request.usage = type.starts_with("aes") ? std::optional<std::string>("encrypt") : std::nullopt;
  request.wrap_with_trusted = trusted;
  Bytes id(label.begin(), label.end());
  (void)acts::perform(acts::plan(request, id), open);
  open.close();
}

acts::WrapResult wrap(const acts::AwsWrapRequest& request, const acts::Context& context) {
  const auto order = acts::read(request, request, context.now());
  acts::compare_wrapping_key(order, context);
  return acts::perform(order, context);
}

TEST_CASE("A bundle for AWS holds the token's key, as openssl finds it") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  const AwsImport aws;
  const auto result = wrap(aws.request("k", "RSAES_OAEP_SHA_1"), context_for(*token));
  REQUIRE(result.bundles.size() == 1);
  const auto& manifest = result.bundles[0].manifest;
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
  context.dry_run = true;
  const auto result = wrap(aws.request("k", "RSAES_OAEP_SHA_1"), context);
  REQUIRE(result.planned);
  CHECK(result.planned->method.recipe.method == Method::kDirect);
  CHECK_FALSE(std::filesystem::exists(aws.path("out")));
}

TEST_CASE("Whatever is refused, nothing is written") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  make_key(*token, "aes-256", "stays", false, false);
  make_key(*token, "aes-256", "trusted", true);
  make_key(*token, "ec-p256", "ec");
  const AwsImport aws;
  const auto refused = [&](const acts::AwsWrapRequest& request, const char* code, Kind kind) {
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

TEST_CASE("Who is asked at the terminal sees the fingerprint as hex and as words, and can say no") {
  const auto token = make_softhsm();
  if (!token) return;
  const AwsImport aws;
  auto request = aws.request("k", "RSAES_OAEP_SHA_1");
  request.expect_wrapping_key.reset();
  auto context = context_for(*token);
  std::vector<std::string> shown;
  context.ask = [&](const acts::Question& question) {
    shown = question.lines;
    return std::optional(false);
  };
  CHECK(failure_of([&] { (void)wrap(request, context); }).code == "wrapping-key-rejected");
  std::string all;
  for (const auto& line : shown) {
    CHECK(line.size() <= 80);
    all += line + "\n";
  }
  CHECK(all.find(aws.fingerprint.substr(0, 4)) != std::string::npos);
  CHECK(all.find("PGP words") != std::string::npos);
}

TEST_CASE(
    "With the security officer, a target that wants a trusted wrapping key is wrapped by a trusted "
    "one") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "trusted", true);
  const AwsImport aws;
  auto request = aws.request("trusted", "RSAES_OAEP_SHA_1");
  request.trust_wrapping_key = true;
  const auto result = wrap(request, context_for(*token));
  const auto& protections = result.bundles.at(0).manifest.protections;
  const std::pair<std::string, std::string> enforced{"wrap-with-trusted", "enforced"};
  CHECK(std::find(protections.begin(), protections.end(), enforced) != protections.end());
  CHECK(aws.folder
            .must("openssl pkeyutl -decrypt -inkey wrapping.pem -in out/EncryptedKeyMaterial.bin "
                  "-pkeyopt "
                  "rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha1")
            .size() == 32);
}

TEST_CASE("A protection that the token does not keep is not claimed in the manifest") {
  const auto token = make_nss();
  if (!token) return;
  make_key(*token, "aes-256", "k", true);
  const AwsImport aws;
  auto request = aws.request("k", "RSAES_OAEP_SHA_256");
  CHECK(failure_of([&] { (void)wrap(request, context_for(*token)); }).code ==
        "target-needs-trusted-wrapping-key");
}

TEST_CASE("The verification bundle holds the same key once more") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  const AwsImport aws;
  auto request = aws.request("k", "RSAES_OAEP_SHA_1");
  request.verification_parameters = aws.path("params.json");
  request.verification_out = aws.path("second");
  const auto result = wrap(request, context_for(*token));
  REQUIRE(result.bundles.size() == 2);
  CHECK(result.bundles[1].manifest.purpose == provider::Purpose::kVerification);
  const std::string open =
      "openssl pkeyutl -decrypt -inkey wrapping.pem -pkeyopt rsa_padding_mode:oaep -pkeyopt "
      "rsa_oaep_md:sha1 -in ";
  CHECK(aws.folder.must(open + "out/EncryptedKeyMaterial.bin") ==
        aws.folder.must(open + "second/EncryptedKeyMaterial.bin"));
}

// What passes between the token and this process.
CK_FUNCTION_LIST* real = nullptr;
std::set<CK_ATTRIBUTE_TYPE> read_attributes;
std::vector<Bytes> returned;

void keep(CK_RV rv, const CK_BYTE* out, const CK_ULONG* length) {
  if (rv == CKR_OK && out != nullptr) returned.emplace_back(out, out + *length);
}

CK_RV watch_attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* wanted,
                       CK_ULONG count) {
  const CK_RV rv = real->C_GetAttributeValue(session, object, wanted, count);
  for (CK_ULONG i = 0; i < count; ++i) {
    read_attributes.insert(wanted[i].type);
    keep(rv, static_cast<const CK_BYTE*>(wanted[i].pValue), &wanted[i].ulValueLen);
  }
  return rv;
}

CK_RV watch_wrap(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE wrapping,
                 CK_OBJECT_HANDLE key, CK_BYTE* out, CK_ULONG* length) {
  const CK_RV rv = real->C_WrapKey(session, mechanism, wrapping, key, out, length);
  keep(rv, out, length);
  return rv;
}

CK_RV watch_encrypt(CK_SESSION_HANDLE session, CK_BYTE* in, CK_ULONG in_length, CK_BYTE* out,
                    CK_ULONG* length) {
  const CK_RV rv = real->C_Encrypt(session, in, in_length, out, length);
  keep(rv, out, length);
  return rv;
}

CK_RV watch_sign(CK_SESSION_HANDLE session, CK_BYTE* in, CK_ULONG in_length, CK_BYTE* out,
                 CK_ULONG* length) {
  const CK_RV rv = real->C_Sign(session, in, in_length, out, length);
  keep(rv, out, length);
  return rv;
}

bool contains(const Bytes& whole, const Bytes& part) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

TEST_CASE("No byte of the target key comes into this process, and none is asked for") {
  const auto token = make_nss();
  if (!token) return;
  const AwsImport aws;
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_GetAttributeValue = watch_attributes;
  table.C_WrapKey = watch_wrap;
  table.C_Encrypt = watch_encrypt;
  table.C_Sign = watch_sign;
  for (const auto& [type, algorithm] : {std::pair{"aes-256", "RSAES_OAEP_SHA_256"},
                                        {"ec-p256", "RSA_AES_KEY_WRAP_SHA_256"},
                                        {"generic-secret-32-bytes", "RSAES_OAEP_SHA_256"}}) {
    make_key(*token, type, type);
    read_attributes.clear();
    returned.clear();
    auto request = aws.request(type, algorithm);
    request.out = aws.path(std::string("bundle-") + type);
    const auto context = context_for(*token);
    const auto order = acts::read(request, request, context.now());
    (void)acts::perform(order, context, pkcs11::Module::adopt(&table, token->module.init_args));
    CHECK_FALSE(read_attributes.empty());
    for (const CK_ATTRIBUTE_TYPE secret :
         {CKA_VALUE, CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_PRIME_2, CKA_EXPONENT_1, CKA_EXPONENT_2,
          CKA_COEFFICIENT}) {
      CHECK_FALSE(read_attributes.contains(secret));
    }
    // What openssl takes out of the bundle is the key; no answer of the token held it.
    const std::string bundle = request.out + "/EncryptedKeyMaterial.bin";
    const std::string oaep =
        "openssl pkeyutl -decrypt -inkey wrapping.pem -pkeyopt rsa_padding_mode:oaep -pkeyopt "
        "rsa_oaep_md:sha256 -in ";
    Bytes key;
    if (std::string_view(algorithm) == "RSAES_OAEP_SHA_256") {
      key = aws.folder.must(oaep + bundle);
    } else {
      aws.folder.must("head -c 256 " + bundle + " > oaep && tail -c +257 " + bundle + " > kwp");
      const Bytes ephemeral = aws.folder.must(oaep + "oaep");
      const Bytes pkcs8 = aws.folder.must(
          "openssl enc -d -id-aes256-wrap-pad -iv A65959A6 -in kwp -K " + to_hex(ephemeral));
      aws.folder.put("pkcs8", pkcs8);
      // The private scalar: 32 bytes behind the ECPrivateKey's version.
      const Bytes marker{0x02, 0x01, 0x01, 0x04, 0x20};
      const auto at = std::search(pkcs8.begin(), pkcs8.end(), marker.begin(), marker.end());
      REQUIRE(at != pkcs8.end());
      key.assign(at + 5, at + 37);
    }
    REQUIRE(key.size() == 32);
    CHECK_FALSE(returned.empty());
    for (const auto& buffer : returned) CHECK_FALSE(contains(buffer, key));
  }
}

}  // namespace
}  // namespace keyrite::test
