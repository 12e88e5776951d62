// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a verification found: good or not, and what it cannot know.
#include <algorithm>

#include "bundle/verify.h"

namespace keyrite::bundle {

bool BundleReport::good() const {
  return std::none_of(checks.begin(), checks.end(),
                      [](const Check& check) { return check.failure.has_value(); });
}

std::vector<std::string> BundleReport::cautions() const {
  std::vector<std::string> said;
  if (!manifest_compared) {
    said.emplace_back(
        "Nothing outside the bundle vouches for it: whoever can write manifest.json and import.sh "
        "can produce a bundle that passes these checks. Compare the SHA-256 of its manifest with "
        "the protocol "
        "of the ceremony or with the log, or give it with --expect-manifest.");
  }
  if (manifest.version == kFirstManifestVersion) {
    said.emplace_back(
        "The manifest has version 1, which has no core: tool, token, self-test, protections, key "
        "id and comparisons are recorded only once, so a change to them is not detected. It does "
        "not record the origin of the key or the check of the wrap.");
  }
  return said;
}

std::optional<Error> first_failure(const BundleReport& report) {
  std::optional<Error> first;
  std::vector<FailedCheck> all;
  for (const auto& [what, object, failure] : report.checks) {
    if (!failure) continue;
    if (!first) first = failure;
    all.push_back({what, object, failure->code(), failure->message()});
  }
  if (!first) return std::nullopt;
  return std::move(*first).with_failed_checks(std::move(all));
}

void require_good(const BundleReport& report) {
  if (const auto failed = first_failure(report)) throw Error(*failed);
}

}  // namespace keyrite::bundle
