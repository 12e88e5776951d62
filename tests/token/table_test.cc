// Our tables against an independent source: p11-kit's header.
#include <doctest/doctest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "pkcs11/attribute.h"
#include "pkcs11/ckr.h"
#include "pkcs11/mechanism.h"

namespace keyrite::pkcs11 {
namespace {

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

TEST_CASE("Every CKR_ name of p11-kit's header is in the table with its number") {
  const auto names = header_names("CKR_");
  CHECK(names.size() >= 90);
  std::map<std::string, unsigned long> ours;
  for (const auto& row : ckr_table()) ours[std::string(row.name)] = row.value;
  for (const auto& row : names) {
    const std::string& name = row.first;
    REQUIRE_MESSAGE(ours.contains(name), name);
    CHECK_MESSAGE(ours[name] == row.second, name);
  }
}

TEST_CASE("The table has the CKR_ names that PKCS#11 3.x added, and no number twice") {
  std::set<unsigned long> values;
  for (const auto& row : ckr_table())
    CHECK_MESSAGE(values.insert(row.value).second, std::string(row.name));
  for (const char* name : {"CKR_OPERATION_CANCEL_FAILED", "CKR_TOKEN_RESOURCE_EXCEEDED",
                           "CKR_KEY_EXHAUSTED", "CKR_PENDING", "CKR_PARAMETER_SET_NOT_SUPPORTED"}) {
    CHECK(std::any_of(ckr_table().begin(), ckr_table().end(),
                      [&](const auto& row) { return row.name == name; }));
  }
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

TEST_CASE("Every mechanism's number is that of its name in the header") {
  const auto names = header_names("CKM_");
  const Bytes iv(16);
  for (const auto& mechanism :
       {Mechanism::aes_key_gen(), Mechanism::generic_secret_key_gen(),
        Mechanism::rsa_key_pair_gen(), Mechanism::ec_key_pair_gen(),
        Mechanism::eddsa_key_pair_gen(), Mechanism::rsa_oaep(Hash::kSha256),
        Mechanism::rsa_aes_key_wrap(256, Hash::kSha256), Mechanism::aes_ecb(),
        Mechanism::aes_cbc(iv), Mechanism::hmac(MacHash::kSha1), Mechanism::hmac(MacHash::kSha224),
        Mechanism::hmac(MacHash::kSha256), Mechanism::hmac(MacHash::kSha384),
        Mechanism::hmac(MacHash::kSha512), Mechanism::ecdsa(), Mechanism::eddsa(),
        Mechanism::rsa_pkcs(), Mechanism::rsa_pss(MacHash::kSha256),
        Mechanism::digest(MacHash::kSha256)}) {
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

}  // namespace
}  // namespace keyrite::pkcs11
