// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A list of wrapping keys, as somebody fetched them from a cloud on a connected machine, and the
// SSH signatures of people of the roster over its bytes. Whoever carries list and signatures can
// change neither. Plain data; pure, any thread.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "approval/quorum.h"
#include "approval/roster.h"
#include "base/bytes.h"
#include "base/clock.h"

namespace keyrite::approval {

// What `ssh-keygen -Y sign -n` is told: no signature for an approval is one for a list.
inline constexpr std::string_view kVouchingNamespace = "keyrite-vouching@keyrite";
inline constexpr int kVouchingVersion = 1;
// AWS hands out import parameters for 24 hours.
inline constexpr std::chrono::hours kLongestVouching{24};
// By how much the clocks of two machines may differ.
inline constexpr std::chrono::minutes kVouchingSlack{10};

struct VouchedKey {
  std::string key{};     // in the cloud, as the import parameters name it: an ARN
  std::string sha256{};  // of the wrapping key's DER SubjectPublicKeyInfo
  friend bool operator==(const VouchedKey&, const VouchedKey&) = default;
};
struct VouchingList {
  TimePoint fetched{};
  std::vector<VouchedKey> keys{};
  [[nodiscard]] bool has(std::string_view key, std::string_view sha256) const;
};

// Strict. `origin` names the file in errors. Errors kConfig: those of parse_json;
// "vouching-format", "vouching-version", "vouching-unknown-field", "vouching-invalid" (also: a row
// twice).
[[nodiscard]] VouchingList vouching_list_from_bytes(ByteView bytes, std::string_view origin);

// Errors kVerification: "vouching-expired" (fetched more than kLongestVouching ago),
// "vouching-not-yet" (fetched later than now).
void require_fresh(const VouchingList& list, TimePoint now);

// Who of a role signed exactly these bytes, each once, and for people why a file does not count.
struct Vouchers {
  std::vector<std::string> identities{};
  std::vector<ApprovalFile> files{};  // their signatures, in the same order
  std::vector<std::string> sentences{};
};
// By keys of `roster` that hold at `now`. `excluded`: identities that do not count, such as who
// runs the act and carries the files. `name_space`: of signatures over another text than a list.
// Error kInternal "openssl" when OpenSSL cannot work.
[[nodiscard]] Vouchers vouchers_of(ByteView list, const std::vector<ApprovalFile>& signatures,
                                   const Roster& roster, std::string_view role,
                                   const std::vector<std::string>& excluded, TimePoint now,
                                   const SshDemands& demands = {},
                                   std::string_view name_space = kVouchingNamespace);

}  // namespace keyrite::approval
