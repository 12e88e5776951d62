// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// JSON that another client than the cloud's command line wrote.
#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "provider/cloud_table.h"
#include "provider/file_form.h"

namespace keyrite::provider {

namespace {

bool holds_all(const JsonView& document, const std::vector<std::string_view>& names) {
  return std::all_of(names.begin(), names.end(),
                     [&](std::string_view name) { return document.find(name).has_value(); });
}

}  // namespace

std::optional<ForeignForm> other_client(const JsonView& document, Provider provider) {
  if (!document.is_object()) return std::nullopt;
  std::string_view name;
  const Cloud& cloud = cloud_of(provider);
  for (const OtherClient& client : cloud.other_clients) {
    if (holds_all(document, client.members)) name = client.name;
  }
  if (document.find("terraform_version") || document.find("format_version")) name = "Terraform";
  if (name.empty()) return std::nullopt;
  return ForeignForm{"file-other-client", fmt::format("it is JSON as {} writes it", name),
                     fmt::format("save it again with {}", cloud.json_command)};
}

}  // namespace keyrite::provider
