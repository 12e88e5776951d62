// What stands in a transcript, and what witnesses and auditors carry: notes, checkpoints, proofs,
// entries, whole logs.
#include "fuzz/targets/all.h"

#include <algorithm>

#include "base/canonical_json.h"
#include "base/text.h"
#include "transcript/checkpoint.h"
#include "transcript/entry.h"
#include "transcript/entry_head.h"
#include "transcript/history.h"
#include "transcript/log_reader.h"
#include "transcript/marks.h"
#include "transcript/merkle.h"
#include "transcript/note.h"
#include "transcript/unsigned_tail.h"
#include "transcript/vkey_file.h"

namespace keyrite::fuzz {

namespace {

using namespace transcript;

const NoteKey& log_key() {
  static const NoteKey key = read_vkeys(as_file(fixed("log/vkeys"), "log-vkeys")).front();
  return key;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) break;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

// A text field as a JSON parser sees it; empty where entry_head gives none.
std::string field(const Json& entry, const char* name) {
  const auto found = entry.find(name);
  if (found == entry.end() || !found->is_string()) return {};
  const auto text = found->get<std::string>();
  return Json(text).dump() == "\"" + text + "\"" ? text : std::string();
}

void require_same_head(const Json& entry, std::string_view line) {
  const auto head = entry_head(line);
  require(head.has_value(), "a canonical entry has a head");
  require(head->act == field(entry, "act") && head->event == field(entry, "event") &&
              head->run == field(entry, "run") && head->time == field(entry, "time") &&
              head->outcome == field(entry, "outcome") && head->vouched == entry.contains("vouch"),
          "the head without parsing is what a parser reads");
}

}  // namespace

Outcome note(ByteView bytes) {
  const std::string text = as_text(bytes);
  const auto read = taken([&] { return parse_note(text, "input"); });
  if (!read) return Outcome::kRefused;
  require(read->bytes() == text, "a note is written as it was read");
  for (const auto& one : read->signatures) {
    static_cast<void>(taken([&] { return cosignature_time(one); }));
    static_cast<void>(verifies(log_key(), one, read->text));
  }
  const auto verdict = taken([&] { return verify_note(*read, {log_key()}, "input"); });
  if (verdict) {
    require(read->text == parse_note(as_text(fixed("log/checkpoint")), "fixed").text,
            "the log's key signed one note");
  }
  return Outcome::kTaken;
}

Outcome vkey(ByteView bytes) {
  const std::string text = as_text(bytes);
  const auto key = taken([&] { return NoteKey::parse(text); });
  const auto file = taken([&] { return read_vkeys(as_file(bytes, "vkeys")); });
  if (!key) return outcome_of(file.has_value());
  require(key->text() == text, "a vkey has one text");
  require(file && file->size() == 1 && file->front().text() == text, "a file may have one vkey");
  return Outcome::kTaken;
}

Outcome checkpoint(ByteView bytes) {
  const std::string text = as_text(bytes);
  const auto read = taken([&] { return parse_signed_checkpoint(text, "input"); });
  if (!read) return Outcome::kRefused;
  require(read->checkpoint.text() == read->note.text && read->note.bytes() == text,
          "a checkpoint is written as it was read");
  static_cast<void>(taken([&] { return verify_checkpoint(*read, {log_key()}, "input"); }));
  return Outcome::kTaken;
}

// A .tlog-proof file of the tree of the log in fixed/log.
Outcome proof_file(ByteView bytes) {
  const std::string text = as_text(bytes);
  const auto read = taken([&] { return parse_proof_file(text, "input"); });
  if (!read) return Outcome::kRefused;
  if (text.find("\nextra ") == std::string::npos)
    require(read->bytes() == text, "a proof is written as it was read");
  static const std::string log = as_text(fixed("log/log.jsonl"));
  static const std::vector<Hash> leaves = [] {
    Hasher hasher;
    std::vector<Hash> all;
    for (const auto line : lines_of(log)) all.push_back(hasher.leaf(as_bytes(line)));
    return all;
  }();
  Hasher hasher;
  const Hash root = root_of(hasher, leaves);
  for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf) {
    const bool verified =
        verifies_inclusion(hasher, read->index, leaves.size(), leaves[leaf], read->proof, root);
    require(!verified || leaf == read->index, "a proof is of one entry at one place");
  }
  const TreeHead now{leaves.size(), root};
  if (read->index <= leaves.size() && read->index != 0 && !read->proof.empty()) {
    const TreeHead older{read->index, read->proof.front()};
    const auto real = root_of(hasher, std::span(leaves).first(read->index));
    require(!verifies_consistency(hasher, older, now, std::span(read->proof).subspan(1)) ||
                older.root == real,
            "a log is consistent with its own beginning alone");
  }
  return Outcome::kTaken;
}

Outcome entry(ByteView bytes) {
  const std::string line = as_text(bytes);
  const Place first{};
  const auto read = taken([&] { return parse_entry(line, first); });
  static_cast<void>(entry_head(line));
  const Json shown = shown_entry(line, first);
  require(shown.is_object() && is_utf8(shown.dump(-1, ' ', false, Json::error_handler_t::strict)),
          "every line can be shown");
  if (!read) return Outcome::kRefused;
  require(canonical_json(*read) == line, "an entry has one form");
  require_same_head(*read, line);
  const auto vouched = taken([&] { return is_vouched(*read, log_key()); });
  if (vouched == true)
    require(as_text(fixed("log/log.jsonl")).starts_with(line + "\n"), "the key vouched for one");
  return Outcome::kTaken;
}

// A log as somebody left it: the entries behind an empty checkpoint.
Outcome log(ByteView bytes) {
  const std::string text = as_text(bytes);
  Hasher hasher;
  History history;
  EntryMarks marks;
  UnsignedTail tail(log_key(), history, [](const std::string&) { return true; });
  Place place{};
  std::string again;
  const auto end = taken([&] {
    return read_log(as_file(bytes, "log.jsonl"), [&](std::uint64_t index, std::string_view line) {
      require(index == place.seq, "entries are counted");
      again.append(line).append("\n");
      marks.take(index, line);
      tail.take(line, place);
      place = {index + 1, hasher.leaf(as_bytes(line))};
      return true;
    });
  });
  static_cast<void>(tail.unmarked());
  std::vector<std::string> open;
  for (const auto& intent : history.open_intents()) open.push_back(intent.line);
  require(history_of(history.text({}), open).has_value(), "a history is read back from its text");
  if (!end) return Outcome::kRefused;
  require(again + end->torn == text && again.size() == end->bytes, "a log is its lines");
  return outcome_of(end->entries != 0);
}

}  // namespace keyrite::fuzz
