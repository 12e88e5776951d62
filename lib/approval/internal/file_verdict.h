// What becomes of one file by its signature alone, before anybody counts; the two kinds of files.
// Pure, any thread.
#pragma once

#include "approval/quorum.h"

namespace keyrite::approval {

// What a signature is looked at with. Refers to the caller's values for one call.
struct FileContext {
  const Roster& roster;
  const QuorumPolicy& policy;
  const std::vector<std::string>& excluded;  // identities that do not count
  ByteView statement;
  TimePoint now;
};

// Whether the file is to be read as CMS: DER begins so, and no text does.
[[nodiscard]] bool looks_like_cms(const ApprovalFile& file);

// Fill in fate, identity and fingerprint, and the sentence where sentence_of has none; kCounts for
// a good signature. Give the person whose key or certificate the file names, nullptr for nobody
// known. Error kInternal "openssl" when OpenSSL cannot work.
[[nodiscard]] const Approver* judge_ssh_file(const ApprovalFile& file, const FileContext& context,
                                             FileVerdict& verdict);
[[nodiscard]] const Approver* judge_cms_file(const ApprovalFile& file, const FileContext& context,
                                             FileVerdict& verdict);

// For people, safe to print; empty for fates that have a reason of their own each time. `approver`
// may be nullptr where nobody is known.
[[nodiscard]] std::string sentence_of(const FileVerdict& verdict, const Approver* approver);
// The sentence of a file that could not be taken, from the Error that says why.
[[nodiscard]] std::string sentence_of_refusal(const Error& error, const Approver* approver);

}  // namespace keyrite::approval
