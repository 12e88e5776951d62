// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "provider/aws/cloud_trail.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "base/kms_key.h"
#include "base/long_json.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "crypto/signature.h"

namespace keyrite::provider::aws {

namespace {

// A log file is written when 5 minutes are over; a busy account's has some MB.
constexpr std::size_t kLongestLog = std::size_t{64} << 20U;

[[noreturn]] void refuse_trail(Kind kind, std::string code, const std::string& file,
                               std::string_view why) {
  throw Error(
      kind, std::move(code), fmt::format("{}: {}", printable(file), why),
      "save the files of CloudTrail again, as docs/guide/shred.md says, and compare its key");
}

// A key of CloudTrail: DER of an RSAPublicKey (RFC 8017 A.1.1).
struct TrailKey {
  crypto::PublicKey key;
  std::string sha256{};
};

// What a digest file says of one log file.
struct Hashed {
  std::string digest_sha256{};
  std::string key_sha256{};
};

class Reading {
 public:
  Reading(const std::vector<TrailFile>& files, const std::vector<std::string>& trusted)
      : files_(files), trusted_(trusted) {}

  // By the SHA-256 of the log file.
  [[nodiscard]] std::map<std::string, Hashed> digests() {
    read_keys();
    for (const auto& file : files_) {
      if (const auto* signature = named(file.name + kTrailSignature)) take(file, *signature);
    }
    return std::move(hashed_);
  }

  [[nodiscard]] bool is_log(const TrailFile& file) const {
    return file.name != kTrailKeysFile && !file.name.ends_with(kTrailSignature) &&
           named(file.name + kTrailSignature) == nullptr;
  }

 private:
  [[nodiscard]] const TrailFile* named(const std::string& name) const {
    const auto found = std::ranges::find(files_, name, &TrailFile::name);
    return found == files_.end() ? nullptr : &*found;
  }

  void read_keys() {
    const auto* file = named(kTrailKeysFile);
    if (file == nullptr)
      refuse_trail(Kind::kConfig, "trail-invalid", kTrailKeysFile, "the file is not there");
    const Json json = parse_json(file->content, file->name);
    for (const auto& one : JsonView(json, file->name).at("PublicKeyList").items()) {
      const auto der = from_base64(one.text("Value"), one.where());
      keys_.emplace(
          one.text("Fingerprint"),
          TrailKey{crypto::PublicKey::from_rsa_der(der, one.where()), crypto::sha256_hex(der)});
    }
  }

  void take(const TrailFile& digest, const TrailFile& signature) {
    const Json json = parse_json(digest.content, digest.name);
    const JsonView view(json, digest.name);
    const auto sha256 = crypto::sha256_hex(digest.content);
    const auto& key = key_of(digest, view);
    require_signed(digest, view, sha256, signature, key.key);
    for (const auto& one : view.at("logFiles").items()) {
      if (one.text("hashAlgorithm") != "SHA-256")
        refuse_trail(Kind::kConfig, "trail-invalid", digest.name, "it has another hash algorithm");
      hashed_.emplace(one.text("hashValue"), Hashed{sha256, key.sha256});
    }
  }

  [[nodiscard]] const TrailKey& key_of(const TrailFile& digest, const JsonView& view) const {
    const auto fingerprint = view.text("digestPublicKeyFingerprint");
    const auto found = keys_.find(fingerprint);
    if (found == keys_.end()) {
      refuse_trail(Kind::kConfig, "trail-invalid", digest.name,
                   fmt::format("{} has no key with the fingerprint {}", kTrailKeysFile,
                               printable(fingerprint)));
    }
    if (std::ranges::find(trusted_, found->second.sha256) == trusted_.end()) {
      refuse_trail(Kind::kVerification, "trail-key-other", digest.name,
                   fmt::format("it is signed by the key with SHA-256 {}, which --cloudtrail-key "
                               "does not name",
                               found->second.sha256));
    }
    return found->second;
  }

  static void require_signed(const TrailFile& digest, const JsonView& view,
                             const std::string& sha256, const TrailFile& signature,
                             const crypto::PublicKey& key) {
    if (view.text("digestSignatureAlgorithm") != "SHA256withRSA") {
      refuse_trail(Kind::kConfig, "trail-invalid", digest.name,
                   "it is signed with another algorithm than SHA256withRSA");
    }
    const auto text = fmt::format("{}\n{}/{}\n{}\n{}", view.text("digestEndTime"),
                                  view.text("digestS3Bucket"), view.text("digestS3Object"), sha256,
                                  view.optional_text("previousDigestSignature").value_or("null"));
    const auto hex = as_text(signature.content);
    const auto bytes = from_hex(hex.substr(0, hex.find_last_not_of(" \r\n\t") + 1));
    if (crypto::verify_signature(key, crypto::SignatureScheme::kRsaPkcs1, crypto::Digest::kSha256,
                                 as_bytes(text), bytes))
      return;
    refuse_trail(Kind::kVerification, "trail-signature-wrong", signature.name,
                 "it is not the signature of the digest file");
  }

  const std::vector<TrailFile>& files_;
  const std::vector<std::string>& trusted_;
  std::map<std::string, TrailKey> keys_{};
  std::map<std::string, Hashed> hashed_{};
};

// No caller has an API with this name: AWS KMS writes the event when it deletes.
bool is_deletion(const JsonView& event) {
  return event.optional_text("eventSource") == "kms.amazonaws.com" &&
         event.optional_text("eventName") == "DeleteKey" &&
         event.optional_text("eventType") == "AwsServiceEvent" && !event.find("errorCode");
}

}  // namespace

CloudTrail CloudTrail::verified(const std::vector<TrailFile>& files,
                                const std::vector<std::string>& trusted) {
  Reading reading(files, trusted);
  const auto digests = reading.digests();
  CloudTrail trail;
  for (const auto& file : files) {
    if (!reading.is_log(file)) continue;
    const auto sha256 = crypto::sha256_hex(file.content);
    const auto hashed = digests.find(sha256);
    if (hashed == digests.end()) {
      refuse_trail(Kind::kVerification, "trail-log-changed", file.name,
                   "no signed digest file here has its SHA-256");
    }
    const Json json = parse_long_json(file.content, file.name, kLongestLog);
    for (const auto& event : JsonView(json, file.name).at("Records").items()) {
      if (!is_deletion(event)) continue;
      for (const auto& resource : event.at("resources").items()) {
        trail.deletions_.push_back(
            {.arn = resource.text("ARN"),
             .region = event.text("awsRegion"),
             .account = event.text("recipientAccountId"),
             .deletion = {parse_rfc3339(event.text("eventTime"), "eventTime"), sha256,
                          hashed->second.digest_sha256, hashed->second.key_sha256}});
      }
    }
  }
  return trail;
}

std::optional<RecordedDeletion> CloudTrail::deletion_of(const CloudKeyVersion& key) const {
  if (key.provider != Provider::kAws || !key.cloud_key) return std::nullopt;
  for (const auto& event : deletions_) {
    if (is_same_kms_key({event.arn, event.region, event.account},
                        {*key.cloud_key, key.region, key.account}))
      return event.deletion;
  }
  return std::nullopt;
}

}  // namespace keyrite::provider::aws
