#include "provider/challenge.h"

#include <algorithm>

#include "base/error.h"
#include "crypto/digest.h"
#include "provider/challenge_table.h"
#include "provider/cloud_table.h"

namespace keyrite::provider {

namespace {

constexpr std::string_view kCounterIvFile = "challenge-iv.bin";
constexpr std::string_view kGcmFile = "challenge-gcm.bin";
constexpr std::string_view kGcmIvFile = "challenge-gcm-iv.bin";
constexpr std::string_view kOaepFile = "challenge-oaep.bin";
constexpr std::string_view kAgreementFile = "challenge-ecdh.der";
constexpr std::string_view kDigestInfoFile = "challenge-digest-info.bin";
constexpr std::size_t kBlock = 16;
constexpr std::size_t kGcmIv = 12;

// One random string serves all: the IVs need to be fresh, not secret, and different for each mode.
Bytes derived_iv(std::string_view mode, ByteView challenge, std::size_t size) {
  Bytes iv =
      crypto::sha256(concat(as_bytes("keyrite challenge iv " + std::string(mode)), challenge));
  iv.resize(size);
  return iv;
}

std::string key_name(const CloudUse& use, const KeyType& type) {
  return use.provider == Provider::kAzure ? type.name() : use.algorithm;
}

bool fits(const ChallengeRow& row, Provider provider, std::string_view name) {
  return row.provider == provider && name.size() >= row.prefix.size() + row.suffix.size() &&
         name.substr(0, row.prefix.size()) == row.prefix &&
         name.substr(name.size() - row.suffix.size()) == row.suffix;
}

bool allows(const CloudUse& use, std::string_view operation) {
  return operation.empty() || use.operations.empty() ||
         std::find(use.operations.begin(), use.operations.end(), operation) != use.operations.end();
}

std::string cloud_word(const ChallengeRow& row, const CloudUse& use, const KeyType& type) {
  std::string word(row.cloud_algorithm.empty() ? std::string_view(use.algorithm)
                                               : row.cloud_algorithm);
  if (const auto star = word.find('*'); star != std::string::npos) {
    word.replace(star, 1, std::to_string(type.size));
  }
  return word;
}

// What each operation works on, and the files it needs in the bundle.
void fill_material(const ChallengeRow& row, ByteView challenge, ByteView hidden,
                   ChallengeSpec& spec) {
  spec.input = Bytes(challenge.begin(), challenge.end());
  spec.input_file = kChallengeFile;
  switch (row.operation) {
    case Operation::kHmac:
      if (row.over_digest) {
        spec.input = crypto::digest(row.hash.value(), challenge);
      }
      break;
    case Operation::kAesCbcEncrypt:
    case Operation::kAesCtrEncrypt:
      spec.iv = derived_iv("block", challenge, kBlock);
      spec.iv_file = kCounterIvFile;
      break;
    case Operation::kAesGcmEncrypt:
      spec.input = Bytes(hidden.begin(), hidden.end());
      spec.iv = derived_iv("gcm", challenge, kGcmIv);
      spec.input_file = kGcmFile;
      spec.iv_file = kGcmIvFile;
      break;
    case Operation::kRsaOaepEncrypt:
      spec.input = Bytes(hidden.begin(), hidden.end());
      spec.input_file = kOaepFile;
      break;
    case Operation::kKeyAgreement:
      spec.input_file = kAgreementFile;
      break;
    case Operation::kSignature:
      if (row.over_digest) {
        spec.input = crypto::sha256_digest_info(crypto::sha256(challenge));
        spec.input_file = kDigestInfoFile;
      }
      break;
    case Operation::kAesKeyWrap:
      break;
  }
}

ChallengeSpec spec_of(const ChallengeRow& row, const CloudUse& use, const KeyType& type,
                      ByteView challenge, ByteView hidden) {
  ChallengeSpec spec;
  spec.id = row.id;
  spec.operation = row.operation;
  spec.hash = row.hash;
  spec.cloud_algorithm = cloud_word(row, use, type);
  fill_material(row, challenge, hidden, spec);
  // Two readings of one command share its answer file.
  std::string stem(row.id);
  if (row.over_digest && row.operation == Operation::kHmac) {
    stem.resize(stem.size() - std::string_view("-of-digest").size());
    spec.same_command = true;
  }
  spec.answer_file = "answer-" + stem + std::string(cloud_of(use.provider).answer_suffix);
  return spec;
}

}  // namespace

std::vector<ChallengeSpec> challenges_for(const CloudUse& use, const KeyType& type,
                                          ByteView challenge, ByteView hidden) {
  if (challenge.size() != kChallengeBytes || hidden.size() != kHiddenBytes) {
    throw Error(Kind::kInternal, "challenge-size", "a challenge does not have 32 bytes");
  }
  std::vector<ChallengeSpec> specs;
  const std::string name = key_name(use, type);
  for (const ChallengeRow& row : challenge_rows()) {
    if (fits(row, use.provider, name) && allows(use, row.needs)) {
      specs.push_back(spec_of(row, use, type, challenge, hidden));
    }
  }
  return specs;
}

std::string why_no_challenge(const CloudUse& use, const KeyType& type) {
  const std::string name = key_name(use, type);
  std::string needs;
  for (const ChallengeRow& row : challenge_rows()) {
    if (!fits(row, use.provider, name)) {
      continue;
    }
    if (allows(use, row.needs)) {
      return {};
    }
    if (needs.find(row.needs) == std::string::npos) {
      needs += (needs.empty() ? "" : ", ") + std::string(row.needs);
    }
  }
  if (!needs.empty()) {
    return "a key of type " + type.name() +
           " can be challenged only if it allows one of these: " + needs;
  }
  if (!type.is_secret()) {
    return "the cloud offers no use of such a key whose answer can be checked outside, and its "
           "public key proves nothing because the bundle contains it";
  }
  if (const auto why = cloud_of(use.provider).why_no_answer; !why.empty()) return std::string(why);
  return "no operation on a key of type " + type.name() +
         " gives an answer that can be computed outside";
}

}  // namespace keyrite::provider
