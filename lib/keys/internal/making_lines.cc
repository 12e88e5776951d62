// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/internal/making_lines.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "keys/generate_kek.h"
#include "registry/registry.h"
#include "site/layout.h"
#include "transcript/entry_head.h"
#include "transcript/entry_search.h"
#include "transcript/event.h"
#include "transcript/layout.h"
#include "transcript/outcome.h"
#include "transcript/verify.h"

namespace keyrite::keys {

namespace {

bool is_making(const transcript::EntryHead& head) {
  return head.act == kGenerateKekAct && head.event == transcript::kResult &&
         head.outcome == transcript::kOutcomeDone;
}

// What verify() read along; nothing is believed before it returns.
struct ReadAlong {
  void take(const transcript::SignedEntry& entry, std::span<const std::string> ids) {
    const auto& head = entry.head;
    if (!head || head->act != kGenerateKekAct) return;
    if (head->event == transcript::kIntent)
      intents[std::string(head->run)] = std::string(entry.line);
    if (!is_making(*head)) return;
    const auto intent = intents.find(std::string(head->run));
    for (const auto& id : ids) {
      if (entry.line.find(id) == std::string_view::npos) continue;
      makings[id].push_back({.index = entry.index,
                             .result = std::string(entry.line),
                             .intent = intent == intents.end() ? std::string() : intent->second});
    }
  }
  std::map<std::string, std::string> intents{};  // by run
  LinesOfKeys makings{};
};

std::uint64_t signed_size(const site::Site& site) {
  const auto path = transcript::checkpoint_of(site.path(site::kTranscriptName));
  const auto checkpoint = transcript::read_checkpoint(path);
  (void)transcript::verify_checkpoint(checkpoint, {site.log_key}, path);
  return checkpoint.checkpoint.head.size;
}

using EntriesOfKeys = std::map<std::string, std::vector<registry::LogEntry>, std::less<>>;

// The entries that made the versions of these ids, as the registry has them.
EntriesOfKeys entries_on_record(const site::Site& site, std::span<const std::string> ids) {
  EntriesOfKeys entries;
  if (!std::filesystem::exists(site.path(site::kRegistryName))) return entries;
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  for (const auto& id : ids) {
    std::vector<registry::LogEntry> made;
    for (const auto& version : view->versions.with_cka_id(from_hex(id)))
      made.push_back(view->versions.events(version.id).front().mark.entry);
    if (!made.empty()) entries.emplace(id, std::move(made));
  }
  return entries;
}

std::optional<MakingLines> lines_at(const std::string& log, const registry::LogEntry& entry) {
  const auto found = transcript::find_entry(log, entry.seq, entry.leaf);
  const auto head = found ? transcript::entry_head(found->line) : std::nullopt;
  if (!head || !is_making(*head)) return std::nullopt;
  const auto intent = transcript::find_before(log, found->start, [&](std::string_view line) {
    const auto before = transcript::entry_head(line);
    return before && before->event == transcript::kIntent && before->run == head->run;
  });
  if (!intent) return std::nullopt;
  return MakingLines{.index = entry.seq, .result = found->line, .intent = *intent};
}

// All of them or none: a version whose entry is another one leaves the key to the whole log.
std::vector<MakingLines> lines_at(const std::string& log, std::uint64_t size,
                                  const std::vector<registry::LogEntry>& entries) {
  std::vector<MakingLines> lines;
  for (const auto& entry : entries) {
    auto found = entry.seq < size ? lines_at(log, entry) : std::nullopt;
    if (!found) return {};
    lines.push_back(std::move(*found));
  }
  return lines;
}

}  // namespace

LinesOfKeys making_lines_on_record(const site::Site& site, std::span<const std::string> ids) {
  LinesOfKeys known;
  const auto entries = entries_on_record(site, ids);
  if (entries.empty()) return known;
  const std::string log = transcript::log_of(site.path(site::kTranscriptName));
  const auto size = signed_size(site);
  for (const auto& [id, made] : entries) {
    auto lines = lines_at(log, size, made);
    if (!lines.empty()) known.emplace(id, std::move(lines));
  }
  return known;
}

LinesOfKeys making_lines_in_log(const site::Site& site, std::span<const std::string> ids) {
  const std::string folder = site.path(site::kTranscriptName);
  ReadAlong log;
  (void)transcript::verify({.log = transcript::log_of(folder),
                            .checkpoint = transcript::checkpoint_of(folder),
                            .keys = {site.log_key}},
                           [&](const transcript::SignedEntry& entry) { log.take(entry, ids); });
  return std::move(log.makings);
}

}  // namespace keyrite::keys
