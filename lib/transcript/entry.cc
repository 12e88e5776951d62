#include "transcript/entry.h"

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/error.h"

namespace keyrite::transcript {

namespace {

constexpr const char* kSeq = "seq";
constexpr const char* kPrev = "prev";
constexpr const char* kHint =
    "compare with a copy of the transcript kept elsewhere; nothing after the last checkpoint that "
    "verifies can be relied on";

std::string prev_text(const Place& place) { return place.prev ? to_hex(*place.prev) : ""; }

[[noreturn]] void invalid(const Place& place, std::string_view why) {
  throw Error(Kind::kVerification, "entry-invalid", fmt::format("entry {}: {}", place.seq, why),
              kHint);
}

}  // namespace

std::string entry_bytes(const Json& content, const Place& place) {
  if (content.contains(kSeq) || content.contains(kPrev)) {
    throw Error(Kind::kInternal, "entry-field-reserved", "an entry says itself where it stands");
  }
  Json whole = content;
  whole[kSeq] = place.seq;
  whole[kPrev] = prev_text(place);
  std::string bytes = canonical_json(whole);
  if (bytes.size() > kMaxEntryBytes) {
    throw Error(Kind::kInternal, "entry-too-large",
                fmt::format("an entry of {} bytes: at most {}", bytes.size(), kMaxEntryBytes));
  }
  return bytes;
}

Json parse_entry(std::string_view line, const Place& place) {
  Json entry;
  try {
    entry = parse_canonical_json(line, fmt::format("entry {}", place.seq));
  } catch (const Error& error) {
    throw Error(Kind::kVerification, "entry-invalid", error.message(), kHint);
  }
  if (!entry.is_object()) invalid(place, "it is no object");
  const auto seq = entry.find(kSeq);
  if (seq == entry.end() || !seq->is_number_unsigned()) invalid(place, "it does not say its place");
  if (seq->get<std::uint64_t>() != place.seq) {
    throw Error(Kind::kVerification, "entry-misplaced",
                fmt::format("line {} of the log is entry {}: lines were removed, added or moved",
                            place.seq, seq->get<std::uint64_t>()),
                kHint);
  }
  const auto prev = entry.find(kPrev);
  if (prev == entry.end() || !prev->is_string()) invalid(place, "it does not name the one before");
  if (prev->get<std::string>() != prev_text(place)) {
    throw Error(Kind::kVerification, "entry-chain-broken",
                place.seq == 0
                    ? std::string("entry 0 names an entry before it: the beginning was removed")
                    : fmt::format("entry {} is not the one that entry {} was written after: it "
                                  "was changed",
                                  place.seq - 1, place.seq),
                kHint);
  }
  return entry;
}

}  // namespace keyrite::transcript
