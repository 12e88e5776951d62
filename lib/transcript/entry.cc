#include "transcript/entry.h"

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"

namespace keyrite::transcript {

namespace {

constexpr const char* kSeq = "seq";
constexpr const char* kPrev = "prev";
constexpr const char* kHint =
    "compare with a copy of the log kept elsewhere: trust nothing after the last checkpoint that "
    "verifies";

std::string prev_text(const Place& place) { return place.prev ? to_hex(*place.prev) : ""; }

[[noreturn]] void invalid(const Place& place, std::string_view why) {
  throw Error(Kind::kVerification, "entry-invalid", fmt::format("entry {}: {}", place.seq, why),
              kHint);
}

// Empty for what is none, which no key made.
Bytes signature_in(const Json& vouch) {
  if (!vouch.is_string()) return {};
  try {
    return from_base64(vouch.get_ref<const std::string&>(), kVouch);
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

std::string entry_bytes(const Json& content, const Place& place, const Voucher& voucher) {
  if (content.contains(kSeq) || content.contains(kPrev) || content.contains(kVouch) ||
      content.contains(kHistorySha256)) {
    throw Error(Kind::kInternal, "entry-field-reserved",
                "the content of an entry must not name its place in the log");
  }
  Json whole = content;
  whole[kSeq] = place.seq;
  whole[kPrev] = prev_text(place);
  if (place.history_sha256) whole[kHistorySha256] = *place.history_sha256;
  std::string bytes = canonical_json(whole);
  if (voucher && bytes.size() <= kMaxEntryBytes) {
    whole[kVouch] = voucher(bytes);
    bytes = canonical_json(whole);
  }
  if (bytes.size() > kMaxEntryBytes) {
    throw Error(Kind::kInternal, "entry-over-limit",
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
  if (!entry.is_object()) invalid(place, "it is not an object");
  const auto seq = entry.find(kSeq);
  if (seq == entry.end() || !seq->is_number_unsigned())
    invalid(place, "it does not name its place in the log");
  if (seq->get<std::uint64_t>() != place.seq) {
    throw Error(
        Kind::kVerification, "entry-misplaced",
        fmt::format("line {} of the log is entry {}: somebody removed, added or moved lines",
                    place.seq, seq->get<std::uint64_t>()),
        kHint);
  }
  const auto prev = entry.find(kPrev);
  if (prev == entry.end() || !prev->is_string())
    invalid(place, "it does not name the entry before it");
  if (prev->get<std::string>() != prev_text(place)) {
    throw Error(
        Kind::kVerification, "entry-chain-broken",
        place.seq == 0
            ? std::string(
                  "entry 0 names an entry before it: somebody removed the beginning of the log")
            : fmt::format("entry {} is not the entry that entry {} names: somebody changed it",
                          place.seq - 1, place.seq),
        kHint);
  }
  return entry;
}

Json shown_entry(std::string_view line, const Place& place) {
  constexpr std::size_t kShown = 200;
  try {
    return parse_entry(line, place);
  } catch (const Error&) {
    return {{"no_entry", printable(line.substr(0, kShown))}};
  }
}

std::string vouch_text(std::string_view origin, std::string_view bare_entry) {
  return fmt::format("keyrite entry v1\n{}\n{}\n", origin,
                     crypto::sha256_hex(as_bytes(bare_entry)));
}

bool is_vouched(const Json& entry, const NoteKey& key) {
  const auto vouch = entry.find(kVouch);
  if (vouch == entry.end()) return false;
  Json bare = entry;
  bare.erase(kVouch);
  const std::string text = vouch_text(key.name(), canonical_json(bare));
  if (verifies(key, {.name = key.name(), .id = key.id(), .value = signature_in(*vouch)}, text))
    return true;
  throw Error(Kind::kVerification, "entry-vouch-wrong",
              fmt::format("entry {}: its vouch is not a signature of the log's key over this entry",
                          entry.value(kSeq, std::uint64_t{0})),
              kHint);
}

}  // namespace keyrite::transcript
