#include "act/registry_replay.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <tuple>

#include <fmt/format.h>

#include "act/registry_changes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "transcript/entry.h"
#include "transcript/entry_head.h"
#include "transcript/event.h"
#include "transcript/known_start.h"
#include "transcript/layout.h"
#include "transcript/leaf.h"
#include "transcript/log_reader.h"

namespace keyrite::act {

namespace {

std::string text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

Json facts_in(const site::Site& site, std::uint64_t index, const Json& entry) {
  Json facts = entry.value("facts", Json::object());
  if (!facts.is_object()) return Json::object();
  const std::string sha256 = text_in(facts, "evidence_sha256");
  if (sha256.empty()) return facts;
  const auto path =
      std::filesystem::path(site.path(site::kTranscriptName)) / transcript::kEvidenceName / sha256;
  const Bytes content = read_file(path);
  if (crypto::sha256_hex(content) != sha256) {
    throw Error(Kind::kVerification, "registry-evidence",
                fmt::format("the facts of entry {} are in {}, which has another SHA-256 now", index,
                            printable(path.native())),
                "put back the file that you have in a backup or an export");
  }
  return parse_json(content, path.native());
}

bool holds(std::string_view line, std::string_view part) {
  return line.find(part) != std::string_view::npos;
}

// The acts that write rows, and those that say nothing of a registry, told apart before anything is
// parsed: a log has a million of these. A member's name stands in quotes that no text can have.
bool may_name_batch(std::string_view line) {
  if (!holds(line, "\"batch\":") && !holds(line, "\"evidence_sha256\":")) return false;
  const auto head = transcript::entry_head(line);
  if (!head) return false;
  return head->event == transcript::kPart ||
         (head->event == transcript::kResult && head->outcome == "done");
}

[[noreturn]] void refuse_changed_log() {
  throw Error(
      Kind::kVerification, "decision-log-changed",
      "the log is not the one that was signed, so that it does not tell what was decided at "
      "the token",
      "keyrite transcript verify says what differs");
}

// As it stands in canonical JSON.
constexpr std::string_view kDecidesField = "\"decides\":true";

std::string actor_of(const Json& entry) {
  std::string actor = text_in(entry, "operator");
  return actor.empty() ? "unknown" : actor;
}

using Subject = std::tuple<std::string, std::string, std::int64_t>;

// Of the results that say that they decide; what another one tells of decisions is none. True: all
// that is signed was read as it was signed.
bool each_decision(const site::Site& site,
                   const std::function<void(const RegistryEntry&, std::string_view line)>& take) {
  return transcript::read_decisions(
      site.path(site::kTranscriptName), site.log_key,
      [&](std::uint64_t index, std::string_view line) {
        const auto head = holds(line, kDecidesField) ? transcript::entry_head(line) : std::nullopt;
        const auto entry = head && head->decides ? registry_entry(site, index, line) : std::nullopt;
        if (entry) take(*entry, line);
      });
}

bool is_decided_at_token(std::string_view kind) {
  return kind == registry::word(registry::DecisionKind::kPinnedKey) ||
         kind == registry::word(registry::DecisionKind::kCampaign);
}

// Whoever may write the file can add an entry; not one for which the log's key vouches.
bool is_vouched_for(std::string_view line, const transcript::NoteKey& key) {
  try {
    return transcript::is_vouched(parse_json(as_bytes(line), "entry"), key);
  } catch (const Error& error) {
    if (error.kind() != Kind::kVerification) throw;
    return false;
  }
}

// A wrapping key is pinned, and a campaign opened, at the token, where approvals are asked for and
// the log's key signs: an entry of another act decides neither.
bool may_decide(const RegistryEntry& entry, const Json& decision) {
  const std::string kind = text_in(decision, "kind");
  if (kind == registry::word(registry::DecisionKind::kPinnedKey))
    return entry.act == kPinAct || entry.act == kUnpinAct;
  if (kind == registry::word(registry::DecisionKind::kCampaign))
    return entry.act == kOpenCampaignAct || entry.act == kCloseCampaignAct;
  return true;
}

struct NewestDecisions {
  std::map<Subject, registry::LoggedDecision> by_subject{};
  bool signed_alike{false};  // the log is the one that was signed
};

NewestDecisions newest_decisions(const site::Site& site, std::optional<std::uint64_t> before) {
  NewestDecisions newest;
  newest.signed_alike = each_decision(site, [&](const RegistryEntry& entry, std::string_view line) {
    if (before && entry.mark.entry.seq >= *before) return;
    for (const auto& change : entry.facts.value("changes", Json::array())) {
      const auto decision = change.find("decision");
      if (decision == change.end() || !decision->is_object()) continue;
      if (!may_decide(entry, *decision)) continue;
      if (is_decided_at_token(text_in(*decision, "kind")) && !is_vouched_for(line, site.log_key))
        continue;
      newest.by_subject.insert_or_assign(
          Subject{text_in(*decision, "kind"), text_in(*decision, "subject"),
                  number_in(*decision, "number")},
          registry::LoggedDecision{entry.mark.entry, text_in(*decision, "sha256")});
    }
  });
  return newest;
}

}  // namespace

std::optional<RegistryEntry> registry_entry(const site::Site& site, std::uint64_t index,
                                            std::string_view line) {
  if (!may_name_batch(line)) return std::nullopt;
  const Json entry = parse_json(as_bytes(line), fmt::format("entry {}", index));
  RegistryEntry found{.act = text_in(entry, "act"), .facts = facts_in(site, index, entry)};
  found.batch = text_in(found.facts, "batch");
  if (found.batch.empty()) return std::nullopt;
  found.mark = {.at = std::chrono::floor<std::chrono::milliseconds>(
                    parse_rfc3339(text_in(entry, "time"), "time")),
                .actor = actor_of(entry),
                .entry = {.seq = index, .leaf = transcript::leaf_text(line)}};
  return found;
}

void each_registry_entry(const site::Site& site, std::uint64_t first,
                         const std::function<void(const RegistryEntry&)>& take,
                         const transcript::LogStart& known) {
  transcript::read_log(
      transcript::log_of(site.path(site::kTranscriptName)),
      [&](std::uint64_t index, std::string_view line) {
        if (index < first) return true;
        if (const auto entry = registry_entry(site, index, line)) take(*entry);
        return true;
      },
      first < known.entries ? transcript::LogStart{} : known);
}

std::vector<RegistryEntry> vouched_entries_of(const site::Site& site, std::string_view act) {
  std::vector<RegistryEntry> found;
  const bool signed_alike =
      transcript::read_all(site.path(site::kTranscriptName), site.log_key,
                           [&](std::uint64_t index, std::string_view line) {
                             if (!holds(line, act)) return;
                             auto entry = registry_entry(site, index, line);
                             if (entry && entry->act == act && is_vouched_for(line, site.log_key))
                               found.push_back(std::move(*entry));
                           });
  if (!signed_alike && !found.empty()) refuse_changed_log();
  return found;
}

std::size_t take_over(registry::Stores& stores, const RegistryEntry& entry) {
  std::size_t passed = 0;
  for (const auto& change : entry.facts.value("changes", Json::array())) {
    if (!take_change(stores, change, entry.mark)) ++passed;
  }
  return passed;
}

registry::DecisionInLog decisions_of(const site::Site& site, std::optional<std::uint64_t> before) {
  const auto newest = std::make_shared<const NewestDecisions>(newest_decisions(site, before));
  return [newest](const registry::DecisionId& id,
                  const registry::LogEntry& /*where*/) -> std::optional<registry::LoggedDecision> {
    const std::string kind(registry::word(id.kind));
    // One that ended it may have been taken out of the file.
    if (is_decided_at_token(kind) && !newest->signed_alike) refuse_changed_log();
    const auto found = newest->by_subject.find(Subject{kind, id.subject, id.number});
    if (found == newest->by_subject.end()) return std::nullopt;
    return found->second;
  };
}

}  // namespace keyrite::act
