// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Verifies a site's log as transcript verify does, and reads along what it tells of keys. Nothing
// is believed of a log that does not verify. What follows the checkpoint is read apart: nobody
// signed it. Reads files; one thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/transcript_source.h"
#include "report/account.h"
#include "site/site.h"

namespace keyrite::report {

// An act that was done, or an event that is not one.
struct Done {
  std::uint64_t entry{};
  Time at{};
  bool vouched{false};
};
// Beside the names of acts: what a reader looks for too.
inline constexpr const char* kApprovedEvent = "approved";  // an intent with approvals
inline constexpr const char* kRefusedEvent = "refused";
inline constexpr const char* kClockEvent = "clock-confirmed";
inline constexpr const char* kAnyEntry = "any entry";  // any entry

struct Reading {
  audit::AuditedTranscript audited{};
  Account account{};                                // of the entries that the checkpoint signs
  std::map<std::string, std::vector<Done>> acts{};  // signed, by act
  // Of the signed entries: when the first was written, and the latest of all.
  std::optional<Time> first{};
  std::optional<Time> latest{};
  std::vector<transcript::NoteKey> log_keys{};  // those by which it was verified

  [[nodiscard]] std::uint64_t size() const { return audited.verified.checkpoint.head.size; }
};

// `vkey`: as --vkey of transcript verify, none: the site's own. `earlier`: a checkpoint that the
// log must contain. `progress` is told how far it is read. Errors: those of
// audit::transcript_source and audit::audit; kVerification "entry-vouch-wrong"; those of
// act::registry_entry.
[[nodiscard]] Reading read_log_of(const site::Site& site, const std::vector<std::string>& vkey,
                                  const std::optional<std::string>& earlier,
                                  const audit::ReadProgress& progress);

// What the first `entries` of the log tell, also where the checkpoint signs fewer: for comparison
// with a registry that has taken over so many. Errors: those of read_log, and as above.
[[nodiscard]] Account account_until(const site::Site& site, const Reading& reading,
                                    std::uint64_t entries);

}  // namespace keyrite::report
