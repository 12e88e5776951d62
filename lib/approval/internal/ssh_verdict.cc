#include <fmt/format.h>

#include "approval/internal/file_verdict.h"
#include "base/text.h"

namespace keyrite::approval {
namespace {

Fate fate_of(SshOutcome outcome) {
  switch (outcome) {
    case SshOutcome::kGood:
      return Fate::kCounts;
    case SshOutcome::kOtherNamespace:
      return Fate::kOtherNamespace;
    case SshOutcome::kTouchMissing:
      return Fate::kTouchMissing;
    case SshOutcome::kUserNotVerified:
      return Fate::kUserNotVerified;
    case SshOutcome::kOtherKey:  // asked about the signer's own key: it cannot be
    case SshOutcome::kBadSignature:
      break;
  }
  return Fate::kBadSignature;
}

// Reads and verifies the file as one by this person, or, nullptr, as one by nobody known.
void judge_ssh_signature(const ApprovalFile& file, const Bench& bench, const Approver* approver,
                         FileVerdict& verdict) {
  try {
    const SshSignature signature = parse_ssh_signature(file.content, file.name);
    verdict.fate = fate_of(check_ssh_signature(signature, bench.statement, signature.key,
                                               kApprovalNamespace, bench.policy.demands));
  } catch (const Error& error) {
    if (error.kind() == Kind::kInternal) throw;  // OpenSSL's trouble says nothing of the file
    verdict.fate = error.code() == "sshsig-weak-hash" ? Fate::kWeakHash : Fate::kMalformed;
    verdict.sentence = file.content.starts_with("-----BEGIN SSH SIGNATURE-----")
                           ? sentence_of_refusal(error, approver)
                           : fmt::format("{}: neither an SSH signature nor a CMS signature in DER",
                                         printable(file.name));
  }
}

}  // namespace

const Approver* judge_ssh_file(const ApprovalFile& file, const Bench& bench, FileVerdict& verdict) {
  const auto signer = claimed_signer(file.content);
  const Approver* approver = signer ? owner_of(bench.roster, *signer) : nullptr;
  if (signer) verdict.fingerprint = fingerprint(*signer);
  if (approver != nullptr) verdict.identity = approver->identity;
  if (!signer || approver != nullptr) judge_ssh_signature(file, bench, approver, verdict);
  return approver;
}

}  // namespace keyrite::approval
