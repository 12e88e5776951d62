// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// fetch.sh: what the person at the connected machine runs so that a version can be wrapped: it asks
// the cloud for import parameters, and before that for the key that they are for where there is
// none. POSIX sh, no secret in it. It needs ask.json beside it, whose SHA-256 it has, and copies it
// to what it fetched, so that nobody takes the parameters for those of another import. What is
// there already and has not expired is not fetched again. Pure, any thread.
//
// ./fetch.sh [--print] [--old-client] [--answers DIR]. It saves beside its folder, in
// FOLDER.fetched, and shows the SHA-256 of each wrapping key, to be compared over a second channel.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/key_type.h"
#include "base/key_usage.h"
#include "provider/key_place.h"

namespace keyrite::provider {

inline constexpr std::string_view kFetchScript = "fetch.sh";
inline constexpr std::string_view kAskFile = "ask.json";
inline constexpr std::string_view kFetchedSuffix = ".fetched";
// Azure: the key-exchange key of a vault, created where it is missing.
inline constexpr std::string_view kExchangeKey = "keyrite-kek";

struct FetchOrder {
  KeyPlace place{};
  KeyType type{};
  std::optional<KeyUsage> usage{};  // in the token
  // AWS: the KMS key that takes the new material; nullopt: a new one is created.
  std::optional<std::string> cloud_key{};
  // AWS: `cloud_key` is its replica, which is made where it is missing; an ARN.
  std::optional<std::string> primary{};
  std::string tag{};         // in the name of an import job: letters and digits
  std::string ask_sha256{};  // of ask.json
};

// The files that wrap-for-import reads.
struct FetchedFiles {
  std::string parameters{};
  std::optional<std::string> verification{};  // AWS SYMMETRIC_DEFAULT: a second set
};
[[nodiscard]] FetchedFiles fetched_files(const FetchOrder& order);

// Errors kUsage "text-has-nul"; those of cloud_type and of the options' checks.
[[nodiscard]] std::string fetch_script(const FetchOrder& order);

}  // namespace keyrite::provider
