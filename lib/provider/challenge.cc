#include "provider/challenge.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/ecdh.h"
#include "crypto/rsa_oaep.h"
#include "provider/challenge_table.h"

namespace keyrite::provider {
namespace {

constexpr std::string_view kChallengeFile = "challenge.bin";
constexpr std::string_view kCounterIvFile = "challenge-iv.bin";
constexpr std::string_view kGcmFile = "challenge-gcm.bin";
constexpr std::string_view kGcmIvFile = "challenge-gcm-iv.bin";
constexpr std::string_view kOaepFile = "challenge-oaep.bin";
constexpr std::string_view kAgreementFile = "challenge-ecdh.der";
constexpr std::string_view kDigestInfoFile = "challenge-digest-info.bin";
constexpr std::size_t kBlock = 16;
constexpr std::size_t kGcmIv = 12;
constexpr std::size_t kGcmTag = 16;

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
  // gcloud writes raw bytes to files, aws and az print JSON. Two readings of one command share its
  // answer file.
  std::string stem(row.id);
  if (row.over_digest && row.operation == Operation::kHmac) {
    stem.resize(stem.size() - std::string_view("-of-digest").size());
    spec.same_command = true;
  }
  spec.answer_file = "answer-" + stem + (use.provider == Provider::kGoogle ? ".bin" : ".json");
  return spec;
}

// The bundle has the value, and the cloud finds the input: it decrypts, or agrees on it.
bool cloud_finds_input(const ChallengeSpec& spec) {
  return spec.operation == Operation::kAesGcmEncrypt ||
         spec.operation == Operation::kRsaOaepEncrypt || spec.operation == Operation::kKeyAgreement;
}

// What is done with the public key alone: its owner finds the input.
void compute_on_host(ComputedChallenge& one, const crypto::PublicKey& key) {
  if (one.spec.operation == Operation::kRsaOaepEncrypt) {
    one.value = crypto::oaep_encrypt(key, one.spec.hash.value(), one.spec.input);
  } else if (one.spec.operation == Operation::kKeyAgreement) {
    auto agreed = crypto::agree_with_throwaway(key);
    one.value =
        crypto::PublicKey::from_ec_point(key.type().curve, agreed.point, "throw-away key").spki();
    one.spec.input = std::move(agreed.shared);
  }
}

void add_file(std::vector<FolderFile>& files, const std::string& name, const Bytes& content) {
  const auto same = [&](const FolderFile& file) { return file.name == name; };
  if (!name.empty() && std::none_of(files.begin(), files.end(), same)) {
    files.push_back({name, content, false});
  }
}

void add_computed(const ComputedChallenge& one, ChallengeSet& set) {
  const ChallengeSpec& spec = one.spec;
  if (const std::size_t wanted = value_bytes(spec); wanted != 0 && one.value.size() != wanted) {
    throw Error(Kind::kInternal, "challenge-value-size",
                "the value for challenge " + spec.id + " has " + std::to_string(one.value.size()) +
                    " bytes instead of " + std::to_string(wanted));
  }
  if (cloud_finds_input(spec)) {
    add_file(set.files, spec.input_file, one.value);
  }
  add_file(set.files, spec.iv_file, spec.iv);
  const Bytes& answer = cloud_finds_input(spec) ? spec.input : one.value;
  set.answers.push_back(
      {spec.id, spec.cloud_algorithm, to_hex(spec.iv), answer.size(), crypto::sha256_hex(answer)});
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
  if (use.provider == Provider::kAws) {
    return "AWS does not publish the format of its ciphertexts, so no answer can be computed "
           "outside; re-import the same key from a verification bundle";
  }
  if (use.provider == Provider::kGoogle) {
    return "Google ciphertexts contain hidden metadata, so no answer can be computed outside; only "
           "an attestation of an HSM key version could show that the keys are equal";
  }
  return "no operation on a key of type " + type.name() +
         " gives an answer that can be computed outside";
}

std::size_t value_bytes(const ChallengeSpec& spec) {
  switch (spec.operation) {
    case Operation::kHmac:
      return crypto::digest_bytes(spec.hash.value());
    case Operation::kAesCbcEncrypt:
    case Operation::kAesCtrEncrypt:
      return spec.input.size();
    case Operation::kAesKeyWrap:
      return spec.input.size() + 8;
    case Operation::kAesGcmEncrypt:
      return spec.input.size() + kGcmTag;
    case Operation::kRsaOaepEncrypt:
    case Operation::kKeyAgreement:
    case Operation::kSignature:
      break;
  }
  return 0;
}

ChallengeSet finish(const std::vector<ComputedChallenge>& computed, ByteView challenge,
                    const std::optional<crypto::PublicKey>& public_key) {
  ChallengeSet set;
  add_file(set.files, std::string(kChallengeFile), Bytes(challenge.begin(), challenge.end()));
  for (ComputedChallenge one : computed) {
    if (public_key) compute_on_host(one, *public_key);
    if (one.spec.operation == Operation::kSignature) {
      set.signatures.push_back({one.spec.id, one.spec.cloud_algorithm});
      if (one.spec.input_file != kChallengeFile) {
        add_file(set.files, one.spec.input_file, one.spec.input);
      }
    } else if (one.value.empty()) {
      set.not_asked.push_back(
          {one.spec.id, one.reason.empty() ? "keyrite did not compute it" : printable(one.reason)});
      continue;
    } else {
      add_computed(one, set);
    }
    const auto same_file = [&](const ChallengeSpec& spec) {
      return spec.answer_file == one.spec.answer_file;
    };
    if (std::none_of(set.asked.begin(), set.asked.end(), same_file)) {
      set.asked.push_back(one.spec);
    }
  }
  return set;
}

}  // namespace keyrite::provider
