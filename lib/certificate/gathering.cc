// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/gathering.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "certificate/internal/log_story.h"
#include "certificate/internal/members.h"
#include "site/layout.h"
#include "transcript/layout.h"
#include "transcript/proof_tree.h"
#include "transcript/verify.h"

namespace keyrite::certificate {

namespace {

namespace fs = std::filesystem;

struct Line {
  std::uint64_t index{};
  std::string line{};
  std::optional<std::string> facts{};
};

// What may be about keys, of the whole log: results and parts with changes, and the acts of shred.
class Candidates {
 public:
  explicit Candidates(std::string evidence) : evidence_(std::move(evidence)) {}

  void take(const transcript::SignedEntry& entry) {
    leaves_.push_back(entry.leaf);
    if (!entry.head) return;
    const std::string run(entry.head->run);
    if (entry.head->event == "intent") open_[run] = {entry.index, std::string(entry.line), {}};
    const bool result = entry.head->event == "result";
    if (result && entry.head->outcome != "done") {
      open_.erase(run);
      return;
    }
    if (result || entry.head->event == "part") take_told(entry, run);
    if (result) open_.erase(run);
  }

  [[nodiscard]] const std::vector<ToldEntry>& told() const { return told_; }
  [[nodiscard]] const std::map<std::uint64_t, Line>& lines() const { return lines_; }
  // The entry itself, and its intent.
  [[nodiscard]] std::set<std::uint64_t> with_intent(const ToldEntry& one) const {
    std::set<std::uint64_t> both{one.index};
    if (const auto intent = intent_of_.find(one.index); intent != intent_of_.end())
      both.insert(intent->second);
    return both;
  }
  [[nodiscard]] std::vector<transcript::Hash> leaves() && { return std::move(leaves_); }

 private:
  void take_told(const transcript::SignedEntry& entry, const std::string& run) {
    Json json = parse_json(as_bytes(entry.line), "an entry of the log");
    Line line{entry.index, std::string(entry.line), {}};
    Json facts = member_of(json, "facts");
    if (const std::string side = text_in(facts, "evidence_sha256");
        !side.empty() && facts.size() == 2) {
      line.facts = as_text(read_file(fs::path(evidence_) / side));
      // Data keys are listed in side files too, many of them.
      if (line.facts->find("\"changes\":") == std::string::npos &&
          entry.head->act != "shred-destroy")
        return;
      facts = parse_json(as_bytes(*line.facts), side);
    }
    if (!facts.is_object() || (!facts.contains("changes") && entry.head->act != "shred-destroy"))
      return;
    if (const auto intent = open_.find(run); intent != open_.end()) {
      intent_of_[entry.index] = intent->second.index;
      lines_[intent->second.index] = intent->second;
    }
    lines_[entry.index] = std::move(line);
    told_.push_back({.index = entry.index,
                     .entry = std::move(json),
                     .facts = std::move(facts),
                     .vouched = entry.head->vouched});
  }

  std::string evidence_;
  std::vector<transcript::Hash> leaves_{};
  std::vector<ToldEntry> told_{};
  std::map<std::uint64_t, Line> lines_{};
  std::map<std::string, Line> open_{};
  std::map<std::uint64_t, std::uint64_t> intent_of_{};
};

// Ids by which an entry may speak of what the scope is about.
struct Meant {
  std::set<std::string> keys{};
  std::set<std::string> copies{};
  std::set<std::string> destinations{};
};

Meant meant_by(const LogStory& story, const Scope& scope) {
  Meant meant;
  for (const auto& [id, key] : story.keys()) {
    if (key.tenant == scope.tenant && (!scope.key || *scope.key == id)) meant.keys.insert(id);
  }
  for (const auto& [id, version] : story.versions()) {
    if (!meant.keys.contains(id.key)) continue;
    for (const auto& copy : version.copies) meant.copies.insert(copy.id);
  }
  for (const auto& place : story.places()) {
    if (meant.keys.contains(place.version.key)) meant.destinations.insert(place.destination);
  }
  return meant;
}

bool is_about(const Json& change, const Meant& meant) {
  if (meant.keys.contains(text_in(change, "key"))) return true;
  for (const char* name : {"version", "placement", "frozen", "condemned", "adopted", "waived"}) {
    if (meant.keys.contains(text_in(member_of(change, name), "key"))) return true;
  }
  const Json& decision = member_of(change, "decision");
  return meant.copies.contains(text_in(member_of(change, "copy"), "id")) ||
         (text_in(decision, "kind") == "destination" &&
          meant.destinations.contains(text_in(decision, "subject")));
}

bool is_about(const ToldEntry& told, const Meant& meant) {
  const auto about = [&](const Json& one) { return is_about(one, meant); };
  if (std::ranges::any_of(list_in(told.facts, "changes"), about)) return true;
  return text_in(told.entry, "act") == "shred-destroy" &&
         std::ranges::any_of(list_in(told.facts, "versions"), about);
}

struct WholeLog {
  Candidates candidates;
  std::string checkpoint{};  // the note
  std::uint64_t size{};
};

WholeLog read_whole(const std::string& folder, const std::vector<transcript::NoteKey>& keys) {
  WholeLog log{.candidates = Candidates(fs::path(folder) / transcript::kEvidenceName),
               .checkpoint = as_text(read_file(transcript::checkpoint_of(folder)))};
  const auto verified =
      transcript::verify({.log = transcript::log_of(folder),
                          .checkpoint = transcript::checkpoint_of(folder),
                          .keys = keys},
                         [&](const transcript::SignedEntry& entry) { log.candidates.take(entry); });
  if (!log.checkpoint.starts_with(verified.checkpoint.text() + "\n")) {
    throw Error(Kind::kVerification, "log-changed", "the log changed while keyrite read it",
                "find out what wrote to it, then run the command again");
  }
  log.size = verified.checkpoint.head.size;
  return log;
}

// With the intent of each. Of the first `size` entries, by what these tell.
std::set<std::uint64_t> entries_about(const Candidates& candidates, const Scope& scope,
                                      std::uint64_t size) {
  std::vector<ToldEntry> told = candidates.told();
  std::erase_if(told, [&](const ToldEntry& one) { return one.index >= size; });
  const Meant meant = meant_by(LogStory(told), scope);
  std::set<std::uint64_t> wanted;
  for (const auto& one : told) {
    if (is_about(one, meant)) wanted.merge(candidates.with_intent(one));
  }
  return wanted;
}

std::string transcript_in(const std::string& folder) {
  const auto inner = fs::path(folder) / site::kTranscriptName;
  return fs::is_directory(inner) ? inner.native() : folder;
}

void require_signed(std::vector<transcript::Hash> leaves, const transcript::Checkpoint& wanted) {
  if (wanted.head.size <= leaves.size()) {
    leaves.resize(wanted.head.size);
    transcript::Hasher hasher;
    if (transcript::root_of(hasher, leaves) == wanted.head.root) return;
  }
  throw Error(
      Kind::kVerification, "destruction-log-other",
      fmt::format("the log in this folder does not have the {} that the certificate's "
                  "checkpoint signs",
                  counted_entries(wanted.head.size)),
      "there are two histories of this log, or it was cut off: keep both, and ask a witness");
}

}  // namespace

Gathered gather(const site::Site& site, const Scope& scope) {
  WholeLog log = read_whole(site.path(site::kTranscriptName), {site.log_key});
  Gathered gathered{.checkpoint = std::move(log.checkpoint)};
  for (const auto index : entries_about(log.candidates, scope, log.size)) {
    const Line& line = log.candidates.lines().at(index);
    gathered.entries.push_back({.index = index, .line = line.line, .facts = line.facts});
  }
  transcript::Hasher hasher;
  const transcript::ProofTree tree(hasher, std::move(log.candidates).leaves());
  for (auto& entry : gathered.entries) entry.proof = tree.inclusion(entry.index);
  return gathered;
}

LogCompared compare_with_log(const std::string& folder,
                             const std::vector<transcript::NoteKey>& keys, const Document& document,
                             const transcript::Checkpoint& signed_by) {
  WholeLog log = read_whole(transcript_in(folder), keys);
  LogCompared compared{.size = log.size};
  std::set<std::uint64_t> here;
  for (const auto& entry : document.entries) here.insert(entry.index);
  for (const auto index : entries_about(log.candidates, document.scope, signed_by.head.size)) {
    if (!here.contains(index)) compared.left_out.push_back(index);
  }
  for (const auto index : entries_about(log.candidates, document.scope, log.size)) {
    if (index >= signed_by.head.size) compared.later.push_back(index);
  }
  require_signed(std::move(log.candidates).leaves(), signed_by);
  return compared;
}

}  // namespace keyrite::certificate
