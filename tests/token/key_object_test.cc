// What keys are that other tools put into the token: types, lengths, dates, exponents.
#include <doctest/doctest.h>
#include <p11-kit/pkcs11.h>

#include <functional>

#include "crypto/digest.h"
#include "imports/challenge_values.h"
#include "keys/check_values.h"
#include "keys/target_key.h"
#include "provider/public_exponent.h"
#include "support/failure.h"
#include "support/function_table.h"
#include "support/key_wrap.h"
#include "token/import_fixture.h"
#include "wrap/key_generation.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using pkcs11::Attr;
using pkcs11::KeyKind;

pkcs11::Template secret_of(KeyKind kind, const std::string& label) {
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(kind)
      .set<Attr::kToken>(true)
      .set<Attr::kPrivate>(true)
      .set<Attr::kSensitive>(true)
      .set<Attr::kExtractable>(true)
      .set<Attr::kSign>(true)
      .set<Attr::kLabel>(label)
      .set<Attr::kId>(Bytes(label.begin(), label.end()));
  return wanted;
}

struct MacRow {
  KeyKind kind{};
  crypto::Digest hash{};
  unsigned bytes{};
};
constexpr std::array<MacRow, 5> kMacs{{{KeyKind::kSha1Hmac, crypto::Digest::kSha1, 20},
                                       {KeyKind::kSha224Hmac, crypto::Digest::kSha224, 28},
                                       {KeyKind::kSha256Hmac, crypto::Digest::kSha256, 32},
                                       {KeyKind::kSha384Hmac, crypto::Digest::kSha384, 48},
                                       {KeyKind::kSha512Hmac, crypto::Digest::kSha512, 64}}};

// Each kind is found with its length and its hash, and its check value is that of the host.
void check_hmac_kinds(const TestToken& token) {
  act::TokenSession open(token.binding(), pkcs11::Access::kReadWrite);
  for (const MacRow& row : kMacs) {
    CAPTURE(row.bytes);
    const std::string label = "mac-" + std::to_string(row.bytes);
    const Bytes value(row.bytes, 0x42);
    (void)open.session().create_secret(secret_of(row.kind, label), crypto::SecretBytes(value),
                                       "writing a key");
    const auto target = keys::find_target(open.session(), label, std::nullopt);
    CHECK(target.type == KeyType{.family = KeyFamily::kGenericSecret, .size = row.bytes});
    CHECK(target.usage == KeyUsage::kSign);
    CHECK(target.hash == row.hash);
    const auto values = keys::check_values(open.session(), target.type, target.usage, target.handle,
                                           target.public_key, target.hash);
    REQUIRE(values.size() == 2);
    CHECK(values[0].value == to_hex(crypto::hmac(row.hash, value, Bytes(16))).substr(0, 6));
  }
  open.close();
}

TEST_CASE("HMAC keys of type CKK_SHA256_HMAC and its kin are HMAC targets at SoftHSM") {
  if (const auto token = make_softhsm()) check_hmac_kinds(*token);
}

TEST_CASE("At NSS, which does not tell their length, they are measured in the token") {
  if (const auto token = make_nss()) check_hmac_kinds(*token);
}

TEST_CASE("A bundle of a CKK_SHA256_HMAC key opens to the key, and can be proven") {
  for (const bool nss : {false, true}) {
    const auto token = nss ? make_nss() : make_softhsm();
    if (!token) return;
    const Bytes value(32, 0x42);
    {
      act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
      (void)open.session().create_secret(secret_of(KeyKind::kSha256Hmac, "mac"),
                                         crypto::SecretBytes(value), "writing a key");
      open.close();
    }
    const AwsImport aws;
    const auto result = wrap(aws.request("mac", "RSAES_OAEP_SHA_1"), context_for(*token));
    REQUIRE(result.size() == 1);
    CHECK(result[0].why_not_provable.empty());
    CHECK(aws.folder.must(
              "openssl pkeyutl -decrypt -inkey wrapping.pem -in out/EncryptedKeyMaterial.bin "
              "-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha1") == value);
  }
}

TEST_CASE(
    "A key bound to SHA-256 becomes HMAC_256 in AWS, although it is long enough for HMAC_512") {
  const auto token = make_softhsm();
  if (!token) return;
  {
    act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
    (void)open.session().create_secret(secret_of(KeyKind::kSha256Hmac, "mac"),
                                       crypto::SecretBytes(Bytes(64, 0x42)), "writing a key");
    open.close();
  }
  const AwsImport aws;
  auto request = aws.request("mac", "RSAES_OAEP_SHA_1");
  const auto made = wrap(request, context_for(*token));
  CHECK(made[0].manifest.cloud.algorithm == "HMAC_256");
  CHECK(made[0].why_not_provable.empty());
  // Whoever names another spec gets it, and is told that nothing can prove it.
  request.out = aws.path("other");
  request.key_spec = "HMAC_512";
  const auto other = wrap(request, context_for(*token));
  CHECK(other[0].manifest.cloud.algorithm == "HMAC_512");
  CHECK(other[0].why_not_provable.starts_with("the token computed no answer"));
}

TEST_CASE("A key whose length the token does not tell is named, and an AES key is not measured") {
  const auto token = make_softhsm();
  if (!token) return;
  act::TokenSession open(token->binding(), pkcs11::Access::kReadWrite);
  // As SoftHSM leaves a key that was unwrapped: CKA_VALUE_LEN is 0.
  const KeyType aes{.family = KeyFamily::kAes, .size = 256};
  const auto wrapping = open.session().generate_key(
      pkcs11::Mechanism::aes_key_gen(),
      wrap::key_templates(aes, {.token = false, .usage = KeyUsage::kWrap}).key, "making a key");
  const auto made = open.session().generate_key(pkcs11::Mechanism::aes_key_gen(),
                                                wrap::throwaway_templates(aes).key, "making a key");
  const auto kwp = pkcs11::Mechanism::aes_key_wrap(pkcs11::kwp_candidates().at(1));
  const Bytes blob = open.session().wrap_key(kwp, wrapping, made, "wrapping");
  auto wanted = secret_of(KeyKind::kAes, "short");
  (void)open.session().unwrap_key(kwp, wrapping, blob, wanted, "unwrapping");
  const auto failure =
      failure_of([&] { (void)keys::find_target(open.session(), "short", std::nullopt); });
  CHECK(failure.code == "key-length-unknown");
  CHECK(failure.message.find("CKK_AES (0x1F)") != std::string::npos);
  open.close();
}

// A token whose keys are of other types than they are: what C_GetAttributeValue answers for one
// attribute.
CK_FUNCTION_LIST* real{};
CK_ATTRIBUTE_TYPE changed{};
Bytes answer;
CK_RV answers(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR wanted,
              CK_ULONG count) {
  if (count != 1 || wanted->type != changed)
    return real->C_GetAttributeValue(session, object, wanted, count);
  if (wanted->pValue != nullptr)
    std::copy(answer.begin(), answer.end(), static_cast<std::uint8_t*>(wanted->pValue));
  wanted->ulValueLen = answer.size();
  return CKR_OK;
}

Bytes number(unsigned long value) {
  Bytes bytes(sizeof value);
  std::memcpy(bytes.data(), &value, sizeof value);
  return bytes;
}

TEST_CASE("A key of a type or curve that is not handled is named with both") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "ec-p256", "ec");
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_GetAttributeValue = answers;
  act::TokenSession open(pkcs11::Module::adopt(&table, token->module.init_args), token->binding(),
                         pkcs11::Access::kReadWrite);
  struct Row {
    CK_ATTRIBUTE_TYPE attribute{};
    Bytes value{};
    const char* named{};
  };
  for (const Row& row :
       {Row{CKA_KEY_TYPE, number(CKK_DES3), "CKK_DES3 (0x15)"},
        Row{CKA_KEY_TYPE, number(0x4a), "CKK_ML_DSA (0x4A)"},
        Row{CKA_KEY_TYPE, number(0x80000101), "a vendor's key type (0x80000101)"},
        Row{CKA_KEY_TYPE, number(0x7777), "key type 0x7777"},
        Row{CKA_EC_PARAMS, from_hex("06092b2403030208010107"),
            "CKK_EC (0x03) of the curve brainpoolP256r1 (1.3.36.3.3.2.8.1.1.7)"},
        Row{CKA_EC_PARAMS, from_hex("3003020101"), "of the curve explicit parameters"},
        Row{CKA_EC_PARAMS, from_hex("06042b658f51"), "of the curve 1.3.101.2001"}}) {
    CAPTURE(row.named);
    changed = row.attribute;
    answer = row.value;
    const auto failure =
        failure_of([&] { (void)keys::find_target(open.session(), "ec", std::nullopt); });
    CHECK(failure.code == "key-type-unsupported");
    CHECK(failure.message.find(row.named) != std::string::npos);
  }
  changed = CKA_KEY_TYPE;
  answer = number(CKK_EC_EDWARDS);  // and a curve that is none of these: P-256's name
  const auto failure =
      failure_of([&] { (void)keys::find_target(open.session(), "ec", std::nullopt); });
  CHECK(failure.message.find("CKK_EC_EDWARDS (0x40) of the curve prime256v1") != std::string::npos);
  changed = CK_UNAVAILABLE_INFORMATION;
  open.close();
}

TEST_CASE("A key outside its dates is refused unless that is allowed, and told in the manifest") {
  const auto token = make_softhsm();
  if (!token) return;
  make_key(*token, "aes-256", "k");
  real = real_table(token->module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_GetAttributeValue = answers;
  const AwsImport aws;
  const auto wrapped = [&](CK_ATTRIBUTE_TYPE attribute, const char* day, const char* out,
                           bool allowed) {
    changed = attribute;
    answer = Bytes(day, day + 8);
    auto request = aws.request("k", "RSAES_OAEP_SHA_1");
    request.out = aws.path(out);
    request.allow_outside_dates = allowed;
    return wrap(request, context_for(*token),
                pkcs11::Module::adopt(&table, token->module.init_args));
  };
  // It is 2026-09-20.
  CHECK(failure_of([&] { (void)wrapped(CKA_END_DATE, "20260919", "past", false); }).code ==
        "key-outside-dates");
  CHECK(failure_of([&] { (void)wrapped(CKA_START_DATE, "20260921", "early", false); }).code ==
        "key-outside-dates");
  const auto last_day = wrapped(CKA_END_DATE, "20260920", "last-day", false);
  CHECK(last_day[0].manifest.exceptions.empty());
  const auto past = wrapped(CKA_END_DATE, "20260919", "past", true);
  CHECK(past[0].manifest.exceptions == std::vector<std::string>{"outside-dates"});
  CHECK(as_text(aws.folder.must("python3 -c 'import json; print(json.load(open(\"past/"
                                "manifest.json\"))[\"protections\"][\"end-date\"], end=\"\")'")) ==
        "2026-09-19");
  changed = CK_UNAVAILABLE_INFORMATION;
}

// An RSA private key from outside, as openssl makes it, with its public half.
void put_in_rsa(const TestToken& token, const AwsImport& aws, const std::string& exponent) {
  const Bytes transport(32, 0x33);
  aws.folder.must(
      "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt "
      "rsa_keygen_pubexp:" +
      exponent +
      " -out own.pem 2>/dev/null && openssl pkcs8 -topk8 -nocrypt -in own.pem -outform "
      "DER -out own.p8 && " +
      kwp_wrap_line(to_hex(transport)) +
      " < own.p8 > own.kwp && openssl pkey -in own.pem -pubout -outform DER -out own.der");
  const auto half = crypto::PublicKey::from_spki(aws.folder.get("own.der"), "own.der");
  act::TokenSession open(token.binding(), pkcs11::Access::kReadWrite);
  auto& session = open.session();
  pkcs11::Template wrapping;
  wrapping.set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
      .set<Attr::kKeyType>(KeyKind::kAes)
      .set<Attr::kToken>(false)
      .set<Attr::kUnwrap>(true);
  const auto under = session.create_secret(wrapping, crypto::SecretBytes(transport), "writing");
  pkcs11::Template wanted;
  wanted.set<Attr::kClass>(pkcs11::ObjectClass::kPrivateKey)
      .set<Attr::kKeyType>(KeyKind::kRsa)
      .set<Attr::kToken>(true)
      .set<Attr::kPrivate>(true)
      .set<Attr::kSensitive>(true)
      .set<Attr::kExtractable>(true)
      .set<Attr::kSign>(true)
      .set<Attr::kLabel>("rsa")
      .set<Attr::kId>(Bytes{0x01});
  (void)session.unwrap_key(pkcs11::Mechanism::aes_key_wrap(pkcs11::kwp_candidates().at(1)), under,
                           aws.folder.get("own.kwp"), wanted, "writing a private key");
  pkcs11::Template public_half;
  public_half.set<Attr::kClass>(pkcs11::ObjectClass::kPublicKey)
      .set<Attr::kKeyType>(KeyKind::kRsa)
      .set<Attr::kToken>(true)
      .set<Attr::kLabel>("rsa")
      .set<Attr::kId>(Bytes{0x01})
      .set<Attr::kModulus>(half.rsa_modulus())
      .set<Attr::kPublicExponent>(half.rsa_exponent());
  (void)session.create_object(public_half, "writing its public half");
  open.close();
}

TEST_CASE("An RSA key with another exponent than 65537 is refused unless it is allowed by name") {
  for (const char* exponent : {"3", "17", "4294967297"}) {
    CAPTURE(exponent);
    const auto token = make_softhsm();
    if (!token) return;
    const AwsImport aws;
    put_in_rsa(*token, aws, exponent);
    auto request = aws.request("rsa", "RSA_AES_KEY_WRAP_SHA_1");
    request.accept_padded_pkcs8 = true;
    const auto refused = failure_of([&] { (void)wrap(request, context_for(*token)); });
    CHECK(refused.code == "rsa-exponent-unverified");
    CHECK(refused.kind == Kind::kUsage);
    request.allow_unverified = true;
    const auto made = wrap(request, context_for(*token));
    CHECK(made[0].manifest.unverified == std::vector<std::string>{"aws-rsa-public-exponent"});
    CHECK(made[0].manifest.origin.origin == KeyOrigin::kUnknown);
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
