// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether the log proves that a ceremony's file was run, wholly and in order; if not, what differs.
// Compares the file with a story of verified entries. Needs no token and no site. Pure; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "ceremony/model.h"
#include "ceremony/story.h"

namespace keyrite::ceremony {

// One thing that is not as the file says.
struct Difference {
  std::string code{};  // "step-missing"
  std::optional<std::uint64_t> entry{};
  std::string sentence{};
};

// A file beside the log, by its SHA-256; nullopt: it is not there, or is another one. Unset: nobody
// looks at what was signed.
using ReadEvidence = std::function<std::optional<Bytes>(const std::string& sha256)>;

struct Verification {
  std::string ceremony{};
  std::string mode{};
  std::string ending{};
  std::vector<Difference> differences{};
  std::uint64_t steps_done{};
  std::uint64_t left_out{};  // of a rehearsal
  std::uint64_t deviations{};
  // Whole, in order, and over.
  [[nodiscard]] bool holds() const { return differences.empty(); }
  [[nodiscard]] Json to_json() const;
};

// Codes of differences: "other-file", "opened-otherwise", "other-step-count", "not-over",
// "aborted", "after-end", "unvouched", "step-unknown", "step-missing", "step-repeated",
// "step-out-of-order", "step-other-kind", "step-failed", "step-passed-over-wrongly",
// "step-without-act", "act-without-step", "act-other-step", "act-other-operation",
// "act-other-file", "act-failed", "act-other-request", "act-repeated", "over-time",
// "check-in-missing", "clock-missing", "choice-unknown", "deviation-number",
// "step-after-abort", "site-opened-otherwise", "entered-otherwise"; those of seats that were filled
// by a signature: "check-in-unproven", "check-in-other", "check-in-twice". `read` has the files
// beside the log.
[[nodiscard]] Verification compare_with_log(const Ceremony& ceremony, const Story& story,
                                            const ReadEvidence& read = {});

}  // namespace keyrite::ceremony
