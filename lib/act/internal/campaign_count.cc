// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "act/campaign.h"
#include "act/registry_replay.h"
#include "base/error.h"
#include "base/json.h"
#include "site/layout.h"
#include "transcript/entry_fields.h"
#include "transcript/entry_search.h"
#include "transcript/event.h"
#include "transcript/layout.h"
#include "transcript/log_reader.h"
#include "transcript/signed_from.h"

namespace keyrite::act {

namespace {

constexpr const char* kCampaignField = "campaign";

[[noreturn]] void log_changed() {
  throw Error(Kind::kVerification, "campaign-log-changed",
              "the log is not the one that was signed, so that the uses of a campaign in it cannot "
              "be counted",
              "keyrite transcript verify says what differs");
}

bool is_use(std::string_view line, const std::string& id) {
  if (line.find(id) == std::string_view::npos) return false;
  const Json entry = parse_json(as_bytes(line), "entry");
  const Json* use = campaign_use_in(entry);
  return use != nullptr && transcript::entry_text(*use, "id") == id;
}

// A campaign is opened once, and an entry says so: no use is before it.
bool opens(const site::Site& site, const transcript::FoundEntry& found, const std::string& id) {
  const auto entry = registry_entry(site, found.start.entries, found.line);
  if (!entry || entry->act != kOpenCampaignAct) return false;
  const Json changes = entry->facts.value("changes", Json::array());
  return std::ranges::any_of(changes, [&](const Json& change) {
    const auto decision = change.find("decision");
    return decision != change.end() && decision->is_object() &&
           decision->value("kind", "") == kCampaignField && decision->value("subject", "") == id;
  });
}

std::optional<transcript::FoundEntry> opening_of(const site::Site& site, const std::string& id,
                                                 const registry::LogEntry& opened) {
  const auto log = transcript::log_of(site.path(site::kTranscriptName));
  auto found = transcript::find_entry(log, opened.seq, opened.leaf);
  if (!found || !opens(site, *found, id)) return std::nullopt;
  return found;
}

// nullopt: only the whole log tells.
std::optional<std::uint64_t> uses_since(const site::Site& site, const std::string& id,
                                        const registry::LogEntry& opened,
                                        const transcript::TreeHead& signed_head) {
  const auto from = opening_of(site, id, opened);
  if (!from) return std::nullopt;
  std::uint64_t uses = 0;
  const bool proven = transcript::read_signed_from(
      site.path(site::kTranscriptName), site.log_key, *from, signed_head,
      [&](std::uint64_t /*index*/, std::string_view line) {
        if (is_use(line, id)) ++uses;
      });
  if (!proven) return std::nullopt;
  return uses;
}

}  // namespace

const Json* campaign_use_in(const Json& entry) {
  if (!entry.is_object() || transcript::entry_text(entry, "event") != transcript::kIntent)
    return nullptr;
  const auto found = entry.find(kCampaignField);
  return found == entry.end() ? nullptr : &*found;
}

// What is counted must be what was signed: a use that somebody took out of the file would be one
// more that is allowed.
std::uint64_t campaign_uses(const site::Site& site, const std::string& id,
                            const std::optional<transcript::TreeHead>& signed_head,
                            const std::optional<registry::LogEntry>& opened) {
  if (signed_head && opened) {
    if (const auto uses = uses_since(site, id, *opened, *signed_head)) return *uses;
  }
  transcript::Hasher hasher;
  transcript::Tree tree(hasher);
  std::uint64_t uses = 0;
  transcript::read_log(transcript::log_of(site.path(site::kTranscriptName)),
                       [&](std::uint64_t index, std::string_view line) {
                         if (signed_head && index < signed_head->size)
                           tree.append(hasher.leaf(as_bytes(line)));
                         if (is_use(line, id)) ++uses;
                         return true;
                       });
  if (signed_head && (tree.size() != signed_head->size || tree.root() != signed_head->root))
    log_changed();
  return uses;
}

}  // namespace keyrite::act
