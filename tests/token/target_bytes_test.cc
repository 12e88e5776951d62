// What passes between the token and this process while a key is wrapped: never the key.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "support/function_table.h"
#include "support/key_wrap.h"
#include "token/import_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

CK_FUNCTION_LIST* real = nullptr;
std::set<CK_ATTRIBUTE_TYPE> read_attributes;
std::vector<Bytes> returned;  // every buffer that the token filled
std::vector<Bytes> created;   // every CKA_VALUE that this process put in

void keep(CK_RV rv, const CK_BYTE* out, const CK_ULONG* length) {
  if (rv == CKR_OK && out != nullptr) returned.emplace_back(out, out + *length);
}

CK_RV watch_attributes(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE* wanted,
                       CK_ULONG count) {
  const CK_RV rv = real->C_GetAttributeValue(session, object, wanted, count);
  for (CK_ULONG i = 0; i < count; ++i) {
    read_attributes.insert(wanted[i].type);
    if (wanted[i].ulValueLen == CK_UNAVAILABLE_INFORMATION) continue;
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

CK_RV watch_create(CK_SESSION_HANDLE session, CK_ATTRIBUTE* wanted, CK_ULONG count,
                   CK_OBJECT_HANDLE* object) {
  for (CK_ULONG i = 0; i < count; ++i) {
    const auto* value = static_cast<const CK_BYTE*>(wanted[i].pValue);
    if (wanted[i].type == CKA_VALUE) created.emplace_back(value, value + wanted[i].ulValueLen);
  }
  return real->C_CreateObject(session, wanted, count, object);
}

CK_RV watch_random(CK_SESSION_HANDLE session, CK_BYTE* out, CK_ULONG length) {
  const CK_RV rv = real->C_GenerateRandom(session, out, length);
  keep(rv, out, &length);
  return rv;
}

// Functions that turn bytes into bytes: C_Encrypt and its like.
template <auto Function>
CK_RV watch_turn(CK_SESSION_HANDLE session, CK_BYTE* in, CK_ULONG in_length, CK_BYTE* out,
                 CK_ULONG* length) {
  const CK_RV rv = (real->*Function)(session, in, in_length, out, length);
  keep(rv, out, length);
  return rv;
}

// Functions that only return bytes: C_EncryptFinal and its like.
template <auto Function>
CK_RV watch_end(CK_SESSION_HANDLE session, CK_BYTE* out, CK_ULONG* length) {
  const CK_RV rv = (real->*Function)(session, out, length);
  keep(rv, out, length);
  return rv;
}

template <auto Function>
void watch_one_turn(CK_FUNCTION_LIST& table) {
  table.*Function = watch_turn<Function>;
}
template <auto Function>
void watch_one_end(CK_FUNCTION_LIST& table) {
  table.*Function = watch_end<Function>;
}

// The token's table with every function watched that can return bytes of an object.
CK_FUNCTION_LIST watched(const TestToken& token) {
  real = real_table(token.module.path.value());
  CK_FUNCTION_LIST table = *real;
  table.C_GetAttributeValue = watch_attributes;
  table.C_WrapKey = watch_wrap;
  table.C_CreateObject = watch_create;
  table.C_GenerateRandom = watch_random;
  watch_one_turn<&CK_FUNCTION_LIST::C_Encrypt>(table);
  watch_one_turn<&CK_FUNCTION_LIST::C_EncryptUpdate>(table);
  watch_one_turn<&CK_FUNCTION_LIST::C_Decrypt>(table);
  watch_one_turn<&CK_FUNCTION_LIST::C_DecryptUpdate>(table);
  watch_one_turn<&CK_FUNCTION_LIST::C_Digest>(table);
  watch_one_turn<&CK_FUNCTION_LIST::C_Sign>(table);
  watch_one_turn<&CK_FUNCTION_LIST::C_SignRecover>(table);
  watch_one_turn<&CK_FUNCTION_LIST::C_VerifyRecover>(table);
  watch_one_turn<&CK_FUNCTION_LIST::C_DigestEncryptUpdate>(table);
  watch_one_turn<&CK_FUNCTION_LIST::C_DecryptDigestUpdate>(table);
  watch_one_turn<&CK_FUNCTION_LIST::C_SignEncryptUpdate>(table);
  watch_one_turn<&CK_FUNCTION_LIST::C_DecryptVerifyUpdate>(table);
  watch_one_end<&CK_FUNCTION_LIST::C_EncryptFinal>(table);
  watch_one_end<&CK_FUNCTION_LIST::C_DecryptFinal>(table);
  watch_one_end<&CK_FUNCTION_LIST::C_DigestFinal>(table);
  watch_one_end<&CK_FUNCTION_LIST::C_SignFinal>(table);
  watch_one_end<&CK_FUNCTION_LIST::C_GetOperationState>(table);
  read_attributes.clear();
  returned.clear();
  created.clear();
  return table;
}

bool contains(const std::vector<Bytes>& all, const Bytes& part) {
  return std::any_of(all.begin(), all.end(), [&](const Bytes& whole) {
    return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
  });
}

// What openssl takes out of a two-layer bundle.
struct Opened {
  Bytes transport{};
  Bytes target{};
};
Opened open_bundle(const AwsImport& aws, const std::string& folder, const std::string& hash) {
  const std::string blob = folder + "/EncryptedKeyMaterial.bin";
  aws.folder.must("head -c 256 " + blob + " > oaep && tail -c +257 " + blob + " > kwp");
  Opened opened;
  opened.transport = aws.folder.must(
      "openssl pkeyutl -decrypt -inkey wrapping.pem -in oaep -pkeyopt rsa_padding_mode:oaep "
      "-pkeyopt rsa_oaep_md:" +
      hash);
  opened.target = aws.folder.must(kwp_unwrap_line(to_hex(opened.transport)) + " < kwp");
  return opened;
}

// The secret numbers of a key as openssl names them: the raw key; d; or d, p, q and what follows
// from them.
std::vector<Bytes> secrets_of(const AwsImport& aws, const std::string& type, const Bytes& target) {
  if (type.starts_with("aes") || type.starts_with("generic")) return {target};
  aws.folder.put("target.der", target);
  const bool rsa = type.starts_with("rsa");
  const Bytes lines = aws.folder.must(
      std::string("openssl ") + (rsa ? "rsa -traditional" : "ec -no_public") +
      " -inform DER -in target.der -outform DER | openssl asn1parse -inform DER | " +
      (rsa ? "grep INTEGER | tail -n +4" : "grep 'OCTET STRING'") +
      " | sed 's/.*://' | tr A-F a-f");
  std::vector<Bytes> secrets;
  std::istringstream text(as_text(lines));
  for (std::string line; std::getline(text, line);) secrets.push_back(from_hex(line));
  REQUIRE(secrets.size() == (rsa ? 6 : 1));  // d, p, q, dp, dq, qinv
  for (const auto& secret : secrets) REQUIRE(secret.size() >= 30);
  return secrets;
}

// Wraps a key of `type` and looks at everything that came and went. Returns the bundle.
imports::MadeBundle watch_wrap_of(const TestToken& token, const std::string& type,
                                  const std::string& hash, bool host_ephemeral = false) {
  make_key(token, type, "k");
  const AwsImport aws;
  auto request =
      aws.request("k", hash == "sha1" ? "RSA_AES_KEY_WRAP_SHA_1" : "RSA_AES_KEY_WRAP_SHA_256");
  request.allow_unverified = true;
  request.accept_padded_pkcs8 = true;
  request.allow_host_ephemeral = host_ephemeral;
  CK_FUNCTION_LIST table = watched(token);
  const auto result =
      wrap(request, context_for(token), pkcs11::Module::adopt(&table, token.module.init_args));
  for (const CK_ATTRIBUTE_TYPE secret : {CKA_VALUE, CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_PRIME_2,
                                         CKA_EXPONENT_1, CKA_EXPONENT_2, CKA_COEFFICIENT}) {
    CHECK_FALSE(read_attributes.contains(secret));
  }
  CHECK(read_attributes.contains(CKA_KEY_TYPE));
  const auto opened = open_bundle(aws, request.out, hash);
  REQUIRE(opened.transport.size() == 32);
  // That the blob itself came back shows that the watch works.
  CHECK(contains(returned, aws.folder.must("cat kwp")));
  for (const auto& secret : secrets_of(aws, type, opened.target)) {
    CHECK_FALSE(contains(returned, secret));
    CHECK_FALSE(contains(created, secret));
  }
  CHECK_FALSE(contains(returned, opened.transport));
  // The transport key alone, and only where that custody was chosen, was known outside the token.
  CHECK(contains(created, opened.transport) == host_ephemeral);
  return result.at(0);
}

TEST_CASE("No byte of an AES key comes out of SoftHSM into this process") {
  if (const auto token = make_softhsm()) watch_wrap_of(*token, "aes-256", "sha1");
}

TEST_CASE("No byte of an EC key comes out of SoftHSM into this process") {
  if (const auto token = make_softhsm()) watch_wrap_of(*token, "ec-p256", "sha1");
}

TEST_CASE("No byte of an RSA key comes out of SoftHSM into this process") {
  if (const auto token = make_softhsm()) watch_wrap_of(*token, "rsa-2048", "sha1");
}

TEST_CASE("No byte of a generic secret comes out of NSS softoken into this process") {
  if (const auto token = make_nss()) watch_wrap_of(*token, "generic-secret-32-bytes", "sha256");
}

TEST_CASE("No byte of an AES key comes out of NSS softoken into this process") {
  if (const auto token = make_nss()) watch_wrap_of(*token, "aes-256", "sha256");
}

TEST_CASE("No byte of an EC key comes out of NSS softoken into this process") {
  if (const auto token = make_nss()) watch_wrap_of(*token, "ec-p256", "sha256");
}

TEST_CASE("No byte of an RSA key comes out of NSS softoken into this process") {
  if (const auto token = make_nss()) watch_wrap_of(*token, "rsa-2048", "sha256");
}

TEST_CASE(
    "With custody host-ephemeral the transport key is in this process and the target is not") {
  const auto token = make_softhsm();
  if (!token) return;
  const auto made = watch_wrap_of(*token, "aes-256", "sha256", true);
  CHECK(made.manifest.custody == Custody::kHostEphemeral);
  CHECK(made.manifest.method == Method::kHostEphemeral);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
