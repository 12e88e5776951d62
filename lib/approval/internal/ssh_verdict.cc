#include <fmt/format.h>

#include "approval/internal/file_verdict.h"
#include "base/text.h"

namespace keyrite::approval {
namespace {

FileStatus status_of(SshOutcome outcome) {
  switch (outcome) {
    case SshOutcome::kGood:
      return FileStatus::kCounts;
    case SshOutcome::kOtherNamespace:
      return FileStatus::kOtherNamespace;
    case SshOutcome::kTouchMissing:
      return FileStatus::kTouchMissing;
    case SshOutcome::kUserNotVerified:
      return FileStatus::kUserNotVerified;
    case SshOutcome::kOtherKey:  // asked about the signer's own key: it cannot be
    case SshOutcome::kBadSignature:
      break;
  }
  return FileStatus::kBadSignature;
}

// Reads and verifies the file as one by this person, or, nullptr, as one by nobody known.
void judge_ssh_signature(const ApprovalFile& file, const FileContext& context,
                         const Approver* approver, FileVerdict& verdict) {
  try {
    const SshSignature signature = parse_ssh_signature(file.content, file.name);
    verdict.status = status_of(check_ssh_signature(signature, context.statement, signature.key,
                                                   kApprovalNamespace, context.policy.demands));
  } catch (const Error& error) {
    if (error.kind() == Kind::kInternal) throw;  // OpenSSL's trouble says nothing of the file
    verdict.status =
        error.code() == "sshsig-weak-hash" ? FileStatus::kWeakHash : FileStatus::kMalformed;
    verdict.sentence = file.content.starts_with("-----BEGIN SSH SIGNATURE-----")
                           ? sentence_of_refusal(error, approver)
                           : fmt::format("{}: neither an SSH signature nor a CMS signature in DER",
                                         printable(file.name));
  }
}

}  // namespace

const Approver* judge_ssh_file(const ApprovalFile& file, const FileContext& context,
                               FileVerdict& verdict) {
  const auto signer = claimed_signer(file.content);
  const Approver* approver = signer ? owner_of(context.roster, *signer) : nullptr;
  if (signer) verdict.fingerprint = fingerprint(*signer);
  if (approver != nullptr) verdict.identity = approver->identity;
  if (!signer || approver != nullptr) judge_ssh_signature(file, context, approver, verdict);
  return approver;
}

}  // namespace keyrite::approval
