// One entry of a transcript: a line of canonical JSON (base/canonical_json.h) without its LF, whose
// bytes are a leaf of the tree. Besides what an act says about itself, each has its place ("seq")
// and the leaf hash of the entry before it ("prev"). With these a reader can say which entry was
// changed; the root only says that one was. An entry that was written with the token also has a
// signature of the log's key ("vouch"): until a checkpoint signs it, that distinguishes it from
// what anybody could have added. Pure, any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "transcript/merkle.h"
#include "transcript/note.h"

namespace keyrite::transcript {

// c2sp.org/tlog-tiles writes an entry's length in two bytes. What is larger is in a side file,
// and the entry has its SHA-256.
inline constexpr std::size_t kMaxEntryBytes = 65'535;
inline constexpr const char* kVouch = "vouch";
// What the log said before the entry (transcript/history.h): each entry that is vouched for has it.
inline constexpr const char* kHistorySha256 = "history_sha256";
// True in a result whose facts set a decision of the site's registry.
inline constexpr const char* kDecides = "decides";

struct Place {
  std::uint64_t seq{};
  std::optional<Hash> prev{};  // none before the first
  // Of what the log says before it. An entry without a vouch has none.
  std::optional<std::string> history_sha256{};
};

// Entries `first` to `last`, both among them.
struct EntryRange {
  std::uint64_t first{};
  std::uint64_t last{};
  bool operator==(const EntryRange&) const = default;
};

// Makes a vouch of the bytes that an entry has without one.
using Voucher = std::function<std::string(std::string_view bare_entry)>;

// `content` with its place, as the bytes of a leaf; vouched for where `voucher` is set. Errors
// kInternal: "entry-over-limit", "no-canonical-form", "entry-field-reserved" (content has "seq",
// "prev", "history_sha256" or "vouch"); those of `voucher`.
[[nodiscard]] std::string entry_bytes(const Json& content, const Place& place,
                                      const Voucher& voucher = {});

// Reads an entry where `place` is expected. Errors kVerification: "entry-invalid" (no canonical
// JSON object), "entry-misplaced" (another seq: lines were removed, added or moved),
// "entry-chain-broken" (another prev: the entry before this one was changed). Each names the entry.
[[nodiscard]] Json parse_entry(std::string_view line, const Place& place);

// For people to read. If the line is not an entry: an object with nothing but "no_entry", which is
// how the line begins. 0.1.0 signed whatever the log contained.
[[nodiscard]] Json shown_entry(std::string_view line, const Place& place);

// What a vouch signs: three lines, "keyrite entry v1", the log's name, and the SHA-256 of the entry
// without its vouch. No checkpoint begins so, since a log's name has no space.
[[nodiscard]] std::string vouch_text(std::string_view origin, std::string_view bare_entry);
// Whether the log's key vouches for an entry. Error kVerification "entry-vouch-wrong": it has a
// vouch, which is not this key's over these bytes.
[[nodiscard]] bool is_vouched(const Json& entry, const NoteKey& key);

}  // namespace keyrite::transcript
