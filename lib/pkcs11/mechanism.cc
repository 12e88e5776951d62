#include "pkcs11/mechanism.h"

#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "pkcs11/internal/mechanism_data.h"

namespace keyrite::pkcs11 {

namespace {

constexpr std::size_t kGcmIvBytes = 12;
constexpr CK_ULONG kGcmTagBits = 128;

struct HashRow {
  crypto::Digest hash{};
  std::string_view name{};
  CK_MECHANISM_TYPE digest{};
  CK_MECHANISM_TYPE hmac{};
  unsigned long mgf{};
  unsigned long bytes{};
};
constexpr std::array<HashRow, 5> kHashes{{
    {crypto::Digest::kSha1, "SHA_1", CKM_SHA_1, CKM_SHA_1_HMAC, CKG_MGF1_SHA1, 20},
    {crypto::Digest::kSha224, "SHA224", CKM_SHA224, CKM_SHA224_HMAC, CKG_MGF1_SHA224, 28},
    {crypto::Digest::kSha256, "SHA256", CKM_SHA256, CKM_SHA256_HMAC, CKG_MGF1_SHA256, 32},
    {crypto::Digest::kSha384, "SHA384", CKM_SHA384, CKM_SHA384_HMAC, CKG_MGF1_SHA384, 48},
    {crypto::Digest::kSha512, "SHA512", CKM_SHA512, CKM_SHA512_HMAC, CKG_MGF1_SHA512, 64},
}};

const HashRow& row_of(crypto::Digest hash) {
  return *std::find_if(kHashes.begin(), kHashes.end(),
                       [&](const HashRow& row) { return row.hash == hash; });
}

const HashRow& row_of(Hash hash) {
  return row_of(hash == Hash::kSha1 ? crypto::Digest::kSha1 : crypto::Digest::kSha256);
}

CK_RSA_PKCS_OAEP_PARAMS oaep_params(Hash hash) {
  CK_RSA_PKCS_OAEP_PARAMS params{};
  params.hashAlg = row_of(hash).digest;
  params.mgf = row_of(hash).mgf;
  // An empty label still is CKZ_DATA_SPECIFIED, with a NULL pointer: some tokens refuse source 0.
  params.source = CKZ_DATA_SPECIFIED;
  return params;
}

}  // namespace

std::string KwpMechanism::display() const { return fmt::format("{} (0x{:X})", name, number); }

const std::vector<KwpMechanism>& kwp_candidates() {
  static const std::vector<KwpMechanism> table{
      {0x210BUL, "CKM_AES_KEY_WRAP_KWP", false},
      {CKM_AES_KEY_WRAP_PAD, "CKM_AES_KEY_WRAP_PAD", false},
      {0x80000171UL, "CKM_LUNA_AES_KWP", true},
      {0x8000216FUL, "CKM_CLOUDHSM_AES_KEY_WRAP_ZERO_PAD", true},
  };
  return table;
}

const Bytes& edwards25519_params() {
  static const Bytes params{0x13, 0x0c, 'e', 'd', 'w', 'a', 'r', 'd', 's', '2', '5', '5', '1', '9'};
  return params;
}

Mechanism Mechanism::aes_key_gen() { return {CKM_AES_KEY_GEN, "CKM_AES_KEY_GEN", NoParameters{}}; }
Mechanism Mechanism::generic_secret_key_gen() {
  return {CKM_GENERIC_SECRET_KEY_GEN, "CKM_GENERIC_SECRET_KEY_GEN", NoParameters{}};
}
Mechanism Mechanism::rsa_key_pair_gen() {
  return {CKM_RSA_PKCS_KEY_PAIR_GEN, "CKM_RSA_PKCS_KEY_PAIR_GEN", NoParameters{}};
}
Mechanism Mechanism::ec_key_pair_gen() {
  return {CKM_EC_KEY_PAIR_GEN, "CKM_EC_KEY_PAIR_GEN", NoParameters{}};
}
Mechanism Mechanism::eddsa_key_pair_gen() {
  return {CKM_EC_EDWARDS_KEY_PAIR_GEN, "CKM_EC_EDWARDS_KEY_PAIR_GEN", NoParameters{}};
}
Mechanism Mechanism::rsa_oaep(Hash hash) {
  return {CKM_RSA_PKCS_OAEP, "CKM_RSA_PKCS_OAEP", Oaep{hash}};
}
Mechanism Mechanism::rsa_aes_key_wrap(unsigned long aes_bits, Hash hash) {
  return {CKM_RSA_AES_KEY_WRAP, "CKM_RSA_AES_KEY_WRAP", RsaAes{aes_bits, hash}};
}
Mechanism Mechanism::aes_key_wrap(const KwpMechanism& kwp) {
  return {kwp.number, std::string(kwp.name), NoParameters{}};
}
Mechanism Mechanism::aes_kw() { return {CKM_AES_KEY_WRAP, "CKM_AES_KEY_WRAP", NoParameters{}}; }
Mechanism Mechanism::aes_ecb() { return {CKM_AES_ECB, "CKM_AES_ECB", NoParameters{}}; }
Mechanism Mechanism::aes_cbc(ByteView iv16) {
  return {CKM_AES_CBC, "CKM_AES_CBC", Iv{Bytes(iv16.begin(), iv16.end())}};
}
Mechanism Mechanism::aes_gcm(ByteView iv12, ByteView associated_data) {
  if (iv12.size() != kGcmIvBytes) {
    throw Error(Kind::kInternal, "gcm-iv-size",
                fmt::format("AES-GCM was given an IV of {} bytes", iv12.size()));
  }
  return {
      CKM_AES_GCM, "CKM_AES_GCM",
      Gcm{Bytes(iv12.begin(), iv12.end()), Bytes(associated_data.begin(), associated_data.end())}};
}
Mechanism Mechanism::hmac(crypto::Digest hash) {
  return {row_of(hash).hmac, fmt::format("CKM_{}_HMAC", row_of(hash).name), NoParameters{}};
}
Mechanism Mechanism::ecdsa() { return {CKM_ECDSA, "CKM_ECDSA", NoParameters{}}; }
Mechanism Mechanism::eddsa() { return {CKM_EDDSA, "CKM_EDDSA", NoParameters{}}; }
Mechanism Mechanism::rsa_pkcs() { return {CKM_RSA_PKCS, "CKM_RSA_PKCS", NoParameters{}}; }
Mechanism Mechanism::rsa_pss(crypto::Digest hash) {
  return {CKM_RSA_PKCS_PSS, "CKM_RSA_PKCS_PSS", Pss{hash}};
}
Mechanism Mechanism::digest(crypto::Digest hash) {
  return {row_of(hash).digest, fmt::format("CKM_{}", row_of(hash).name), NoParameters{}};
}

Mechanism Mechanism::ecdh1_derive(ByteView point) {
  return {CKM_ECDH1_DERIVE, "CKM_ECDH1_DERIVE", Ecdh{Bytes(point.begin(), point.end())}};
}

MechanismData::MechanismData(const Mechanism& mechanism) {
  mechanism_.mechanism = mechanism.number();
  std::visit([this](const auto& parameters) { fill(parameters); }, mechanism.parameters());
}

void MechanismData::fill(const Mechanism::NoParameters&) {}

void MechanismData::fill(const Mechanism::Oaep& parameters) {
  oaep_ = oaep_params(parameters.hash);
  point_to(oaep_);
}

void MechanismData::fill(const Mechanism::RsaAes& parameters) {
  oaep_ = oaep_params(parameters.hash);
  rsa_aes_ = {parameters.aes_bits, &oaep_};
  point_to(rsa_aes_);
}

void MechanismData::fill(const Mechanism::Iv& parameters) {
  iv_ = parameters.iv;
  mechanism_.pParameter = iv_.data();
  mechanism_.ulParameterLen = iv_.size();
}

void MechanismData::fill(const Mechanism::Gcm& parameters) {
  iv_ = parameters.iv;
  associated_data_ = parameters.associated_data;
  // The standard's names (PKCS#11 "GCM", CK_GCM_PARAMS). One token takes no struct without the bits
  // of the IV, and another compares them with its bytes.
  gcm_.pIv = iv_.data();
  gcm_.ulIvLen = iv_.size();
  gcm_.ulIvBits = 8 * iv_.size();
  gcm_.pAAD = associated_data_.data();
  gcm_.ulAADLen = associated_data_.size();
  gcm_.ulTagBits = kGcmTagBits;
  point_to(gcm_);
}

void MechanismData::fill(const Mechanism::Pss& parameters) {
  pss_.hashAlg = row_of(parameters.hash).digest;
  pss_.mgf = row_of(parameters.hash).mgf;
  pss_.sLen = row_of(parameters.hash).bytes;
  point_to(pss_);
}

void MechanismData::fill(const Mechanism::Ecdh& parameters) {
  point_ = parameters.point;
  ecdh_.kdf = CKD_NULL;
  // The standard's names: every p11-kit header knows them, and only older ones its own.
  ecdh_.pPublicData = point_.data();
  ecdh_.ulPublicDataLen = point_.size();
  point_to(ecdh_);
}

}  // namespace keyrite::pkcs11
