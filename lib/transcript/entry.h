// One entry of a transcript: a line of canonical JSON (base/canonical_json.h) without its LF, whose
// bytes are a leaf of the tree. Beside what an act says of itself, each carries its place ("seq")
// and the leaf hash of the entry before it ("prev"): with these a reader can say which entry was
// changed, where the root only says that one was. Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "transcript/merkle.h"

namespace keyrite::transcript {

// c2sp.org/tlog-tiles writes an entry's length in two bytes. What is larger stands in a side file,
// and the entry names its SHA-256.
inline constexpr std::size_t kMaxEntryBytes = 65'535;

struct Place {
  std::uint64_t seq{};
  std::optional<Hash> prev{};  // none before the first
};

// `content` with its place, as the bytes of a leaf. Errors kInternal: "entry-too-large",
// "json-not-canonical", "entry-field-reserved" (content has "seq" or "prev").
[[nodiscard]] std::string entry_bytes(const Json& content, const Place& place);

// Reads an entry where `place` is expected. Errors kVerification: "entry-invalid" (no canonical
// JSON object), "entry-misplaced" (another seq: lines were removed, added or moved),
// "entry-chain-broken" (another prev: the entry before this one was changed). Each names the entry.
[[nodiscard]] Json parse_entry(std::string_view line, const Place& place);

}  // namespace keyrite::transcript
