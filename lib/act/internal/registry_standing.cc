#include "act/internal/registry_standing.h"

#include <functional>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "act/registry_changes.h"
#include "act/registry_reading.h"
#include "act/registry_replay.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "site/layout.h"
#include "transcript/entry_head.h"
#include "transcript/event.h"
#include "transcript/known_start.h"
#include "transcript/layout.h"
#include "transcript/leaf.h"
#include "transcript/log_reader.h"
#include "transcript/outcome.h"

namespace keyrite::act {

namespace {

using registry::Standing;

// A registry knows names of acts that the shorter log does not have: it is not cut down to it.
constexpr const char* kAheadHint =
    "put back the newest copy of the log, from a backup or an export; if there is none, put back "
    "a backup of the registry that is not newer than this log, and run keyrite resume";
constexpr const char* kOtherHint =
    "find out which of the two was put back: the log, whose checkpoints witnesses and auditors "
    "have, or the registry; put the other one of the same time beside it";

// The entries from `first` on, until `take` answers false. Those before `known` are passed over
// unread, where `first` is not among them.
transcript::LogEnd read_from(
    const site::Site& site, const transcript::LogStart& known, std::uint64_t first,
    const std::function<bool(std::uint64_t index, std::string_view line)>& take) {
  return transcript::read_log(
      transcript::log_of(site.path(site::kTranscriptName)),
      [&](std::uint64_t index, std::string_view line) {
        return index < first || take(index, line);
      },
      first < known.entries ? transcript::LogStart{} : known);
}

std::string leaf_at(const site::Site& site, const transcript::LogStart& known, std::uint64_t seq) {
  std::string leaf;
  read_from(site, known, seq, [&](std::uint64_t /*index*/, std::string_view line) {
    leaf = transcript::leaf_text(line);
    return false;
  });
  return leaf;
}

// kEqual or kBehind.
Standing judged(const registry::LogPosition& at, const site::Site& site, std::uint64_t size,
                const registry::LeafOf& leaf_of) {
  const Standing found = registry::standing_of(at, size, leaf_of);
  if (found == Standing::kAhead) {
    throw Error(Kind::kVerification, "registry-ahead",
                fmt::format("the registry of {} has taken over {} entries of the log, which has {}",
                            printable(site.folder), at.size, size),
                kAheadHint);
  }
  if (found == Standing::kOtherLeaf) {
    throw Error(Kind::kVerification, "registry-of-other-log",
                fmt::format("entry {} of the log is not the one that the registry of {} has taken "
                            "over",
                            at.size - 1, printable(site.folder)),
                kOtherHint);
  }
  return found;
}

Standing standing(const registry::LogPosition& at, const site::Site& site,
                  const transcript::LogWriter& writer) {
  const auto end = end_of(writer);
  return judged(at, site, end.size, [&](std::uint64_t seq) {
    return seq + 1 == end.size ? end.leaf : leaf_at(site, writer.known_start(), seq);
  });
}

registry::LogPosition position_of(registry::Registry& registry, const site::Site& site) {
  return registry.read()->log.position(site.settings.log.origin);
}

// The pseudonyms of an intent's key and outputs.
std::vector<std::string> pseudonyms_in(const Json& entry) {
  std::vector<std::string> found;
  for (const auto& key : entry.value("keys", Json::array())) {
    if (key.is_object() && key.contains("key") && key.at("key").is_string())
      found.push_back(key.at("key").get<std::string>());
  }
  for (const auto& output : entry.value("outputs", Json::array())) {
    if (output.is_string()) found.push_back(output.get<std::string>());
  }
  return found;
}

[[noreturn]] void behind(const site::Site& site, std::uint64_t index, std::string_view why) {
  throw Error(Kind::kUnknownOutcome, "registry-behind",
              fmt::format("the registry of {} does not have what entry {} of the log tells: {}",
                          printable(site.folder), index, why),
              "it came back from a backup, or an act was interrupted: run keyrite resume");
}

void require_names(const registry::View& view, const site::Site& site, std::uint64_t index,
                   std::string_view line) {
  if (line.find("\"event\":\"intent\"") == std::string_view::npos) return;
  Json entry;
  try {
    entry = parse_json(as_bytes(line), "entry");
  } catch (const Error&) {
    return;  // 0.1.0 signed whatever stood in the log
  }
  if (!entry.is_object()) return;
  for (const auto& pseudonym : pseudonyms_in(entry)) {
    if (!view->names.name_of(pseudonym)) behind(site, index, "whose name a pseudonym is");
  }
}

// After it everything waits for resume, however little is missing.
void require_not_restored(const site::Site& site, std::uint64_t index, std::string_view line) {
  const auto head = transcript::entry_head(line);
  if (head && head->act == kRestoreAct && head->event == transcript::kResult &&
      head->outcome == transcript::kOutcomeDone)
    behind(site, index, "that it was put back");
}

// One whose entry is not there yet is resume's: it binds the batch or takes the row back.
bool is_open(const registry::View& view, const registry::Destination& row) {
  const registry::DecisionId id{registry::DecisionKind::kDestination, row.id, 0};
  return !view->decisions.in_force(id) && view->decisions.proposed(id);
}

// Each is compared with the log's when it is asked for.
void require_decisions(const registry::View& view, const registry::DecisionInLog& log) {
  for (const auto& tenant : view->tenants.list()) {
    if (tenant.state == registry::TenantState::kForgotten) continue;
    (void)view->decisions.checked_tenant_policy(tenant.id, log);
    for (const auto& key : view->keys.of(tenant.id)) {
      (void)view->decisions.checked_key_policy(key.id, log);
      for (const auto& destination : view->destinations.of(key.id)) {
        if (!is_open(view, destination)) view->decisions.check_destination(destination, log);
        for (const auto& placement : view->placements.at(destination.id))
          (void)view->decisions.checked_acceptance(placement.id, log);
      }
    }
  }
}

// Looks for the entry of every batch that is open, from `first` on. Moves what follows from it, and
// from all that the registry has not taken over yet.
void take_entries(registry::Stores& stores, const site::Site& site,
                  const transcript::LogStart& known, std::uint64_t first, std::uint64_t taken,
                  Levelled& done) {
  const auto take = [&](const RegistryEntry& entry) {
    const auto batch = stores.log.find(entry.batch);
    const bool was_open = batch && !batch->entry;
    if (was_open) {
      stores.log.bind(entry.batch, entry.mark.entry);
      ++done.bound;
    }
    if (entry.mark.entry.seq < taken && !was_open) return;
    // Without its rows, what the log itself holds is taken over all the same.
    const bool whole = take_over(stores, entry) == 0 && (batch || holds_all(entry.facts));
    if (!batch && !whole) done.unknown.push_back(entry.mark.entry.seq);
  };
  each_registry_entry(site, first, take, known);
}

// False: it has what is never taken back.
bool took_back(registry::Stores& stores, const std::string& batch) {
  try {
    stores.log.take_back(batch);
    return true;
  } catch (const Error& error) {
    if (error.code() != "batch-has-deks") throw;
    return false;
  }
}

}  // namespace

registry::LogPosition end_of(const transcript::LogWriter& writer) {
  const auto leaf = writer.last_leaf();
  return {.size = writer.head().size, .leaf = leaf ? to_hex(*leaf) : std::string()};
}

void note_end(registry::Registry& registry, const site::Site& site,
              const transcript::LogWriter& writer) {
  auto transaction = registry.write();
  transaction->log.advance(site.settings.log.origin, end_of(writer));
  transaction.commit();
}

void require_level(registry::Registry& registry, const site::Site& site,
                   const transcript::LogWriter& writer) {
  const auto at = position_of(registry, site);
  if (standing(at, site, writer) == Standing::kEqual) return;
  {
    const auto view = registry.read();
    read_from(site, writer.known_start(), at.size, [&](std::uint64_t index, std::string_view line) {
      require_not_restored(site, index, line);
      if (registry_entry(site, index, line)) behind(site, index, "which rows were written");
      require_names(view, site, index, line);
      return true;
    });
  }
  note_end(registry, site, writer);
}

void require_readable(registry::Registry& registry, const site::Site& site) {
  const auto at = position_of(registry, site);
  const auto known = transcript::known_start(site.path(site::kTranscriptName), site.log_key);
  std::string leaf;
  const std::uint64_t first = at.size == 0 ? 0 : at.size - 1;
  const auto end = read_from(site, known, first, [&](std::uint64_t index, std::string_view line) {
    if (index + 1 == at.size) leaf = transcript::leaf_text(line);
    if (index < at.size) return true;
    require_not_restored(site, index, line);
    const auto entry = registry_entry(site, index, line);
    // Read after the entry: an act commits its rows before it.
    const auto view = registry.read();
    if (entry && !view->log.find(entry->batch)) behind(site, index, "which rows were written");
    require_names(view, site, index, line);
    return true;
  });
  (void)judged(at, site, end.entries, [&](std::uint64_t /*seq*/) { return leaf; });
}

void require_decisions_of_log(registry::Registry& registry, const site::Site& site) {
  const auto view = registry.read();
  const auto at = view->log.position(site.settings.log.origin);
  require_decisions(view, decisions_of(site, at.size));
}

registry::LogPosition require_of_log(registry::Registry& registry, const site::Site& site) {
  auto at = position_of(registry, site);
  std::string leaf;
  const auto end = read_from(site, {}, 0, [&](std::uint64_t index, std::string_view line) {
    if (index + 1 == at.size) leaf = transcript::leaf_text(line);
    return true;
  });
  (void)judged(at, site, end.entries, [&](std::uint64_t /*seq*/) { return leaf; });
  if (at.size == 0 && !registry.read()->tenants.list().empty()) {
    throw Error(Kind::kVerification, "registry-of-other-log",
                fmt::format("the registry has tenants, and has taken over nothing of the log {}",
                            printable(site.settings.log.origin)),
                kOtherHint);
  }
  require_decisions_of_log(registry, site);
  return at;
}

Levelled level(registry::Registry& registry, const site::Site& site,
               const transcript::LogWriter& writer) {
  const auto at = position_of(registry, site);
  (void)standing(at, site, writer);
  const auto end = end_of(writer);
  Levelled done{.entries = end.size - at.size};
  auto transaction = registry.write();
  registry::Stores& stores = *transaction.operator->();
  const auto open = stores.log.open_batches();
  // An open batch may be older than the position: its act ended without an entry, or another act
  // went on after it.
  if (done.entries != 0 || !open.empty())
    take_entries(stores, site, writer.known_start(), open.empty() ? at.size : 0, at.size, done);
  for (const auto& batch : stores.log.open_batches())
    (took_back(stores, batch.id) ? done.settled : done.wrapped).push_back(batch.id);
  if (end.size != 0) stores.log.advance(site.settings.log.origin, end);
  transaction.commit();
  return done;
}

std::vector<std::string> open_batches_of(const registry::Registry& registry, std::string_view run) {
  std::vector<std::string> found;
  const auto view = registry.read();
  for (const auto& batch : view->log.open_batches()) {
    if (batch.run == run) found.push_back(batch.id);
  }
  return found;
}

void settle_batches(registry::Registry& registry, const site::Site& site,
                    const transcript::LogWriter& writer, const std::vector<std::string>& batches) {
  const auto end = end_of(writer);
  const registry::LogEntry entry{.seq = end.size - 1, .leaf = end.leaf};
  auto transaction = registry.write();
  registry::Stores& stores = *transaction.operator->();
  for (const auto& batch : batches) {
    if (!took_back(stores, batch)) stores.log.bind(batch, entry, registry::Outcome::kSettled);
  }
  stores.log.advance(site.settings.log.origin, end);
  transaction.commit();
}

}  // namespace keyrite::act
