// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/countersignature.h"

#include <algorithm>

#include <fmt/format.h>

#include "approval/ssh_signature_check.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::certificate {

namespace {

[[noreturn]] void refuse_signature(std::string code, std::string message) {
  throw Error(Kind::kVerification, std::move(code), std::move(message),
              "have it signed by a person of the roster who did not perform the destruction");
}

void require_time(const approval::Approver& person, const std::string& issued) {
  const TimePoint when = parse_rfc3339(issued, "issued");
  const bool is_early = person.valid_from && when < *person.valid_from;
  const bool is_late = person.valid_until && when >= *person.valid_until;
  if (!is_early && !is_late) return;
  refuse_signature("countersignature-unknown",
                   fmt::format("{} was not in the roster at {}, when the certificate was issued",
                               person.identity, issued));
}

}  // namespace

std::string countersigner(std::string_view armoured, std::string_view origin, std::string_view file,
                          const Verified& verified, const approval::Roster& roster) {
  const auto signature = approval::parse_ssh_signature(armoured, origin);
  const approval::Approver* person = owner_of(roster, signature.key);
  if (person == nullptr) {
    refuse_signature("countersignature-unknown",
                     fmt::format("{} is signed by nobody in the roster", printable(origin)));
  }
  if (check_ssh_signature(signature, as_bytes(file), signature.key, kCountersignNamespace) !=
      approval::SshOutcome::kGood) {
    refuse_signature("countersignature-wrong",
                     fmt::format("{} is not {}'s signature over this file for {}",
                                 printable(origin), person->identity, kCountersignNamespace));
  }
  require_time(*person, verified.document.issued);
  const bool performed = std::ranges::any_of(verified.facts.runs, [&](const RunFacts& run) {
    return approval::same_identity(run.by, person->identity);
  });
  if (performed) {
    refuse_signature("countersignature-performer",
                     fmt::format("{} performed the destruction, and cannot verify it for others",
                                 person->identity));
  }
  return person->identity;
}

}  // namespace keyrite::certificate
