// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "approval/signer.h"

#include <fmt/format.h>

#include "approval/internal/file_verdict.h"
#include "approval/ssh_signature_check.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::approval {

namespace {

Signer ssh_signer(const ApprovalFile& file, ByteView content, const Roster& roster,
                  std::string_view purpose) {
  Signer signer;
  try {
    const auto signature = parse_ssh_signature(file.content, file.name);
    signer.person = owner_of(roster, signature.key);
    signer.is_good =
        check_ssh_signature(signature, content, signature.key, purpose) == SshOutcome::kGood;
    signer.holds = true;
    if (!signer.is_good)
      signer.why = fmt::format("is not a signature over this file for {}", purpose);
  } catch (const Error& error) {
    if (error.kind() == Kind::kInternal) throw;
    signer.why = fmt::format("cannot be read: {}", error.message());
  }
  return signer;
}

Signer cms_signer(const ApprovalFile& file, ByteView content, const Roster& roster,
                  TimePoint when) {
  const QuorumPolicy policy{};
  const std::vector<std::string> nobody;
  FileVerdict verdict;
  Signer signer{.person = judge_cms_file(file, {roster, policy, nobody, content, when}, verdict)};
  signer.holds = verdict.status == FileStatus::kCounts;
  signer.is_good = signer.holds || verdict.status == FileStatus::kCertificateNotValid;
  if (!signer.holds)
    signer.why = verdict.sentence.empty() ? std::string("is not a CMS signature over this file")
                                          : verdict.sentence;
  return signer;
}

}  // namespace

Signer signer_of(const ApprovalFile& file, ByteView content, const Roster& roster,
                 std::string_view purpose, TimePoint when) {
  Signer signer = looks_like_cms(file) ? cms_signer(file, content, roster, when)
                                       : ssh_signer(file, content, roster, purpose);
  if (signer.person == nullptr) {
    const bool is_read = signer.is_good || signer.holds || signer.why.empty();
    signer.is_good = signer.holds = false;
    if (is_read) signer.why = "is signed by nobody in the roster";
    return signer;
  }
  const bool is_early = signer.person->valid_from && when < *signer.person->valid_from;
  const bool is_late = signer.person->valid_until && when >= *signer.person->valid_until;
  if (!is_early && !is_late) return signer;
  signer.holds = false;
  if (signer.is_good)
    signer.why = fmt::format("is by {}, who was not in the roster at {}", signer.person->identity,
                             format_rfc3339(when));
  return signer;
}

}  // namespace keyrite::approval
