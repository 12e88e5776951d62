// names.json: the name behind each pseudonym of a request. The file is beside the statement, which
// has its SHA-256, and can be erased alone: statement and request then say nothing about the names.
// Because of a random salt, nobody can guess the names from their hash. Pure, any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace keyrite::approval {

using Names = std::map<std::string, std::string, std::less<>>;  // pseudonym, name

// The form of one: lower-case hex of 16 bytes.
[[nodiscard]] bool is_pseudonym(std::string_view text);

// The file's bytes: {"salt": SALT, PSEUDONYM: NAME, ...} in the one form of RFC 8785. `salt` is
// lower-case hex. Error kUsage "name-not-text" for a name that is no UTF-8.
[[nodiscard]] std::string names_text(const Names& names, std::string_view salt);

// The way back, without the salt. `origin` names the file in errors. Errors kConfig:
// "names-invalid" (no salt, a key that is not a pseudonym, a name that is not a text), those of
// parse_json.
[[nodiscard]] Names names_from_bytes(ByteView bytes, std::string_view origin);

}  // namespace keyrite::approval
