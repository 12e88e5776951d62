// Our tables against an independent source: p11-kit's header.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "pkcs11/attribute.h"
#include "pkcs11/ckr.h"
#include "pkcs11/key_kind.h"
#include "pkcs11/mechanism.h"

namespace keyrite::pkcs11 {
namespace KEYRITE_TEST_FILE {

// Every "#define NAME (0x..UL)" of the header with one of the prefixes.
std::map<std::string, unsigned long> header_names(const std::string& prefix) {
  std::ifstream header("/usr/include/p11-kit-1/p11-kit/pkcs11.h");
  REQUIRE(header);
  const std::regex define("^#define\\s+(" + prefix + "\\w+)\\s+\\((0x[0-9a-fA-F]+|[0-9]+)UL\\)");
  std::map<std::string, unsigned long> names;
  std::smatch match;
  for (std::string line; std::getline(header, line);) {
    if (std::regex_search(line, match, define)) names[match[1]] = std::stoul(match[2], nullptr, 0);
  }
  return names;
}

// The names of PKCS#11 2.40 to 3.2 (OASIS, pkcs11t.h) which p11-kit's header lacks, or to which it
// gives other numbers than the standard.
const std::map<std::string, unsigned long> kStandardAlone{
    {"CKR_AEAD_DECRYPT_FAILED", 0x42},
    {"CKR_EXCEEDED_MAX_ITERATIONS", 0x1b5},
    {"CKR_FIPS_SELF_TEST_FAILED", 0x1b6},
    {"CKR_LIBRARY_LOAD_FAILED", 0x1b7},
    {"CKR_PIN_TOO_WEAK", 0x1b8},
    {"CKR_PUBLIC_KEY_INVALID", 0x1b9},
    {"CKR_TOKEN_RESOURCE_EXCEEDED", 0x201},
    {"CKR_OPERATION_CANCEL_FAILED", 0x202},
    {"CKR_KEY_EXHAUSTED", 0x203},
    {"CKR_PENDING", 0x204},
    {"CKR_SESSION_ASYNC_NOT_SUPPORTED", 0x205},
    {"CKR_SEED_RANDOM_REQUIRED", 0x206},
    {"CKR_OPERATION_NOT_VALIDATED", 0x207},
    {"CKR_TOKEN_NOT_INITIALIZED", 0x208},
    {"CKR_PARAMETER_SET_NOT_SUPPORTED", 0x209}};

TEST_CASE("The table has every CKR_ name of p11-kit's header and of PKCS#11 3.2 and no other") {
  auto names = header_names("CKR_");
  CHECK(names.size() >= 90);
  for (const auto& [name, number] : kStandardAlone) names[name] = number;
  std::map<std::string, unsigned long> ours;
  for (const auto& row : ckr_table()) {
    CHECK_MESSAGE(ours.emplace(row.name, row.value).second, std::string(row.name));
  }
  for (const auto& row : names) {
    const std::string& name = row.first;
    REQUIRE_MESSAGE(ours.contains(name), name);
    CHECK_MESSAGE(ours[name] == row.second, name);
  }
  CHECK(ours.size() == names.size());
}

TEST_CASE("No number of the table stands twice and each is called by its name") {
  std::set<unsigned long> values;
  for (const auto& row : ckr_table()) {
    CHECK_MESSAGE(values.insert(row.value).second, std::string(row.name));
    CHECK(ckr_name(row.value) == row.name);
  }
  CHECK(ckr_error("C_Login", 0x103, "logging in").hint().find("security officer") !=
        std::string::npos);
}

TEST_CASE("Every attribute's number is the header's") {
  const auto names = header_names("CKA_");
  for (const auto& row : attributes()) {
    const auto found = names.find(std::string(row.name));
    REQUIRE_MESSAGE(found != names.end(), std::string(row.name));
    CHECK_MESSAGE(found->second == static_cast<unsigned long>(row.attribute),
                  std::string(row.name));
  }
}

TEST_CASE("Every key type's number is that of its name in the header, and has one name") {
  const auto names = header_names("CKK_");
  CHECK(names.size() >= 40);
  for (const auto& row : names) {
    if (row.first == "CKK_ECDSA" || row.first == "CKK_VENDOR_DEFINED") continue;
    CHECK_MESSAGE(key_kind_name(row.second) == row.first, row.first);
  }
  std::set<unsigned long> values;
  for (const auto& row : key_kinds())
    CHECK_MESSAGE(values.insert(row.value).second, std::string(row.name));
  CHECK(key_kind_text(0x2b) == "CKK_SHA256_HMAC (0x2B)");
}

TEST_CASE("Every mechanism's number is that of its name in the header") {
  const auto names = header_names("CKM_");
  const Bytes iv(16);
  for (const auto& mechanism :
       {Mechanism::aes_key_gen(), Mechanism::generic_secret_key_gen(),
        Mechanism::rsa_key_pair_gen(), Mechanism::ec_key_pair_gen(),
        Mechanism::eddsa_key_pair_gen(), Mechanism::rsa_oaep(Hash::kSha256),
        Mechanism::rsa_aes_key_wrap(256, Hash::kSha256), Mechanism::aes_ecb(),
        Mechanism::aes_cbc(iv), Mechanism::hmac(crypto::Digest::kSha1),
        Mechanism::hmac(crypto::Digest::kSha224), Mechanism::hmac(crypto::Digest::kSha256),
        Mechanism::hmac(crypto::Digest::kSha384), Mechanism::hmac(crypto::Digest::kSha512),
        Mechanism::ecdsa(), Mechanism::eddsa(), Mechanism::rsa_pkcs(),
        Mechanism::rsa_pss(crypto::Digest::kSha256), Mechanism::digest(crypto::Digest::kSha256)}) {
    const auto found = names.find(mechanism.name());
    REQUIRE_MESSAGE(found != names.end(), mechanism.name());
    CHECK_MESSAGE(found->second == mechanism.number(), mechanism.name());
  }
  // The header calls 0x210B by no name; PKCS#11 3.1 does.
  CHECK(kwp_candidates().front().display() == "CKM_AES_KEY_WRAP_KWP (0x210B)");
  CHECK(kwp_candidates()[1].number == names.at("CKM_AES_KEY_WRAP_PAD"));
}

TEST_CASE(
    "A token's refusal says the function, the object, the CKR's name and number, and the remedy") {
  const Error error = ckr_error("C_WrapKey", 0x6a, "wrapping \"tenant-42\"");
  CHECK(error.message() == "C_WrapKey failed wrapping \"tenant-42\": CKR_KEY_UNEXTRACTABLE (0x6A)");
  CHECK(error.code() == "ckr-key-unextractable");
  CHECK(error.kind() == Kind::kToken);
  CHECK_FALSE(error.hint().empty());
}

TEST_CASE("A vendor's value is shown with its number") {
  CHECK(ckr_name(0x80000012UL) == "CKR_VENDOR_DEFINED+0x12");
  CHECK(ckr_error("C_Sign", 0x80000012UL, "signing").code() == "ckr-vendor-defined");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::pkcs11
