// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Why a wrapping key is believed to be the cloud's where no person compares it now: it is pinned at
// its vault or key ring, or fetchers of the site's roster vouch for it. What the carrier of the
// parameters could have written is never a reason. Reads registry, log and roster; keeps nothing;
// one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/log_facts.h"
#include "approval/quorum.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/wrapping.h"
#include "provider/parameters.h"

namespace keyrite::imports {

// A vouching list as it was brought, and the signatures over it.
struct BroughtVouching {
  std::string name{};
  Bytes list{};
  std::vector<approval::ApprovalFile> signatures{};
};

// A wrapping key, and why it is believed.
struct BelievedKey {
  std::string sha256{};
  WrappingKeyBasis basis{};
  std::string pin{};              // the decision that pinned it
  std::string vouching_sha256{};  // of the list that vouches for it
  // The list, the roster, and each signature that counted, which the log keeps.
  std::vector<Bytes> evidence{};
  std::vector<std::string> who{};          // vouches for it; for people
  [[nodiscard]] std::string text() const;  // "pinned, by ..."
};

// What the log has of them: bases, pins, lists and the signatures and roster that go with one; no
// name.
[[nodiscard]] act::LogFacts log_facts(const std::vector<BelievedKey>& keys);

// Error kFailed "wrapping-key-basis-refused": the site's policy does not accept this basis. Without
// a site a comparison is the only one that is enough.
void require_accepted(WrappingKeyBasis basis, const act::Context& context);

// What the site's pinned keys say of the wrapping key of these parameters.
struct PinFinding {
  std::optional<BelievedKey> key{};
  // Why it is not pinned, where pinned keys of its place exist: kVerification
  // "wrapping-key-not-pinned" (another key is), "wrapping-key-pin-ended", "pin-too-few" (policy
  // wants more people for a pin today than approved it).
  std::optional<Error> why_not{};
};
// Nothing where the policy does not accept pinned keys, or none is of the place. Errors: those of
// Registry; kVerification "decision-edited".
[[nodiscard]] PinFinding find_pin(const provider::ImportParameters& parameters,
                                  const act::Context& context);

// Errors: those of vouching_list_from_bytes, require_fresh, parse_roster, require_person and
// require_accepted; kUsage "site-not-given"; kConfig "roster-missing"; kVerification
// "vouching-unsigned" (fewer fetchers signed the list than the policy wants),
// "wrapping-key-not-vouched" (the list does not have this key of the cloud with this fingerprint).
[[nodiscard]] BelievedKey vouched_key(const BroughtVouching& brought,
                                      const provider::ImportParameters& parameters,
                                      const act::Context& context);

}  // namespace keyrite::imports
