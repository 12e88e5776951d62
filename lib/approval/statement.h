// The approval statement: what approvers sign. It names the ceremony, the request and the names in
// it, the key, the requester, the token, the log as the approvers saw it, the roster, the number of
// people who must approve, and the period of validity, so that no approval can be used for anything
// else. Plain data; pure, any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"

namespace keyrite::approval {

inline constexpr std::string_view kStatementType = "keyrite-approval-statement";
// Version 1 is read, shown and counted still; nothing is done under one.
inline constexpr std::uint64_t kStatementVersion = 2;

// How many different people must approve, by role; each at least 1.
using Threshold = std::map<std::string, std::uint64_t>;

// module_sha256 of an act that loads no module: SHA-256 of nothing.
inline constexpr const char* kNoModule =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// Hashes are lower-case hex of 32 bytes. Numbers are below 2^53 (RFC 8785 section 3.2.2.3). Texts
// are UTF-8 without NUL; those of the key and the token may be empty where an act has none. No name
// of a key stands here from version 2 on, only its pseudonym: names.json has the names, and can be
// erased alone. A field that a version does not have is empty.
struct Statement {
  std::uint64_t version{kStatementVersion};
  std::string ceremony_id{};     // 128 random bits, lower-case hex: no two ceremonies share one
  std::string request_sha256{};  // of request.json (version 1 calls it script_sha256)
  std::string names_sha256{};    // 2: of names.json
  std::string script_sha256{};   // 2: of the ceremony file; empty: no ceremony file asks for it
  std::string tool_version{};
  std::string operation{};      // "wrap-for-import"
  std::string operator_name{};  // 2: who asks, as the log's entry says it
  std::string tenant_ref{};
  std::string kek_label{};  // 1
  std::string kek_ref{};    // 2: the pseudonym of the key's label
  std::uint64_t kek_version{};
  std::string module_sha256{};  // of the PKCS#11 module's file
  std::string token_serial{};
  std::string token_model{};
  std::string log_origin{};
  std::uint64_t log_size{};  // entries of the log at the checkpoint that the approvers saw
  std::string log_root{};    // its Merkle root
  std::string roster_sha256{};
  Threshold threshold{};
  TimePoint not_before{};  // whole seconds
  TimePoint not_after{};   // whole seconds; the last moment

  friend bool operator==(const Statement&, const Statement&) = default;
};

// The bytes to sign: JSON of one form (RFC 8785: keys sorted, no white space, whole numbers only,
// UTF-8), without a final LF. Error kConfig "statement-field" for a field that breaks the rules
// above.
[[nodiscard]] Bytes to_bytes(const Statement& statement);

// The way back. `origin` names the file in errors. Errors kConfig: "statement-invalid" (not JSON,
// nested too deep, a field twice), "statement-type", "statement-version",
// "statement-unknown-field", "statement-missing-field", "statement-field", and
// "statement-not-canonical" for bytes that to_bytes would not have written.
[[nodiscard]] Statement statement_from_bytes(ByteView bytes, std::string_view origin);

// Lower-case hex: the name of the folder with its approvals, and what people read aloud.
[[nodiscard]] std::string statement_sha256(ByteView bytes);

// Nothing while the statement holds; otherwise Error kVerification "statement-not-yet-valid" or
// "statement-expired".
[[nodiscard]] std::optional<Error> out_of_force(const Statement& statement, TimePoint now);

}  // namespace keyrite::approval
