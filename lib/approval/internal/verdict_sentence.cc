#include <fmt/format.h>

#include "approval/internal/file_verdict.h"
#include "base/text.h"

namespace keyrite::approval {

std::string sentence_of(const FileVerdict& verdict, const Approver* approver) {
  const std::string& who = verdict.identity;
  const auto when = [](const std::optional<TimePoint>& time) {
    return time ? format_rfc3339(*time) : std::string("no time");
  };
  switch (verdict.fate) {
    case Fate::kCounts:
      return fmt::format("{} approves as {}", who, fmt::join(approver->roles, ", "));
    case Fate::kRepeated:
      return fmt::format("{} has been counted already; a person counts once", who);
    case Fate::kNoNeededRole:
      return fmt::format("{} signed, but has no role that is needed here", who);
    case Fate::kInitiator:
      return fmt::format("{} signed, but asked for the act and does not count", who);
    case Fate::kNotYetValid:
      return fmt::format("{} signed, but may approve from {} on only", who,
                         when(approver->valid_from));
    case Fate::kExpired:
      return fmt::format("{} signed, but could approve until {} only", who,
                         when(approver->valid_until));
    case Fate::kUnknownSigner:
      return fmt::format("signed by {}, which nobody in the roster has: ignored",
                         verdict.fingerprint.empty() ? "a certificate" : verdict.fingerprint);
    case Fate::kBadSignature:
      return fmt::format("the signature of {} is not one over this statement", who);
    case Fate::kOtherNamespace:
      return fmt::format("{} did not sign for the namespace {}", who, kApprovalNamespace);
    case Fate::kTouchMissing:
      return fmt::format("{} signed by an authenticator that nobody touched", who);
    case Fate::kUserNotVerified:
      return fmt::format("{} signed by an authenticator that asked for no PIN or finger", who);
    case Fate::kOtherCertificate:
      return fmt::format("it names the certificate of {}, but carries one that the roster has not",
                         who);
    case Fate::kMalformed:
    case Fate::kWeakHash:
    case Fate::kCertificateNotValid:
      break;  // the sentence is made where the reason is known
  }
  return {};
}

std::string sentence_of_refusal(const Error& error, const Approver* approver) {
  std::string sentence = printable(error.message());
  if (approver != nullptr) sentence += "; it claims to be by " + approver->identity;
  return sentence;
}

}  // namespace keyrite::approval
