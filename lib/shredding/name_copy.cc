// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "shredding/internal/name_copy.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/error.h"
#include "base/file.h"
#include "base/long_json.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "registry/names.h"
#include "site/layout.h"

namespace keyrite::shredding {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongest = std::size_t{64} << 20U;

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code none;
  for (auto entry = fs::directory_iterator(folder, none);
       !none && entry != fs::directory_iterator(); entry.increment(none))
    found.push_back(entry->path());
  std::ranges::sort(found);
  return found;
}

bool names(const fs::path& file, const std::string& name) {
  return registry::has_word(as_text(read_file(file)), name);
}

// By the name of the file, or of the folder that it is in.
Json contents_of(const std::vector<std::string>& paths, bool by_folder) {
  Json contents = Json::object();
  for (const auto& path : paths) {
    const fs::path file(path);
    contents[(by_folder ? file.parent_path() : file).filename().native()] =
        as_text(read_file(file));
  }
  return contents;
}

}  // namespace

NamedFiles named_files(const site::Site& site, const std::string& name) {
  NamedFiles found;
  for (const auto& text : entries_of(site.path(site::kTextsName))) {
    if (names(text, name)) found.texts.push_back(text.native());
  }
  for (const auto& folder : entries_of(site.path(site::kApprovalsName))) {
    const auto beside = folder / site::kNamesName;
    if (is_there(beside) && names(beside, name)) found.approvals.push_back(beside.native());
  }
  return found;
}

NameCopy name_copy(const registry::Stores& stores, const site::Site& site,
                   const registry::Tenant& tenant, const std::string& time) {
  const auto files = named_files(site, tenant.name.value_or(tenant.id));
  const Json document{{"format", kNameCopyFormat},
                      {"version", kNameCopyVersion},
                      {"origin", site.settings.log.origin},
                      {"time", time},
                      {"registry", stores.tenants.names(tenant.id)},
                      {"texts", contents_of(files.texts, false)},
                      {"approvals", contents_of(files.approvals, true)}};
  NameCopy copy;
  const std::string text = canonical_json(document) + "\n";
  copy.content.assign(text.begin(), text.end());
  copy.sha256 = crypto::sha256_hex(copy.content);
  return copy;
}

std::optional<std::string> time_of_left_copy(const std::string& folder) {
  if (!is_there(folder)) return std::nullopt;
  const auto path = fs::path(folder) / kNameCopyName;
  try {
    const Bytes content = read_file(path, kLongest);
    const Json document = parse_long_json(content, path.native(), kLongest);
    const JsonView view(document, path.native());
    if (view.text("format") == kNameCopyFormat) return view.text("time");
  } catch (const Error&) {
    // It is something else.
  }
  require_writable_new_path(folder);
  return std::nullopt;
}

bool is_in(const NameCopy& copy, const std::string& folder) {
  return read_file(fs::path(folder) / kNameCopyName, kLongest) == copy.content;
}

std::optional<CopiedTenant> tenant_in_copy(const std::string& folder, const std::string& name) {
  const auto path = fs::path(folder) / kNameCopyName;
  if (!is_there(path)) return std::nullopt;
  const Bytes content = read_file(path, kLongest);
  const Json document = parse_long_json(content, path.native(), kLongest);
  const auto tenant = JsonView(document, path.native()).at("registry").at("tenant");
  if (tenant.text("name") != name) return std::nullopt;
  return CopiedTenant{.id = tenant.text("id"), .sha256 = crypto::sha256_hex(content)};
}

std::string name_in_copy(const std::string& folder, const std::string& sha256) {
  const auto path = fs::path(folder) / kNameCopyName;
  const Bytes content = read_file(path, kLongest);
  if (crypto::sha256_hex(content) != sha256) {
    throw Error(Kind::kVerification, "name-copy-other",
                fmt::format("{} is not the copy with the SHA-256 {}, which the log has",
                            printable(path.native()), sha256),
                "give the folder that --forget wrote, as it was written");
  }
  const Json document = parse_long_json(content, path.native(), kLongest);
  return JsonView(document, path.native()).at("registry").at("tenant").text("name");
}

}  // namespace keyrite::shredding
