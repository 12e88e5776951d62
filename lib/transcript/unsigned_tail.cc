#include "transcript/unsigned_tail.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "transcript/entry_fields.h"
#include "transcript/outcome.h"

namespace keyrite::transcript {

namespace {

[[noreturn]] void refuse(const char* code, std::uint64_t index, std::string_view why) {
  throw Error(Kind::kVerification, code, fmt::format("entry {}: {}", index, why),
              "find out who wrote this unsigned entry: keyrite writes no such entry");
}

const EventRule& rule_of(const Json& entry, std::uint64_t index) {
  const std::string event = entry_text(entry, "event");
  const EventRule* rule = event_rule(event);
  if (rule == nullptr) {
    refuse("entry-event-unknown", index,
           fmt::format("\"{}\" is not an event that keyrite writes", printable(event)));
  }
  if (const auto field = wrong_field(*rule, entry); !field.empty()) {
    refuse("entry-field-wrong", index,
           fmt::format("its field \"{}\" is missing, or does not fit an entry \"{}\"", field,
                       rule->event));
  }
  return *rule;
}

EntryRange range_of(const Json& marker) {
  return {.first = marker.at("first").get<std::uint64_t>(),
          .last = marker.at("last").get<std::uint64_t>()};
}

bool is_accepted(const Json& marker) {
  const auto accepted = marker.find("accepted");
  return accepted != marker.end() && accepted->is_boolean() && accepted->get<bool>();
}

}  // namespace

void UnsignedTail::require_place(const Json& entry, std::uint64_t index,
                                 const EventRule& rule) const {
  const OpenIntent* open = history_.open_intent(entry_text(entry, "run"));
  switch (rule.place) {
    case PlaceInRun::kFirst:
      if (history_.opened())
        refuse("entry-out-of-place", index, "the log already has an entry that opens it");
      if (entry.at("vkey") != key_.text())
        refuse("entry-out-of-place", index, "it opens the log of another key");
      return;
    case PlaceInRun::kBefore:
    case PlaceInRun::kOpens:
      if (open != nullptr) {
        refuse("entry-out-of-place", index,
               fmt::format("its run already has an intent, entry {}", open->index));
      }
      return;
    case PlaceInRun::kWithin:
    case PlaceInRun::kCloses:
      if (open == nullptr)
        refuse("entry-out-of-place", index, "its run has no intent without a result");
      if (rule.event != kSettled && entry_text(entry, "act") != open->act)
        refuse("entry-out-of-place", index, "its act differs from the intent of its run");
      if (rule.event == kSettled && entry.at("intent") != open->index)
        refuse("entry-out-of-place", index, "it does not name the intent of its run");
      return;
    case PlaceInRun::kFree:
      return;
  }
}

// By it the next writer would believe what the log said, without reading it.
void UnsignedTail::require_history(const UnsignedEntry& one, const Place& place) const {
  const auto said = one.entry.find(kHistorySha256);
  if (said == one.entry.end()) return;
  if (!one.entry.contains(kVouch)) {
    refuse("entry-field-wrong", one.index,
           fmt::format("it has \"{}\", and the log's key does not vouch for it", kHistorySha256));
  }
  if (place.history_sha256 && *said != *place.history_sha256) {
    refuse("entry-history-wrong", one.index,
           fmt::format("its \"{}\" is not of what the entries before it say", kHistorySha256));
  }
}

// Whether anybody without a PIN can have written it, so that it may be signed as his word.
bool UnsignedTail::is_claim(const Json& entry, const EventRule& rule) const {
  if (rule.by == WrittenBy::kAnybody) return true;
  if (rule.by == WrittenBy::kTokenHolder) return false;
  if (is_act_on_files(entry_text(entry, "act"))) return !entry.contains("approval");
  // Of a token that is gone: it cannot vouch that it went.
  return rule.event == kResult && entry.at("outcome") != kOutcomeDone;
}

// Kept before its entry is written, so that also a writer that was killed has left it.
void UnsignedTail::require_evidence(const UnsignedEntry& one) const {
  for (const auto& sha256 : entry_evidence(one.entry)) {
    if (has_evidence_(sha256)) continue;
    refuse("entry-evidence-missing", one.index,
           fmt::format("it names the evidence file {}, which is missing", printable(sha256)));
  }
}

void UnsignedTail::take(std::string_view line, const Place& place, bool to_drop) {
  UnsignedEntry one{.index = place.seq, .entry = parse_entry(line, place)};
  const EventRule& rule = rule_of(one.entry, one.index);
  require_place(one.entry, one.index, rule);
  require_history(one, place);
  if (is_vouched(one.entry, key_)) {
    history_.take(one.index, line);
    if (rule.event == kUnvouched) mark(range_of(one.entry), is_accepted(one.entry));
    return;
  }
  require_evidence(one);
  if (is_claim(one.entry, rule)) {
    unmarked_.push_back(one.index);
    history_.take(one.index, line, Worth::kClaim);
    return;
  }
  // 0.1.0 wrote these without a vouch, and nothing else.
  if (to_drop || (rule.by != WrittenBy::kByItsAct && rule.event != kSettled))
    refuse("entry-unvouched", one.index, "the log's key does not vouch for it");
  unmarked_.push_back(one.index);
  history_.take(one.index, line);
  to_accept_.push_back(std::move(one));
}

void UnsignedTail::added(std::uint64_t index, const Json& content, bool vouched) {
  if (!vouched) unmarked_.push_back(index);
  if (vouched && entry_text(content, "event") == kUnvouched)
    mark(range_of(content), is_accepted(content));
}

void UnsignedTail::mark(const EntryRange& range, bool accepted) {
  const auto named = [&](std::uint64_t index) {
    return range.first <= index && index <= range.last;
  };
  std::erase_if(unmarked_, named);
  if (accepted) std::erase_if(to_accept_, [&](const auto& one) { return named(one.index); });
}

std::vector<UnmarkedRange> UnsignedTail::unmarked() const {
  std::vector<UnmarkedRange> ranges;
  for (const std::uint64_t index : unmarked_) {
    const bool accepted =
        std::ranges::find(to_accept_, index, &UnsignedEntry::index) != to_accept_.end();
    if (!ranges.empty() && ranges.back().range.last + 1 == index &&
        ranges.back().accepted == accepted)
      ranges.back().range.last = index;
    else
      ranges.push_back({.range = {.first = index, .last = index}, .accepted = accepted});
  }
  return ranges;
}

}  // namespace keyrite::transcript
