// An approval statement with the files beside it: request.json (the request, in pseudonyms) and
// names.json (the names behind the pseudonyms), as in approvals/SHA256/ of a site and of an export.
// All code outside the gate reads a statement here, and compares it with its request.
// audit/statement_uses.h has what a log says about it. Reads files; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "approval/statement.h"
#include "approval/statement_names.h"
#include "base/bytes.h"
#include "base/json.h"

namespace keyrite::act {

struct StatementFiles {
  std::string path{};  // of statement.json, as given
  Bytes bytes{};
  std::string sha256{};
  approval::Statement statement{};
  std::optional<Bytes> request_bytes{};
  std::optional<Json> request{};  // nullopt: request.json is not there
  std::optional<Bytes> names_bytes{};
  std::optional<approval::Names> names{};  // nullopt: names.json is not there
};

// The hint of an error about files that are not the statement's: what a person does then.
inline constexpr std::string_view kDoNotSign = "do not sign; find out who changed it";

// Hashes before it parses. Errors: those of read_file and statement_from_bytes; kVerification
// "request-other" (request.json is not the one that the statement names), "names-other"; those of
// parse_json and names_from_bytes for a file that is the statement's.
[[nodiscard]] StatementFiles read_statement_files(const std::string& path,
                                                  std::string_view if_changed = kDoNotSign);

// The statement says what the files beside it say, as far as they are there. Errors kVerification
// "request-other" (request.json is no object), those of approval::differences for operation, key
// and the end of the import parameters, and "names-incomplete" for a names.json that does not say
// whose a pseudonym in the request is.
void require_agreement(const StatementFiles& files, std::string_view if_changed = kDoNotSign);

}  // namespace keyrite::act
