#include <algorithm>

#include <fmt/format.h>

#include "approval/internal/file_verdict.h"
#include "base/text.h"

namespace keyrite::approval {
namespace {

bool carries(const crypto::CmsSignature& signature, const crypto::Certificate& certificate) {
  return std::ranges::find(signature.certificates, certificate.der()) !=
         signature.certificates.end();
}

// No signature covers the certificates in the file, so each must be one of the roster's.
bool carries_known_alone(const crypto::CmsSignature& signature, const Roster& roster,
                         const std::vector<NamedCertificate>& named) {
  return std::ranges::all_of(signature.certificates, [&](const Bytes& der) {
    return std::ranges::any_of(named,
                               [&](const auto& one) { return one.certificate->der() == der; }) ||
           std::ranges::any_of(roster.authorities,
                               [&](const auto& authority) { return authority.der() == der; });
  });
}

// Which of one person's certificates with the same key is meant: the one in the file; where there
// is none, one that holds now.
const crypto::Certificate& certificate_meant(const crypto::CmsSignature& signature,
                                             const FileContext& context,
                                             const std::vector<NamedCertificate>& named) {
  for (const NamedCertificate& one : named) {
    if (carries(signature, *one.certificate)) return *one.certificate;
  }
  const auto holds = std::ranges::find_if(named, [&](const NamedCertificate& one) {
    return !chain_fault(*one.certificate, context.roster.authorities, context.now);
  });
  return holds != named.end() ? *holds->certificate : *named.front().certificate;
}

// Of a file that names a certificate of the roster.
void judge_named(const ApprovalFile& file, const FileContext& context,
                 const std::vector<NamedCertificate>& named, FileVerdict& verdict) {
  const Roster& roster = context.roster;
  const crypto::CmsSignature signature =
      crypto::parse_cms_signature(as_bytes(file.content), file.name);
  if (!carries_known_alone(signature, roster, named)) {
    verdict.status = FileStatus::kOtherCertificate;
    return;
  }
  const crypto::Certificate& certificate = certificate_meant(signature, context, named);
  verdict.fingerprint = certificate.sha256();
  if (!verify_cms_signature(signature, context.statement, certificate, roster.authorities)) {
    verdict.status = FileStatus::kBadSignature;
    return;
  }
  verdict.status = FileStatus::kCounts;
  if (const auto fault = chain_fault(certificate, roster.authorities, context.now)) {
    verdict.status = FileStatus::kCertificateNotValid;
    verdict.sentence = fmt::format("{} signed, but by a certificate that does not hold now: {}",
                                   verdict.identity, printable(*fault));
  }
}

// The certificate of a stranger, where the file carries it.
std::string stranger_fingerprint(const ApprovalFile& file) {
  try {
    const auto signature = crypto::parse_cms_signature(as_bytes(file.content), file.name);
    for (const Bytes& der : signature.certificates) {
      const auto certificate = crypto::Certificate::from_der(der, file.name);
      if (names_signer(signature.signer, certificate)) return certificate.sha256();
    }
  } catch (const Error& error) {
    if (error.kind() == Kind::kInternal) throw;  // OpenSSL's trouble says nothing of the file
  }
  return {};
}

}  // namespace

bool looks_like_cms(const ApprovalFile& file) {
  constexpr char kSequence = 0x30;  // also "0", with which no armour begins
  return file.content.starts_with(kSequence);
}

const Approver* judge_cms_file(const ApprovalFile& file, const FileContext& context,
                               FileVerdict& verdict) {
  const auto signer = crypto::claimed_cms_signer(as_bytes(file.content));
  const auto named =
      signer ? certificates_named(context.roster, *signer) : std::vector<NamedCertificate>{};
  const Approver* approver = named.empty() ? nullptr : named.front().owner;
  if (approver != nullptr) {
    verdict.identity = approver->identity;
    verdict.fingerprint = named.front().certificate->sha256();
  }
  try {
    if (signer && named.empty()) {
      verdict.fingerprint = stranger_fingerprint(file);
    } else {
      judge_named(file, context, named, verdict);  // without a signer, refuses to read the file
    }
  } catch (const Error& error) {
    if (error.kind() == Kind::kInternal) throw;
    verdict.status =
        error.code() == "cms-weak-hash" ? FileStatus::kWeakHash : FileStatus::kMalformed;
    verdict.sentence = sentence_of_refusal(error, approver);
  }
  return approver;
}

}  // namespace keyrite::approval
