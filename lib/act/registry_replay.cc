#include "act/registry_replay.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <tuple>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "transcript/entry_head.h"
#include "transcript/event.h"
#include "transcript/layout.h"
#include "transcript/log_reader.h"
#include "transcript/merkle.h"

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

// The acts that write rows, and those that say nothing of a registry, told apart before anything is
// parsed.
bool may_name_batch(std::string_view line) {
  const auto head = transcript::entry_head(line);
  return head && head->event == transcript::kResult && head->outcome == "done" &&
         (line.find("\"batch\":") != std::string_view::npos ||
          line.find("\"evidence_sha256\":") != std::string_view::npos);
}

std::string actor_of(const Json& entry) {
  std::string actor = text_in(entry, "operator");
  return actor.empty() ? "unknown" : actor;
}

bool move_tenant(registry::Stores& stores, const Json& change, const registry::Mark& mark) {
  const auto state = registry::from_word<registry::TenantState>(text_in(change, "state"));
  if (!state) return true;
  const auto tenant = stores.tenants.find(text_in(change, "tenant"));
  if (!tenant) return false;
  if (tenant->state != *state) stores.tenants.move(tenant->id, *state, tenant->revision, mark);
  return true;
}

using Subject = std::tuple<std::string, std::string, std::int64_t>;

std::map<Subject, registry::LoggedDecision> newest_decisions(const site::Site& site) {
  std::map<Subject, registry::LoggedDecision> newest;
  each_registry_entry(site, 0, [&](const RegistryEntry& entry) {
    for (const auto& change : entry.facts.value("changes", Json::array())) {
      const auto decision = change.find("decision");
      if (decision == change.end() || !decision->is_object()) continue;
      newest.insert_or_assign(
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
  transcript::Hasher hasher;
  found.mark = {.at = std::chrono::floor<std::chrono::milliseconds>(
                    parse_rfc3339(text_in(entry, "time"), "time")),
                .actor = actor_of(entry),
                .entry = {.seq = index, .leaf = to_hex(hasher.leaf(as_bytes(line)))}};
  return found;
}

void each_registry_entry(const site::Site& site, std::uint64_t first,
                         const std::function<void(const RegistryEntry&)>& take) {
  transcript::read_log(transcript::log_of(site.path(site::kTranscriptName)),
                       [&](std::uint64_t index, std::string_view line) {
                         if (index < first) return true;
                         if (const auto entry = registry_entry(site, index, line)) take(*entry);
                         return true;
                       });
}

std::size_t take_over(registry::Stores& stores, const RegistryEntry& entry) {
  std::size_t passed = 0;
  for (const auto& change : entry.facts.value("changes", Json::array())) {
    if (!text_in(change, "tenant").empty() && !move_tenant(stores, change, entry.mark)) ++passed;
  }
  return passed;
}

registry::DecisionInLog decisions_of(const site::Site& site) {
  const auto newest =
      std::make_shared<const std::map<Subject, registry::LoggedDecision>>(newest_decisions(site));
  return [newest](const registry::DecisionId& id,
                  const registry::LogEntry& /*where*/) -> std::optional<registry::LoggedDecision> {
    const auto found =
        newest->find(Subject{std::string(registry::word(id.kind)), id.subject, id.number});
    if (found == newest->end()) return std::nullopt;
    return found->second;
  };
}

}  // namespace keyrite::act
