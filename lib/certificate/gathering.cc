// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/gathering.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>

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
  for (const char* name : {"version", "placement", "frozen", "condemned", "adopted"}) {
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

}  // namespace

Gathered gather(const site::Site& site, const Scope& scope) {
  const std::string folder = site.path(site::kTranscriptName);
  Candidates candidates(fs::path(folder) / transcript::kEvidenceName);
  Gathered gathered{.checkpoint = as_text(read_file(transcript::checkpoint_of(folder)))};
  const auto verified =
      transcript::verify({.log = transcript::log_of(folder),
                          .checkpoint = transcript::checkpoint_of(folder),
                          .keys = {site.log_key}},
                         [&](const transcript::SignedEntry& entry) { candidates.take(entry); });
  if (!gathered.checkpoint.starts_with(verified.checkpoint.text() + "\n")) {
    throw Error(Kind::kVerification, "log-changed", "the log changed while keyrite read it",
                "find out what wrote to it, then run the command again");
  }
  const Meant meant = meant_by(LogStory(candidates.told()), scope);
  std::set<std::uint64_t> wanted;
  for (const auto& told : candidates.told()) {
    if (is_about(told, meant)) wanted.merge(candidates.with_intent(told));
  }
  for (const auto index : wanted) {
    const Line& line = candidates.lines().at(index);
    gathered.entries.push_back({.index = index, .line = line.line, .facts = line.facts});
  }
  transcript::Hasher hasher;
  const transcript::ProofTree tree(hasher, std::move(candidates).leaves());
  for (auto& entry : gathered.entries) entry.proof = tree.inclusion(entry.index);
  return gathered;
}

}  // namespace keyrite::certificate
