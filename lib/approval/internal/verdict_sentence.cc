#include <fmt/format.h>

#include "approval/internal/file_verdict.h"
#include "base/text.h"

namespace keyrite::approval {

std::string sentence_of(const FileVerdict& verdict, const Approver* approver) {
  const std::string& who = verdict.identity;
  const auto when = [](const std::optional<TimePoint>& time) {
    return time ? format_rfc3339(*time) : std::string("no time");
  };
  switch (verdict.status) {
    case FileStatus::kCounts:
      return fmt::format("{} approves as {}", who, fmt::join(approver->roles, ", "));
    case FileStatus::kRepeated:
      return fmt::format("{} has been counted already; a person counts once", who);
    case FileStatus::kNoNeededRole:
      return fmt::format("{} signed, but has no role that is needed here", who);
    case FileStatus::kInitiator:
      return fmt::format("{} signed, but asked for the act and does not count", who);
    case FileStatus::kNotYetValid:
      return fmt::format("{} signed, but may approve from {} on only", who,
                         when(approver->valid_from));
    case FileStatus::kExpired:
      return fmt::format("{} signed, but could approve until {} only", who,
                         when(approver->valid_until));
    case FileStatus::kUnknownSigner:
      return fmt::format("signed by {}, which nobody in the roster has: ignored",
                         verdict.fingerprint.empty() ? "a certificate" : verdict.fingerprint);
    case FileStatus::kBadSignature:
      return fmt::format("the signature of {} is not one over this statement", who);
    case FileStatus::kOtherNamespace:
      return fmt::format("{} did not sign for the namespace {}", who, kApprovalNamespace);
    case FileStatus::kTouchMissing:
      return fmt::format("{} signed by an authenticator that nobody touched", who);
    case FileStatus::kUserNotVerified:
      return fmt::format("{} signed by an authenticator that asked for no PIN or finger", who);
    case FileStatus::kOtherCertificate:
      return fmt::format("it names the certificate of {}, but carries one that the roster has not",
                         who);
    case FileStatus::kMalformed:
    case FileStatus::kWeakHash:
    case FileStatus::kCertificateNotValid:
      break;  // the sentence is made where the reason is known
  }
  return {};
}

std::string_view file_status_name(FileStatus status) {
  switch (status) {
    case FileStatus::kCounts:
      return "counts";
    case FileStatus::kRepeated:
      return "repeated";
    case FileStatus::kNoNeededRole:
      return "no-needed-role";
    case FileStatus::kInitiator:
      return "initiator";
    case FileStatus::kNotYetValid:
      return "not-yet-valid";
    case FileStatus::kExpired:
      return "expired";
    case FileStatus::kUnknownSigner:
      return "unknown-signer";
    case FileStatus::kMalformed:
      return "malformed";
    case FileStatus::kWeakHash:
      return "weak-hash";
    case FileStatus::kBadSignature:
      return "bad-signature";
    case FileStatus::kOtherNamespace:
      return "other-namespace";
    case FileStatus::kTouchMissing:
      return "touch-missing";
    case FileStatus::kUserNotVerified:
      return "user-not-verified";
    case FileStatus::kOtherCertificate:
      return "other-certificate";
    case FileStatus::kCertificateNotValid:
      break;
  }
  return "certificate-not-valid";
}

std::string sentence_of_refusal(const Error& error, const Approver* approver) {
  std::string sentence = printable(error.message());
  if (approver != nullptr) sentence += "; it claims to be by " + approver->identity;
  return sentence;
}

}  // namespace keyrite::approval
