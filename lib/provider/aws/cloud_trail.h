// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What AWS CloudTrail recorded of a deletion: log files, the digest files that hash them, and the
// signatures of these (AWS, CloudTrail User Guide, "Custom implementations of CloudTrail log file
// integrity validation"). An operator can write a saved answer; this one AWS signs. A person
// compares which key is CloudTrail's: whoever saved the files saved the key too. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "provider/state_commands.h"

namespace keyrite::provider::aws {

// As `aws cloudtrail list-public-keys --output json` prints them.
inline constexpr const char* kTrailKeysFile = "public-keys.json";
inline constexpr const char* kTrailSignature = ".sig";  // beside a digest file: hex, as in metadata

struct TrailFile {
  std::string name{};  // in the folder that was brought
  Bytes content{};     // not compressed any more
};

struct RecordedDeletion {
  TimePoint at{};
  std::string log_sha256{};
  std::string digest_sha256{};
  std::string key_sha256{};  // of the DER of the key that signed the digest file
};

class CloudTrail {
 public:
  // Of all files: each log file is in a digest file, and each of these is signed by a key whose
  // SHA-256 is one of `trusted`. Errors kConfig "trail-invalid" (a file is none of these, or
  // lacks a field); kVerification "trail-key-other" (signed by a key that nobody compared),
  // "trail-signature-wrong", "trail-log-changed" (no digest file has this log file).
  [[nodiscard]] static CloudTrail verified(const std::vector<TrailFile>& files,
                                           const std::vector<std::string>& trusted);

  // DeleteKey, which AWS KMS writes when the waiting period is over. nullopt: none of this KMS key.
  [[nodiscard]] std::optional<RecordedDeletion> deletion_of(const CloudKeyVersion& key) const;

 private:
  struct Event {
    std::string arn{};
    std::string region{};
    std::string account{};
    RecordedDeletion deletion{};
  };
  std::vector<Event> deletions_{};
};

}  // namespace keyrite::provider::aws
