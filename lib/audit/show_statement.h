// approve show: an officer reads an approval statement before signing it. Reads files alone, writes
// nothing, never at a token. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/request.h"
#include "approval/signing_commands.h"
#include "audit/still_approving.h"
#include "base/clock.h"
#include "base/error.h"

namespace keyrite::audit {

struct ShowStatementRequest {
  std::string statement{};
  std::optional<std::string> roster{};  // file
  bool without_request{false};
  bool without_names{false};
  [[nodiscard]] static const std::vector<act::Field<ShowStatementRequest>>& table();
};

struct ShownStatement {
  std::string path{};  // as given
  std::string sha256{};
  // What is asked for in words, approval::statement_text, then approval::how_to_approve or why
  // nobody is to sign it.
  std::string text{};
  std::string state{};               // "holds", "not-yet-valid", "expired": at the time of showing
  std::vector<std::string> words{};  // the SHA-256 as PGP words
  Json fields{};                     // the statement
  std::optional<Json> request{};     // request.json beside it: what will be done, in pseudonyms
  std::optional<Json> names{};       // by pseudonym, of names.json beside it, without the salt
  std::optional<StillApproving> people{};  // nullopt: no roster is known, or nobody can approve it
  // Unset where nobody is to sign it: it can never be approved, or it was shown for reading alone.
  std::optional<approval::SigningCommands> commands{};
  // Why it can never be approved: kVerification "statement-expired", "statement-old-version".
  std::optional<Error> objection{};
  [[nodiscard]] Json to_json() const;
};
// Errors: those of read_statement_files and require_agreement; kVerification "request-missing" and
// "names-missing" where request.json or names.json is not beside it and that was not asked for by
// name: nobody could know then what is approved.
[[nodiscard]] ShownStatement show_statement(const ShowStatementRequest& request, TimePoint now);

// "It CANNOT be approved: ..." and what to do, for people.
[[nodiscard]] std::string objection_text(const Error& objection);

}  // namespace keyrite::audit
