#include "audit/show_transcript.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/lower_hex.h"
#include "base/text.h"
#include "transcript/entry.h"
#include "transcript/entry_fields.h"
#include "transcript/entry_time.h"
#include "transcript/history.h"
#include "transcript/layout.h"

namespace keyrite::audit {

namespace {

using Text = std::optional<std::string>;

constexpr std::size_t kShortestRun = 8;

std::string lower_hex(const std::string& given, const char* option, std::size_t shortest) {
  std::string hex = given;
  std::transform(hex.begin(), hex.end(), hex.begin(), [](char c) {
    return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (hex.size() < shortest || !is_lower_hex(hex)) {
    throw Error(Kind::kUsage, fmt::format("{}-not-hex", option),
                fmt::format("--{} \"{}\" is not hex of {} digits or more", option, printable(given),
                            shortest),
                "run keyrite transcript show without this option to list them");
  }
  return hex;
}

TimePoint moment(const std::string& given, const char* option) {
  try {
    return parse_rfc3339(given, fmt::format("--{}", option));
  } catch (const Error& error) {
    throw Error(Kind::kUsage, "time-invalid", error.message(),
                "write the time as 2026-03-01T10:00:00Z");
  }
}

// The request's conditions, read once.
class EntryFilter {
 public:
  explicit EntryFilter(const ShowTranscriptRequest& request) : act_(request.act) {
    if (request.key) key_ = lower_hex(*request.key, "key", 2);
    if (request.run) run_ = lower_hex(*request.run, "run", kShortestRun);
    if (request.since) since_ = moment(*request.since, "since");
    if (request.until) until_ = moment(*request.until, "until");
  }
  [[nodiscard]] bool takes(const Json& entry) const {
    if (act_ && transcript::entry_text(entry, "act") != *act_) return false;
    if (run_ && !transcript::entry_text(entry, "run").starts_with(*run_)) return false;
    return (!key_ || names_key(entry)) && in_time(entry);
  }

 private:
  [[nodiscard]] bool names_key(const Json& entry) const {
    const Json keys = transcript::entry_list(entry, "keys");
    return std::any_of(keys.begin(), keys.end(), [&](const Json& one) {
      return transcript::entry_text(one, "key") == *key_ ||
             transcript::entry_text(one, "id") == *key_;
    });
  }
  [[nodiscard]] bool in_time(const Json& entry) const {
    if (!since_ && !until_) return true;
    const auto time = transcript::entry_time(transcript::entry_text(entry, "time"));
    if (!time) return false;
    return (!since_ || *since_ <= *time) && (!until_ || *time <= *until_);
  }

  Text act_;
  Text key_{};
  Text run_{};
  std::optional<TimePoint> since_{};
  std::optional<TimePoint> until_{};
};

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

const std::vector<act::Field<ShowTranscriptRequest>>& ShowTranscriptRequest::table() {
  using R = ShowTranscriptRequest;
  static const std::vector<act::Field<R>> fields{
      {transcript_folder_field(), &R::folder},
      {vkey_field(), &R::vkey},
      {{.name = "act",
        .value = "ACT",
        .help = "only entries of this act: \"generate-kek\"",
        .binds = act::Binds::plain()},
       &R::act},
      {{.name = "key",
        .value = "HEX",
        .help = "only entries of this key: its pseudonym or CKA_ID",
        .binds = act::Binds::name()},
       &R::key},
      {{.name = "run",
        .value = "HEX",
        .help = "only entries of this run; its first 8 digits or more",
        .binds = act::Binds::plain()},
       &R::run},
      {{.name = "since",
        .value = "TIME",
        .help = "only entries from this time on: 2026-03-01T10:00:00Z",
        .binds = act::Binds::plain()},
       &R::since},
      {{.name = "until",
        .value = "TIME",
        .help = "only entries up to this time",
        .binds = act::Binds::plain()},
       &R::until},
  };
  return fields;
}

ShownTranscript show_transcript(const ShowTranscriptRequest& request) {
  const EntryFilter filter(request);
  const TranscriptSource source = transcript_source(request.folder, request.vkey);
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
