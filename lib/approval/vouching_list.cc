// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "approval/vouching_list.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/document.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::approval {

namespace {

constexpr DocumentKind kVouching{"keyrite-vouching", kVouchingVersion, "vouching"};

bool holds_role(const Approver& approver, std::string_view role) {
  return std::ranges::find(approver.roles, role) != approver.roles.end();
}

bool is_good(SshOutcome outcome) { return outcome == SshOutcome::kGood; }

std::string_view why_not(SshOutcome outcome) {
  switch (outcome) {
    case SshOutcome::kOtherNamespace:
      return "signed for another purpose";
    case SshOutcome::kTouchMissing:
      return "nobody touched the authenticator";
    case SshOutcome::kUserNotVerified:
      return "the authenticator asked for neither PIN nor finger";
    default:
      return "not a signature over this list";
  }
}

// Why the signature of one file does not count; empty: it does. `approver`: whose key it names.
std::string objection_to(const ApprovalFile& file, const Approver& approver, ByteView list,
                         const SshDemands& demands, std::string_view name_space) {
  try {
    const SshSignature signature = parse_ssh_signature(file.content, file.name);
    const auto outcome = check_ssh_signature(signature, list, signature.key, name_space, demands);
    return is_good(outcome) ? std::string() : std::string(why_not(outcome));
  } catch (const Error& error) {
    if (error.kind() == Kind::kInternal) throw;
    return fmt::format("by {}, and cannot be read: {}", approver.identity, error.message());
  }
}

std::string objection_to(const Approver& approver, std::string_view role,
                         const std::vector<std::string>& excluded, TimePoint now) {
  if (!holds_role(approver, role)) return fmt::format("does not have the role {}", role);
  if (approver.valid_from && now < *approver.valid_from) return "may sign later, not yet";
  if (approver.valid_until && now >= *approver.valid_until) return "may not sign any more";
  const bool runs = std::ranges::any_of(
      excluded, [&](const auto& one) { return same_identity(one, approver.identity); });
  return runs ? "runs this act, and does not count" : "";
}

}  // namespace

bool VouchingList::has(std::string_view key, std::string_view sha256) const {
  return std::ranges::any_of(
      keys, [&](const VouchedKey& one) { return one.key == key && one.sha256 == sha256; });
}

namespace {

VouchingList read_list(ByteView bytes, std::string_view origin) {
  const Json json = parse_json(bytes, origin);
  const JsonView view(json, std::string(origin));
  require_kind(view, kVouching);
  require_only(view, kVouching, {"format", "version", "fetched", "keys"});
  VouchingList list{.fetched = parse_rfc3339(view.text("fetched"), view.at("fetched").where())};
  for (const JsonView& row : view.at("keys").items()) {
    require_only(row, kVouching, {"key", "sha256"});
    VouchedKey key{one_line_text(row.at("key"), kVouching),
                   sha256_text(row.at("sha256"), kVouching)};
    if (list.has(key.key, key.sha256)) refuse_value(row, kVouching, "is in the list twice");
    list.keys.push_back(std::move(key));
  }
  if (list.keys.empty()) refuse_value(view.at("keys"), kVouching, "has no key");
  return list;
}

}  // namespace

VouchingList vouching_list_from_bytes(ByteView bytes, std::string_view origin) {
  try {
    return read_list(bytes, origin);
  } catch (const Error& error) {
    if (!error.hint().empty()) throw;
    throw Error(error.kind(), error.code(), error.message(),
                "have the list written anew; docs/formats/vouching.md describes each field");
  }
}

void require_fresh(const VouchingList& list, TimePoint now) {
  if (list.fetched > now + kVouchingSlack) {
    throw Error(Kind::kVerification, "vouching-not-yet",
                fmt::format("the vouching list says that it was fetched at {}, and it is {} now",
                            format_rfc3339(list.fetched), format_rfc3339(now)),
                "compare the clocks of the two machines, and have the parameters fetched again");
  }
  if (now - list.fetched <= kLongestVouching) return;
  throw Error(Kind::kVerification, "vouching-expired",
              fmt::format("the vouching list was fetched at {}, more than {} hours ago",
                          format_rfc3339(list.fetched), kLongestVouching.count()),
              "have the import parameters fetched again, with a new list");
}

Vouchers vouchers_of(ByteView list, const std::vector<ApprovalFile>& signatures,
                     const Roster& roster, std::string_view role,
                     const std::vector<std::string>& excluded, TimePoint now,
                     const SshDemands& demands, std::string_view name_space) {
  Vouchers found;
  for (const auto& file : signatures) {
    const auto signer = claimed_signer(file.content);
    const Approver* approver = signer ? owner_of(roster, *signer) : nullptr;
    if (approver == nullptr) {
      found.sentences.push_back(
          fmt::format("{}: {}", printable(file.name),
                      signer ? "signed by nobody in the roster" : "not an SSH signature"));
      continue;
    }
    std::string objection = objection_to(file, *approver, list, demands, name_space);
    if (objection.empty()) objection = objection_to(*approver, role, excluded, now);
    const bool again =
        std::ranges::find(found.identities, approver->identity) != found.identities.end();
    if (objection.empty() && again) objection = "counted already";
    if (objection.empty()) {
      found.identities.push_back(approver->identity);
      found.files.push_back(file);
    } else {
      found.sentences.push_back(fmt::format("{}: {}: {}", printable(file.name), approver->identity,
                                            printable(objection)));
    }
  }
  return found;
}

}  // namespace keyrite::approval
