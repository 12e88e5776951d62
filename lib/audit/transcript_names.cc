// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/transcript_names.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "audit/show_transcript.h"
#include "base/error.h"
#include "base/json.h"
#include "base/lower_hex.h"
#include "base/presence.h"
#include "registry/registry.h"
#include "site/layout.h"
#include "transcript/entry_fields.h"

namespace keyrite::audit {

namespace {

constexpr std::size_t kPseudonymBytes = 16;

void add_names(const registry::Registry& registry, const Json& entry,
               std::map<std::string, std::string>& names) {
  for (const Json& key : transcript::entry_list(entry, "keys")) {
    const std::string pseudonym = transcript::entry_text(key, "key");
    if (!is_lower_hex(pseudonym, kPseudonymBytes) || names.contains(pseudonym)) continue;
    const auto name = registry.name_of(pseudonym);
    if (!name) continue;
    names.emplace(pseudonym, *name);
    // Other entries about the key have its id alone.
    if (const std::string id = transcript::entry_text(key, "id"); !id.empty())
      names.emplace(id, *name);
  }
}

}  // namespace

TranscriptNames names_of(const TranscriptSource& source, const std::vector<ShownEntry>& entries) {
  TranscriptNames names;
  if (!source.site) return names;
  const std::string path = fmt::format("{}/{}", *source.site, site::kRegistryName);
  // One that no act has written yet is empty; opening it would make its tables.
  std::error_code gone;
  if (!is_there(path) || std::filesystem::file_size(path, gone) == 0 || gone) return names;
  try {
    const registry::Registry registry(path);
    for (const auto& one : entries) add_names(registry, one.entry, names.by_word);
  } catch (const Error& error) {
    names.why_not = fmt::format("no names are shown: {}", error.message());
  }
  return names;
}

}  // namespace keyrite::audit
