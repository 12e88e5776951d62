// Where a key came from, as far as anybody can know: one table of words, for reports, manifest, log
// and policy. Custody (base/wrapping.h) is about one wrap, origin about the key's whole life before
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace keyrite {

// kLogged: this site's log has the key's making in this token. kToken: the token says that it made
// the key. kUnknown: neither; it may have been written into the token from a file.
enum class KeyOrigin { kLogged, kToken, kUnknown };
[[nodiscard]] std::string_view key_origin_name(KeyOrigin origin);  // "logged", "token", "unknown"
[[nodiscard]] KeyOrigin parse_key_origin(std::string_view name);   // Error kConfig "origin-unknown"
// "made in this token (logged, entry 17)", "the token says it made it", "unknown".
[[nodiscard]] std::string origin_text(KeyOrigin origin, std::optional<std::uint64_t> entry);

}  // namespace keyrite
