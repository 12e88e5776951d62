// M of N: whether enough people, each with a role, signed one approval statement. Anybody may have
// put the files there, so nothing in a file is an error of this module: the result says how each
// file was judged, in plain data. Pure, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "approval/roster.h"
#include "approval/ssh_signature_check.h"
#include "approval/statement.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"

namespace keyrite::approval {

// What `ssh-keygen -Y sign -n` is told.
inline constexpr std::string_view kApprovalNamespace = "keyrite-approval@keyrite";

struct QuorumPolicy {
  Threshold needed{};  // different people by role; a person of two roles counts in both
  // Who runs the act, by all known names of him; the statement has the requester.
  std::vector<std::string> initiators{};
  bool initiator_counts{false};    // whether who asks and who runs may approve too
  std::chrono::seconds longest{};  // the longest time a statement may hold, over 0
  SshDemands demands{};            // beyond a touch, of authenticators
};

// One file of approvals/<statement-sha256>/; the name is for people and decides nothing.
struct ApprovalFile {
  std::string name{};
  std::string content{};
};

enum class FileStatus {
  kCounts,            // a good signature of somebody with a role that is needed
  kRepeated,          // good, but this person has been counted
  kNoNeededRole,      // good, but this person has no role that is needed
  kInitiator,         // good, but who asks for the act or runs it does not count
  kNotYetValid,       // good, but the approver's time has not begun
  kExpired,           // good, but the approver's time is over
  kUnknownSigner,     // of a key or certificate that is not in the roster; nobody looked further
  kMalformed,         // not a signature, or not one in the form that is taken, though it may name a
                      // known approver
  kWeakHash,          // of a known approver, over SHA-1 or MD5
  kBadSignature,      // of a known approver, but not over this statement
  kOtherNamespace,    // of a known approver, but for another purpose
  kTouchMissing,      // of a known approver's authenticator that nobody touched
  kUserNotVerified,   // of a known approver's authenticator without PIN or finger
  kOtherCertificate,  // names a known approver's certificate, but carries one not in the roster
  kCertificateNotValid,  // good, but a certificate of its chain does not hold now
};

struct FileVerdict {
  std::string name{};  // as given
  FileStatus status{};
  std::string identity{};  // of the approver whose key or certificate it names; empty for nobody's
  // Of the signer: "SHA256:..." of an SSH key as ssh-keygen -l prints it, the SHA-256 of a
  // certificate in lower-case hex; empty when it could not be read.
  std::string fingerprint{};
  std::string sentence{};  // what became of it, for people; safe to print
};

// "counts", "repeated", "no-needed-role", ...: for programs, and the first word for people.
[[nodiscard]] std::string_view file_status_name(FileStatus status);
// Whether people must look at it: a broken file of a known approver, or one that nobody can read.
[[nodiscard]] bool is_broken(FileStatus status);

struct RoleCount {
  std::string role{};
  std::uint64_t needed{};
  std::vector<std::string> identities{};  // who counts, in the order of the files
  [[nodiscard]] bool reached() const { return identities.size() >= needed; }
};

struct Quorum {
  std::string statement_sha256{};
  std::vector<Error> objections{};   // why the statement cannot be approved at all; see below
  std::vector<FileVerdict> files{};  // in the order given
  std::vector<RoleCount> roles{};    // in the order of their names
  // No objection, and every role reached. Broken files do not take it away: else anybody could.
  [[nodiscard]] bool satisfied() const;
};

// Counts the different identities with at least one valid signature over `statement`, by role;
// an approver must be valid at `now`. Objections, all kVerification: "statement-not-yet-valid",
// "statement-expired", "statement-too-long" (it holds longer than the policy allows),
// "statement-other-roster", "statement-other-threshold". Errors kConfig: those of
// statement_from_bytes; "quorum-policy" (nothing needed, a count of 0, no longest time, or the
// initiators are not named and would not count); "quorum-unreachable" (the roster has fewer people
// of a role who may count than are needed).
[[nodiscard]] Quorum judge_quorum(const Roster& roster, const QuorumPolicy& policy,
                                  ByteView statement, const std::vector<ApprovalFile>& files,
                                  TimePoint now);

}  // namespace keyrite::approval
