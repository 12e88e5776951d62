#include "audit/show_transcript.h"

#include <algorithm>
#include <map>
#include <utility>

#include "audit/internal/entry_filter.h"
#include "base/error.h"
#include "base/lower_hex.h"
#include "transcript/entry.h"
#include "transcript/entry_fields.h"
#include "transcript/event.h"
#include "transcript/layout.h"

namespace keyrite::audit {

namespace {

// Which entries are one act's: the intent and the result of one run.
class Counterparts {
 public:
  void note(std::uint64_t index, const Json& entry) {
    const std::string run = transcript::entry_text(entry, "run");
    if (run.empty()) return;
    Pair& pair = pairs_[{run, transcript::entry_text(entry, "act")}];
    const std::string event = transcript::entry_text(entry, "event");
    if (event == transcript::kIntent) pair.intent = index;
    if (event == transcript::kResult) pair.result = index;
  }
  [[nodiscard]] std::optional<std::uint64_t> of(const Json& entry) const {
    const auto pair =
        pairs_.find({transcript::entry_text(entry, "run"), transcript::entry_text(entry, "act")});
    if (pair == pairs_.end()) return std::nullopt;
    const std::string event = transcript::entry_text(entry, "event");
    if (event == transcript::kIntent) return pair->second.result;
    if (event == transcript::kResult) return pair->second.intent;
    return std::nullopt;
  }

 private:
  struct Pair {
    std::optional<std::uint64_t> intent{};
    std::optional<std::uint64_t> result{};
  };
  std::map<std::pair<std::string, std::string>, Pair> pairs_{};
};

// Whether a key of the log vouches for an entry that no checkpoint signs yet.
bool vouched_by_any(const Json& entry, const std::vector<transcript::NoteKey>& keys) {
  return std::ranges::any_of(keys, [&](const transcript::NoteKey& key) {
    try {
      return transcript::is_vouched(entry, key);
    } catch (const Error&) {
      return false;  // another key's, or nobody's
    }
  });
}

}  // namespace

ShownTranscript show_transcript(const ShowTranscriptRequest& request,
                                const ReadProgress& progress) {
  const EntryFilter filter(request);
  const TranscriptSource source = transcript_source(request.folder, request.vkey, progress);
  ShownTranscript shown{.audited = audit(source)};
  const transcript::TreeHead& head = shown.audited.verified.checkpoint.head;
  transcript::Hasher hasher;
  transcript::Tree tree(hasher);
  transcript::Place place;
  Counterparts counterparts;
  (void)transcript::read_log(transcript::log_of(source.folder), [&](std::uint64_t index,
                                                                    std::string_view line) {
    Json entry = transcript::shown_entry(line, place);
    place = {.seq = index + 1, .prev = hasher.leaf(as_bytes(line))};
    if (index < head.size) tree.append(*place.prev);
    counterparts.note(index, entry);
    if (filter.takes(entry)) {
      const bool is_signed = index < head.size;
      shown.entries.push_back({.index = index,
                               .is_signed = is_signed,
                               .is_unvouched = is_signed ? shown.audited.marks.is_unvouched(index)
                                                         : !vouched_by_any(entry, source.keys),
                               .entry = std::move(entry)});
    }
    return true;
  });
  // What is shown as signed must be the bytes that were verified, not those of a moment later.
  if (tree.size() != head.size || tree.root() != head.root) refuse_moving_transcript();
  for (auto& one : shown.entries) one.counterpart = counterparts.of(one.entry);
  if (!request.full) shown.names = names_of(source, shown.entries);
  return shown;
}

Json ShownTranscript::to_json() const {
  Json json = audited.to_json();
  json["entries"] = Json::array();
  for (const auto& one : entries) {
    json["entries"].push_back(
        {{"index", one.index},
         {"signed", one.is_signed},
         {"unvouched", one.is_unvouched},
         {"counterpart", one.counterpart ? Json(*one.counterpart) : Json(nullptr)},
         {"entry", one.entry}});
  }
  return json;
}

}  // namespace keyrite::audit
