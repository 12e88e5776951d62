// What approvers bring: keys, signatures, statements, the roster.
#include "fuzz/targets/all.h"

#include "approval/approval_file.h"
#include "approval/quorum.h"
#include "approval/roster.h"
#include "approval/ssh_key.h"
#include "approval/ssh_signature_check.h"
#include "approval/statement.h"
#include "approval/statement_names.h"
#include "approval/statement_text.h"
#include "base/text.h"

namespace keyrite::fuzz {

namespace {

using namespace approval;

const Roster& roster_of_three() {
  static const Roster roster = parse_roster(fixed("approvals/roster.toml"), "roster.toml");
  return roster;
}
const Bytes& statement_bytes() {
  static const Bytes bytes = fixed("approvals/statement.json");
  return bytes;
}

}  // namespace

Outcome ssh_key(ByteView bytes) {
  const auto line = taken([&] { return parse_ssh_key(as_text(bytes), "input"); });
  if (const auto blob = taken([&] { return ssh_key_from_blob(bytes, "input"); }))
    require(blob->blob == Bytes(bytes.begin(), bytes.end()), "a key has one blob");
  if (!line) return Outcome::kRefused;
  const std::string written = std::string(ssh_name(line->type)) + " " + to_base64(line->blob);
  require(parse_ssh_key(written, "written") == *line, "a key is written as it was read");
  require(ssh_key_from_blob(line->blob, "blob").public_key == line->public_key,
          "the line's key is the blob's");
  require(fingerprint(*line).starts_with("SHA256:"), "a key has a fingerprint");
  return Outcome::kTaken;
}

Outcome ssh_signature(ByteView bytes) {
  const std::string text = as_text(bytes);
  const auto claimed = claimed_signer(text);
  const auto read = taken([&] { return parse_ssh_signature(text, "input"); });
  if (!read) return Outcome::kRefused;
  require(claimed && *claimed == read->key, "a signature is by whom it names");
  const auto outcome = check_ssh_signature(*read, statement_bytes(), read->key, kApprovalNamespace);
  require(check_ssh_signature(*read, Bytes(1), read->key, kApprovalNamespace) != SshOutcome::kGood,
          "a signature is over one message");
  return outcome_of(outcome == SshOutcome::kGood);
}

// Any file at all in the folder of a statement that Alice (SSH) and Carol (CMS) signed.
Outcome approval_file(ByteView bytes) {
  const auto file = approval::approval_file("input", bytes);
  const auto again = approval::approval_file("input", as_bytes(file.content));
  require(again.content == file.content, "the form that is kept is read as itself");
  const QuorumPolicy policy{.needed = {{"security-officer", 1}},
                            .initiator_counts = true,
                            .longest = std::chrono::hours(72)};
  const auto now = parse_rfc3339("2026-03-01T12:00:00Z", "now");
  const Quorum quorum =
      judge_quorum(roster_of_three(), policy, statement_bytes(), {file, file}, now);
  const FileVerdict& verdict = quorum.files.at(0);
  require(printable(verdict.sentence) == verdict.sentence, "a verdict is safe to print");
  require(quorum.files.at(1).status != FileStatus::kCounts, "one person counts once");
  const bool counts = verdict.status == FileStatus::kCounts;
  require(quorum.satisfied() == counts, "who counts is who is needed");
  if (counts)
    require(verdict.identity == "alice@example.org" || verdict.identity == "carol@example.org",
            "nobody else signed it");
  return outcome_of(counts);
}

Outcome statement(ByteView bytes) {
  const auto read = taken([&] { return statement_from_bytes(bytes, "input"); });
  if (!read) return Outcome::kRefused;
  require(to_bytes(*read) == Bytes(bytes.begin(), bytes.end()), "a statement has one form");
  const auto now = parse_rfc3339("2026-03-01T12:00:00Z", "now");
  const std::string text = statement_text(bytes, "input", now);
  for (const char c : text)
    require(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f),
            "what approvers read moves no cursor");
  require((in_force(*read, now) == InForce::kNow) == !out_of_force(*read, now).has_value(),
          "it holds or it does not");
  return Outcome::kTaken;
}

Outcome names(ByteView bytes) {
  const auto read = taken([&] { return names_from_bytes(bytes, "input"); });
  if (!read) return Outcome::kRefused;
  const std::string text = names_text(*read, "00112233445566778899aabbccddeeff");
  require(names_from_bytes(as_bytes(text), "written") == *read,
          "names are written as they were read");
  return Outcome::kTaken;
}

Outcome roster(ByteView bytes) {
  const auto read = taken([&] { return parse_roster(bytes, "input"); });
  if (!read) return Outcome::kRefused;
  require(!read->approvers.empty() || !read->operators.empty(), "a roster has people");
  for (const auto& approver : read->approvers) {
    require(is_identity(approver.identity), "an identity is a file's name");
    require(!approver.keys.empty() || !approver.certificates.empty(), "an approver can sign");
    for (const auto& key : approver.keys)
      require(owner_of(*read, key) == &approver, "a key is one person's");
    for (const auto& role : approver.roles)
      require(is_role(role) && people_of_role(*read, role) != 0, "a role has people");
    require(person_named(*read, approver.identity) == approver.identity, "a person has one name");
  }
  return Outcome::kTaken;
}

}  // namespace keyrite::fuzz
