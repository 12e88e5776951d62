// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The values that were computed become files of the bundle and entries of expected.json.
#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/ecdh.h"
#include "crypto/rsa_oaep.h"
#include "provider/challenge.h"

namespace keyrite::provider {

namespace {

constexpr std::size_t kGcmTag = 16;

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
