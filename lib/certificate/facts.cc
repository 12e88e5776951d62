// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/facts.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "certificate/internal/log_story.h"

namespace keyrite::certificate {

namespace {

bool in_scope(const Scope& scope, const VersionRef& version) {
  return (!scope.key || *scope.key == version.key) &&
         (!scope.number || *scope.number == version.number);
}

KeyFacts facts_of_key(const std::string& id, const KeyTold& told) {
  return {.id = id, .type = told.type, .usage = told.usage, .entry = told.entry};
}

void put_places(const LogStory& story, const Documents& documents, Facts& facts) {
  for (PlaceFacts place : story.places()) {
    const bool meant = std::ranges::any_of(
        facts.versions, [&](const VersionFacts& one) { return one.id == place.version; });
    if (!meant) continue;
    const auto document = documents.find(story.decision_about(place.destination));
    if (document != documents.end()) describe(place, document->second);
    facts.places.push_back(std::move(place));
  }
}

// What a run did with other versions is not part of this.
void put_runs(const LogStory& story, Facts& facts) {
  const auto is_meant = [&](const VersionRef& version) {
    return std::ranges::any_of(facts.versions,
                               [&](const VersionFacts& one) { return one.id == version; });
  };
  for (RunFacts run : story.runs()) {
    std::erase_if(run.looks, [&](const Look& look) { return !is_meant(look.version); });
    if (!run.looks.empty()) facts.runs.push_back(std::move(run));
  }
  for (const auto& [versions, decision] : story.decisions()) {
    if (std::ranges::any_of(versions, is_meant)) facts.decisions.push_back(decision);
  }
  for (const auto& [versions, closing] : story.closings()) {
    if (std::ranges::any_of(versions, is_meant)) facts.closings.push_back(closing);
  }
  for (const auto& [versions, time] : story.freezings()) {
    if (!facts.frozen_at && std::ranges::any_of(versions, is_meant)) facts.frozen_at = time;
  }
}

}  // namespace

Facts facts_of(const Scope& scope, const std::vector<ToldEntry>& told, const Documents& documents) {
  const LogStory story(told);
  Facts facts;
  for (const auto& [id, key] : story.keys()) {
    if (key.tenant == scope.tenant && (!scope.key || *scope.key == id))
      facts.keys.push_back(facts_of_key(id, key));
  }
  for (const auto& [id, version] : story.versions()) {
    const auto key = story.keys().find(id.key);
    if (key == story.keys().end() || key->second.tenant != scope.tenant) continue;
    if (!in_scope(scope, id)) continue;
    (version.condemned ? facts.versions : facts.others).push_back(version);
  }
  put_places(story, documents, facts);
  put_runs(story, facts);
  return facts;
}

const Look* last_look(const Facts& facts, const VersionRef& version,
                      const std::string& token_serial) {
  const Look* last = nullptr;
  for (const auto& run : facts.runs) {
    if (run.token.serial != token_serial) continue;
    for (const auto& look : run.looks) {
      if (look.version == version) last = &look;
    }
  }
  return last;
}

bool shown_absent(const Facts& facts, const VersionFacts& version, const CopyFacts& copy) {
  const Look* look = last_look(facts, version.id, copy.token_serial);
  return copy.state == "destroyed" && look != nullptr && look->outcome == "absent" &&
         look->found == 0 && look->canary != "opened";
}

}  // namespace keyrite::certificate
