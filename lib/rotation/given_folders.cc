// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/given_folders.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/error.h"
#include "base/text.h"
#include "provider/fetch_script.h"
#include "rotation/places.h"

namespace keyrite::rotation {
namespace {

namespace fs = std::filesystem;

// The folders of a destination's versions begin so, whichever version it is.
bool has_folder_of(const std::vector<registry::Destination>& destinations,
                   const std::string& folder, std::string_view before, std::string_view after) {
  return std::ranges::any_of(fs::directory_iterator(folder), [&](const auto& entry) {
    const auto name = entry.path().filename().string();
    return name.ends_with(after) && std::ranges::any_of(destinations, [&](const auto& one) {
             const auto any = folder_of(one, 0);
             return name.starts_with(std::string(before) + any.substr(0, any.size() - 1));
           });
  });
}

void require_folder_of(const RotateRequest& request, const registry::Stores& stores,
                       const std::string& folder, std::string_view before, std::string_view after) {
  if (!fs::is_directory(folder)) {
    throw Error(Kind::kUsage, "rotate-folder", fmt::format("{} is no folder", printable(folder)),
                "give the folder that holds what came back from the connected machine");
  }
  if (!request.tenant) return;
  const auto key = act::key_named(stores, *request.tenant, *request.key);
  if (has_folder_of(stores.destinations.of(key.id), folder, before, after)) return;
  throw Error(
      Kind::kUsage, "rotate-folder",
      fmt::format("{} has nothing of the key {}", printable(folder), printable(*request.key)),
      "give the folder that rotate wrote for this key, with what came back beside it");
}

}  // namespace

void require_folders_of(const RotateRequest& request, const registry::Stores& stores) {
  if (request.abandon) return;
  if (request.parameters)
    require_folder_of(request, stores, *request.parameters, "ask-", provider::kFetchedSuffix);
  if (request.answers) require_folder_of(request, stores, *request.answers, "", "");
}

}  // namespace keyrite::rotation
