#include "act/internal/registry_standing.h"

#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "act/registry_replay.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"
#include "site/layout.h"
#include "transcript/layout.h"
#include "transcript/log_reader.h"
#include "transcript/merkle.h"

namespace keyrite::act {

namespace {

using registry::Standing;

constexpr const char* kOtherHint =
    "find out which of the two was put back: the log, whose checkpoints witnesses and auditors "
    "have, or the registry; put the other one of the same time beside it";

std::string leaf_at(const site::Site& site, std::uint64_t seq) {
  std::string leaf;
  transcript::read_log(transcript::log_of(site.path(site::kTranscriptName)),
                       [&](std::uint64_t index, std::string_view line) {
                         if (index < seq) return true;
                         transcript::Hasher hasher;
                         leaf = to_hex(hasher.leaf(as_bytes(line)));
                         return false;
                       });
  return leaf;
}

// kEqual or kBehind.
Standing standing(const registry::LogPosition& at, const site::Site& site,
                  const transcript::LogWriter& writer) {
  const auto end = end_of(writer);
  const Standing found = registry::standing_of(at, end.size, [&](std::uint64_t seq) {
    return seq + 1 == end.size ? end.leaf : leaf_at(site, seq);
  });
  if (found == Standing::kAhead) {
    throw Error(Kind::kVerification, "registry-ahead",
                fmt::format("the registry of {} has taken over {} entries of the log, which has {}",
                            printable(site.folder), at.size, end.size),
                kOtherHint);
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

// Looks for the entry of every batch that is open, from `first` on, and moves what follows.
void take_entries(registry::Stores& stores, const site::Site& site, std::uint64_t first,
                  Levelled& done) {
  each_registry_entry(site, first, [&](const RegistryEntry& entry) {
    const auto batch = stores.log.find(entry.batch);
    if (!batch) {
      done.unknown.push_back(entry.mark.entry.seq);
      return;
    }
    if (!batch->entry) {
      stores.log.bind(entry.batch, entry.mark.entry);
      ++done.bound;
    }
    (void)take_over(stores, entry);
  });
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
    transcript::read_log(transcript::log_of(site.path(site::kTranscriptName)),
                         [&](std::uint64_t index, std::string_view line) {
                           if (index < at.size) return true;
                           if (registry_entry(site, index, line))
                             behind(site, index, "which rows were written");
                           require_names(view, site, index, line);
                           return true;
                         });
  }
  note_end(registry, site, writer);
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
    take_entries(stores, site, open.empty() ? at.size : 0, done);
  for (const auto& batch : stores.log.open_batches()) {
    stores.log.take_back(batch.id);
    done.settled.push_back(batch.id);
  }
  if (end.size != 0) stores.log.advance(site.settings.log.origin, end);
  transaction.commit();
  return done;
}

}  // namespace keyrite::act
