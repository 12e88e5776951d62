// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The acts of a shred, each by what registry and log have when it is performed. What one of them
// did is found there by the next, so a run that was killed is run again. One thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "shredding/loss.h"
#include "shredding/requests.h"
#include "shredding/scope.h"
#include "shredding/sites.h"

namespace keyrite::shredding {

// The versions that are not frozen yet do nothing from now on. On files. Error kFailed
// "shred-nothing": all are frozen.
[[nodiscard]] act::Act freeze(const ShredRequest& request);
// The opposite. Errors kFailed "shred-approved": one of them was approved for destruction;
// "version-not-frozen".
[[nodiscard]] act::Act unfreeze(const ShredRequest& request);

// What officers approve: the versions are condemned, and their copies on tokens are to go. Errors
// kFailed "shred-takes-more", "shred-changed" (the list is not the one that was approved);
// kUsage "shred-not-confirmed"; those of sites_of and take_statement.
[[nodiscard]] act::Act condemn(const ShredRequest& request, const SitesRequest& sites);

// At one token: the copies there are destroyed, and a fresh process looks. `done`: for each version
// what came of it, behind what it has. Errors kVerification "version-differs": another key has the
// id, nothing was destroyed; "shred-token-not-named": what was approved names no copy here; those
// of a token that is not well.
[[nodiscard]] act::Act destroy(const ShredRequest& request, const std::shared_ptr<Json>& done);

// At most so many in one act.
inline constexpr std::int64_t kRecordsAtOnce = 1000;
// Wrapped bytes that left the registry in this run: the first 16 of each.
using ErasedBytes = std::shared_ptr<std::vector<Bytes>>;
// Error kFailed "legal-hold": by the registry, which each batch asks; "copies-left".
[[nodiscard]] act::Act erase_records(const ShredRequest& request,
                                     const registry::VersionId& version, const ErasedBytes& erased);

// Whether the registry has one still.
[[nodiscard]] bool has_records(const act::Context& context, const registry::VersionId& version);

// The data keys that left the registry under all versions of the decision that ends with the
// closing of these, by the log, counted and digested as their list was approved (loss.h). nullopt:
// other versions of it are not destroyed, or these are of several decisions.
struct RecordsGone {
  std::int64_t deks{0};
  std::string list_sha256{};
};
[[nodiscard]] std::optional<RecordsGone> records_gone(
    const site::Site& site, const LoggedVersions& logged,
    const std::vector<registry::VersionId>& closing);

// Those whose copies on tokens are all shown to be gone are destroyed. The registry's file is
// written anew before, and searched for what left it. Error kFailed "wrapped-bytes-left".
[[nodiscard]] act::Act close(const ShredRequest& request, const ErasedBytes& erased);

// Or destroyed.
[[nodiscard]] bool is_frozen(const DoomedVersion& version);
// Of a version that was approved for destruction.
[[nodiscard]] bool is_condemned(const DoomedVersion& version);
// And so was each copy on a token that the registry has now: one that came on record afterwards was
// in no list.
[[nodiscard]] bool is_decided(const DoomedVersion& version);
[[nodiscard]] bool has_token_copy(const DoomedVersion& version);
[[nodiscard]] bool may_close(const DoomedVersion& version);

}  // namespace keyrite::shredding
