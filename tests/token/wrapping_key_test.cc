// The wrapping key: compared before it is used, of the right key in the cloud, and the same in the
// token.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "support/function_table.h"
#include "token/import_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// Answers every question by `answer` and keeps what was shown.
struct Person {
  bool answer{true};
  std::vector<std::string> shown{};
  [[nodiscard]] act::Context at(const TestToken& token) {
    auto context = context_for(token);
    context.ask = [this](const act::Question& question) {
      std::string all;
      for (const auto& line : question.lines) {
        CHECK(line.size() <= 80);
        all += line + "\n";
      }
      shown.push_back(all);
      return std::optional(answer);
    };
    return context;
  }
};

// In groups of four, as people compare it.
std::string grouped(const std::string& fingerprint) {
  std::string text;
  for (std::size_t i = 0; i < fingerprint.size() / 2; i += 4) {
    text += " " + fingerprint.substr(i, 4);
  }
  return text;
}

TEST_CASE("Who is asked at the terminal sees the fingerprint as hex and as words, and can say no") {
  const auto token = make_softhsm();
  if (!token) return;
  const AwsImport aws;
  // A key whose SHA-256, 7af1bca6 5b0968a4 c1265fff 787505ba 2787cb80 2bd91589 2992668e 1a668713,
  // was looked up by hand in the PGP word list.
  const std::string sample =
      std::string(KEYRITE_SOURCE_DIR) + "/tests/unit/provider/samples/rsa-3072.pem";
  const Bytes spki = aws.folder.must("openssl pkey -pubin -in '" + sample + "' -outform DER");
  aws.save("params.json", spki, 0x5a);
  auto request = aws.request("k", "RSAES_OAEP_SHA_1");
  request.expect_wrapping_key.reset();
  Person person{.answer = false};
  const auto failure = failure_of([&] { (void)wrap(request, person.at(*token)); });
  CHECK(failure.code == "wrapping-key-rejected");
  CHECK(failure.kind == Kind::kVerification);
  REQUIRE(person.shown.size() == 1);
  CHECK(person.shown[0].find("  7af1 bca6 5b09 68a4 c126 5fff 7875 05ba\n"
                             "  2787 cb80 2bd9 1589 2992 668e 1a66 8713\n") != std::string::npos);
  CHECK(person.shown[0].find("  keyboard vacancy showgirl paragon\n"
                             "  erase applicant frighten Pandora\n"
                             "  snapline caretaker eyetooth Yucatan\n"
                             "  island impartial adult puberty\n"
                             "  brackish liberty spheroid intention\n"
                             "  briefcase supportive backfield matchmaker\n"
                             "  breakup misnomer framework microwave\n"
                             "  beehive gossamer Neptune barbecue\n") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(request.out));
}

TEST_CASE("Both wrapping keys are asked about, and a dry run shows both without asking") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  const AwsImport aws;
  auto request = aws.request_with_verification("k", "RSAES_OAEP_SHA_1");
  const std::string second = grouped(request.expect_verification_key.value());
  request.expect_wrapping_key.reset();
  request.expect_verification_key.reset();
  const auto order = imports::read(request, request, test_now());

  auto context = context_for(*token);
  context.ask = [](const act::Question&) -> std::optional<bool> {
    throw std::logic_error("asked");
  };
  std::string notes;
  context.note = [&](std::string_view note) { notes += std::string(note) + "\n"; };
  const auto plan = dry_run(order, context);
  REQUIRE(plan.bundles.size() == 2);
  CHECK(plan.bundles[1].purpose == provider::Purpose::kVerification);
  CHECK(plan.to_json().at("bundles").size() == 2);
  CHECK(notes.find(grouped(aws.fingerprint)) != std::string::npos);
  CHECK(notes.find(second) != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(request.out));

  Person person;
  CHECK(wrap(request, person.at(*token)).size() == 2);
  REQUIRE(person.shown.size() == 2);
  CHECK(person.shown[0].find(grouped(aws.fingerprint)) != std::string::npos);
  CHECK(person.shown[1].find(second) != std::string::npos);
}

TEST_CASE("The verification parameters are compared like the import's, and nothing is written") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  const AwsImport aws;
  const auto good = aws.request_with_verification("k", "RSAES_OAEP_SHA_1");
  const auto refused = [&](const imports::AwsWrapRequest& request, const char* code, Kind kind) {
    const auto failure = failure_of([&] { (void)wrap(request, context_for(*token)); });
    CHECK(failure.code == code);
    CHECK(failure.kind == kind);
    CHECK_FALSE(std::filesystem::exists(request.out));
    CHECK_FALSE(std::filesystem::exists(aws.path("second")));
    return failure;
  };
  auto request = good;
  request.expect_verification_key = std::string(64, '0');
  CHECK(refused(request, "wrapping-key-unexpected", Kind::kVerification)
            .message.find("verification parameters") != std::string::npos);
  request.expect_verification_key.reset();
  CHECK(refused(request, "wrapping-key-not-compared", Kind::kUsage)
            .hint.find("--expect-verification-key") != std::string::npos);
  request = good;
  request.verification_parameters = aws.path("params.json");
  refused(request, "verification-parameters-reused", Kind::kConfig);
  request = good;
  request.verification_out = request.out;
  refused(request, "same-output", Kind::kUsage);
  request = aws.request("k", "RSAES_OAEP_SHA_1");
  request.expect_verification_key = aws.fingerprint;
  refused(request, "verification-incomplete", Kind::kUsage);
  aws.folder.must("sed -i s/1234abcd-12ab/ffffabcd-12ab/ again.json");
  refused(good, "verification-key-mismatch", Kind::kConfig);
}

// What the table of a token that lies is to do.
CK_FUNCTION_LIST* real = nullptr;
Bytes cloud_modulus;
Bytes other_modulus;
int wraps = 0;

CK_RV count_wraps(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_OBJECT_HANDLE wrapping,
                  CK_OBJECT_HANDLE key, CK_BYTE* out, CK_ULONG* length) {
  ++wraps;
  return real->C_WrapKey(session, mechanism, wrapping, key, out, length);
}

// Takes the cloud's wrapping key and keeps another.
CK_RV swap_modulus(CK_SESSION_HANDLE session, CK_ATTRIBUTE* wanted, CK_ULONG count,
                   CK_OBJECT_HANDLE* object) {
  std::vector<CK_ATTRIBUTE> changed(wanted, wanted + count);
  for (auto& attribute : changed) {
    const auto* value = static_cast<const CK_BYTE*>(attribute.pValue);
    if (attribute.type == CKA_MODULUS &&
        Bytes(value, value + attribute.ulValueLen) == cloud_modulus) {
      attribute.pValue = other_modulus.data();
    }
  }
  return real->C_CreateObject(session, changed.data(), count, object);
}

// Says of every object that it is not trusted.
CK_RV never_trusted(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* wanted,
                    CK_ULONG count) {
  const CK_RV rv = real->C_GetAttributeValue(session, object, wanted, count);
  if (wanted->type == CKA_TRUSTED && wanted->pValue != nullptr)
    *static_cast<CK_BBOOL*>(wanted->pValue) = CK_FALSE;
  return rv;
}

CK_FUNCTION_LIST table_of(const TestToken& token) {
  real = real_table(token.module.path.value());
  return *real;
}

Failure refused_at(CK_FUNCTION_LIST& table, const TestToken& token,
                   const imports::AwsWrapRequest& request) {
  auto failure = failure_of([&] {
    (void)wrap(request, context_for(token), pkcs11::Module::adopt(&table, token.module.init_args));
  });
  CHECK_FALSE(std::filesystem::exists(request.out));
  return failure;
}

TEST_CASE("A key that cannot be imported again is refused before anything is wrapped") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "generic-secret-32-bytes", "k");
  const AwsImport aws;
  const auto request = aws.request_with_verification("k", "RSAES_OAEP_SHA_1");
  auto table = table_of(*token);
  table.C_WrapKey = count_wraps;
  const auto failure = refused_at(table, *token, request);
  CHECK(failure.code == "reimport-not-for-key-type");
  CHECK(failure.kind == Kind::kUsage);
  CHECK(wraps == 0);
  const auto order = imports::read(request, request, test_now());
  CHECK(failure_of([&] { (void)dry_run(order, context_for(*token)); }).code ==
        "reimport-not-for-key-type");
}

TEST_CASE(
    "A token that keeps another wrapping key than it was given is found out, trusted or not") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  const AwsImport aws;
  auto request = aws.request("k", "RSAES_OAEP_SHA_1");
  const auto modulus = [&](const std::string& private_key) {
    return from_hex(as_text(aws.folder.must("openssl rsa -in " + private_key +
                                            " -noout -modulus | sed s/.*=// | tr -d '\\n' | "
                                            "tr A-F a-f")));
  };
  aws.folder.must("openssl genrsa -out other.pem 2048");
  cloud_modulus = modulus("wrapping.pem");
  other_modulus = modulus("other.pem");
  for (const bool trusted : {false, true}) {
    CAPTURE(trusted);
    request.trust_wrapping_key = trusted;
    auto table = table_of(*token);
    table.C_CreateObject = swap_modulus;
    const auto failure = refused_at(table, *token, request);
    CHECK(failure.code == "wrapping-key-changed");
    CHECK(failure.kind == Kind::kToken);
  }
}

TEST_CASE("A token that does not hold the wrapping key as trusted is found out") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k", {.trusted = true});
  const AwsImport aws;
  auto request = aws.request("k", "RSAES_OAEP_SHA_1");
  request.trust_wrapping_key = true;
  auto table = table_of(*token);
  table.C_GetAttributeValue = never_trusted;
  const auto failure = refused_at(table, *token, request);
  CHECK(failure.code == "trusted-not-set");
  CHECK(failure.kind == Kind::kToken);
}

TEST_CASE(
    "With the security officer, a target that wants a trusted wrapping key is wrapped by a trusted "
    "one") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "trusted", {.trusted = true});
  const AwsImport aws;
  auto request = aws.request("trusted", "RSAES_OAEP_SHA_1");
  request.trust_wrapping_key = true;
  const auto result = wrap(request, context_for(*token));
  const auto& protections = result.at(0).manifest.protections;
  const std::pair<std::string, std::string> enforced{"wrap-with-trusted", "enforced"};
  CHECK(std::find(protections.begin(), protections.end(), enforced) != protections.end());
  CHECK(aws.folder
            .must("openssl pkeyutl -decrypt -inkey wrapping.pem -in out/EncryptedKeyMaterial.bin "
                  "-pkeyopt "
                  "rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha1")
            .size() == 32);
}

// A security officer's login where the token knows none: the user's, who may trust keys there.
CK_RV officer_is_user(CK_SESSION_HANDLE session, CK_USER_TYPE /*user*/, CK_BYTE* pin,
                      CK_ULONG length) {
  return real->C_Login(session, CKU_USER, pin, length);
}

// And its session is then said to be the officer's: once, right after that login.
bool officer_logged_in = false;
CK_RV officer_is_user_noted(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_BYTE* pin,
                            CK_ULONG length) {
  officer_logged_in = user == CKU_SO;
  return officer_is_user(session, user, pin, length);
}
CK_RV session_of_officer(CK_SESSION_HANDLE session, CK_SESSION_INFO* info) {
  const CK_RV rv = real->C_GetSessionInfo(session, info);
  if (rv == CKR_OK && officer_logged_in) info->state = CKS_RW_SO_FUNCTIONS;
  return rv;
}

TEST_CASE("A protection that the token does not keep is not claimed in the manifest") {
  const auto token = make_nss();
  if (!token) return;
  make_key(*token, "aes-256", "k", {.trusted = true});
  const AwsImport aws;
  auto request = aws.request("k", "RSAES_OAEP_SHA_256");
  CHECK(failure_of([&] { (void)wrap(request, context_for(*token)); }).code ==
        "target-needs-trusted-wrapping-key");
  request.trust_wrapping_key = true;
  auto table = table_of(*token);
  table.C_Login = officer_is_user_noted;
  table.C_GetSessionInfo = session_of_officer;
  auto context = context_for(*token);
  context.token.pin = [pin = token->pin](const pkcs11::TokenInfo&, pkcs11::UserType) {
    return std::optional<crypto::SecretBytes>(as_bytes(pin));
  };
  const auto result =
      wrap(request, context, pkcs11::Module::adopt(&table, token->module.init_args));
  const auto& protections = result.at(0).manifest.protections;
  const std::pair<std::string, std::string> stored{"wrap-with-trusted", "stored, not enforced"};
  CHECK(std::find(protections.begin(), protections.end(), stored) != protections.end());
}

TEST_CASE("The verification bundle holds the same key once more") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  const AwsImport aws;
  const auto result =
      wrap(aws.request_with_verification("k", "RSAES_OAEP_SHA_1"), context_for(*token));
  REQUIRE(result.size() == 2);
  CHECK(result[1].manifest.purpose == provider::Purpose::kVerification);
  const std::string open =
      "openssl pkeyutl -decrypt -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha1 ";
  const Bytes key = aws.folder.must(open + "-inkey wrapping.pem -in out/EncryptedKeyMaterial.bin");
  CHECK(key.size() == 32);
  CHECK(key == aws.folder.must(open + "-inkey again.pem -in second/EncryptedKeyMaterial.bin"));
  for (const auto& bundle : result)
    CHECK(bundle.manifest.wrapping_key.basis == WrappingKeyBasis::kCompared);
}

TEST_CASE("A re-import must be answered by the material id that was named") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  const AwsImport aws;
  auto request = aws.request_with_verification("k", "RSAES_OAEP_SHA_1");
  request.key_material_id = std::string(64, 'a');
  const auto result = wrap(request, context_for(*token));
  REQUIRE(result.size() == 2);
  CHECK(result[1].expected.key_material_id == std::string(64, 'a'));
  const Json written = parse_json(aws.folder.get("second/expected.json"), "expected.json");
  CHECK(written["cloud"]["key_material_id"] == std::string(64, 'a'));
}

// Somebody makes the folder of the second bundle while the key is wrapped.
std::string late_folder;
CK_RV wrap_and_take_the_place(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism,
                              CK_OBJECT_HANDLE wrapping, CK_OBJECT_HANDLE key, CK_BYTE* out,
                              CK_ULONG* length) {
  std::filesystem::create_directories(late_folder);
  return real->C_WrapKey(session, mechanism, wrapping, key, out, length);
}

TEST_CASE("When the second bundle of an order cannot be written the first is taken back") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  const AwsImport aws;
  const auto request = aws.request_with_verification("k", "RSAES_OAEP_SHA_1");
  late_folder = aws.path("second");
  auto table = table_of(*token);
  table.C_WrapKey = wrap_and_take_the_place;
  const auto failure = refused_at(table, *token, request);
  CHECK(failure.code == "output-exists");
  CHECK(failure.kind == Kind::kUsage);
  CHECK_FALSE(std::filesystem::exists(aws.path("out")));
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
