// approve: what an officer does with an approval statement before and after it is signed: reads it,
// and counts who signed. Files alone, nothing is written, never at a token. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acts/request.h"
#include "approval/quorum.h"
#include "approval/signing_commands.h"
#include "base/clock.h"

namespace keyrite::acts {

struct ShowStatementRequest {
  std::string statement{};
  [[nodiscard]] static const std::vector<Field<ShowStatementRequest>>& table();
};

struct ShownStatement {
  std::string path{};  // as given
  std::string sha256{};
  std::string text{};                // approval::statement_text, then approval::how_to_approve
  std::string state{};               // "holds", "not-yet-valid", "expired": at the time of showing
  std::vector<std::string> words{};  // the SHA-256 as PGP words
  Json fields{};                     // the statement
  // request.json beside it, where its SHA-256 is the statement's script_sha256: what will be done.
  std::optional<Json> request{};
  approval::SigningCommands commands{};
  [[nodiscard]] Json to_json() const;
};
// Errors: those of read_file and approval::statement_from_bytes; kVerification "request-other" when
// the request.json beside the statement is not the one that it names.
[[nodiscard]] ShownStatement show_statement(const ShowStatementRequest& request, TimePoint now);

struct CountApprovalsRequest {
  std::string statement{};
  std::string roster{};
  std::vector<std::string> approval{};
  std::optional<std::string> initiator{};
  [[nodiscard]] static const std::vector<Field<CountApprovalsRequest>>& table();
};

// By the numbers of the statement itself and for as long as it says, the initiator counting unless
// one is named; the policy of a site may ask for more. Errors: those of read_file,
// approval::read_roster and approval::judge_quorum.
[[nodiscard]] approval::Quorum count_approvals(const CountApprovalsRequest& request, TimePoint now);

// statement_sha256, satisfied, objections (code, message), roles (role, needed, identities), files
// (file, fate, identity, fingerprint, sentence).
[[nodiscard]] Json to_json(const approval::Quorum& quorum);
// 0 when satisfied; 6 when the statement cannot be approved; 7 when people are missing.
[[nodiscard]] int exit_code_of(const approval::Quorum& quorum);

}  // namespace keyrite::acts
