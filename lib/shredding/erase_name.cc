// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The name of a tenant leaves the files of the site.
#include <algorithm>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "act/typed_text.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/presence.h"
#include "base/text.h"
#include "registry/registry.h"
#include "shredding/internal/forget_acts.h"
#include "shredding/internal/name_copy.h"
#include "site/layout.h"

namespace keyrite::shredding {

namespace {

namespace fs = std::filesystem;

void erase_files(const NamedFiles& files, const site::Site& site) {
  for (const auto& text : files.texts)
    (void)act::erase_text(site.path(site::kTextsName), fs::path(text).filename().native());
  for (const auto& names : files.approvals) {
    std::error_code failed;
    fs::remove(names, failed);
    if (!failed) continue;
    throw Error(Kind::kFailed, "file-unwritable",
                fmt::format("{} cannot be removed: {}", printable(names), failed.message()),
                "the folder must be writable by the user who runs this");
  }
}

// In which columns others have the bytes too, as "Acme" in the "Acme Labs" of another tenant: then
// the file is not searched, since it must have them. SQLite leaves what it freed in its pages until
// the file is written anew.
std::vector<std::string> search_registry(const site::Site& site, const std::string& name) {
  const fs::path path = site.path(site::kRegistryName);
  std::vector<std::string> columns;
  {
    registry::Registry registry(path);
    registry.rewrite();
    columns = registry.columns_with(name);
  }
  if (!columns.empty()) return columns;
  for (const char* ending : {"", "-journal", "-wal"}) {
    const std::string file = path.native() + ending;
    if (!is_there(file) || !registry::is_in_file(file, name)) continue;
    throw Error(Kind::kFailed, "name-left",
                fmt::format("the name is in no row of the registry, and in its file still: {}",
                            printable(file)),
                "close other programs that have the file open, and run the same command again");
  }
  return {};
}

bool is_registry(const fs::path& path, const site::Site& site) {
  return path.native().starts_with(site.path(site::kRegistryName));
}

// Relative to the site: what keyrite does not change, as a log whose token has the name as label.
std::vector<std::string> files_with(const site::Site& site, const std::string& name) {
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(site.folder)) {
    if (!entry.is_regular_file() || entry.is_symlink() || is_registry(entry.path(), site)) continue;
    if (registry::is_in_file(entry.path(), name))
      found.push_back(entry.path().lexically_relative(site.folder).native());
  }
  std::ranges::sort(found);
  return found;
}

act::Outcome performed(const std::string& tenant, const std::string& name,
                       const std::shared_ptr<Json>& done, act::AtWork& at) {
  const auto& site = act::required_site(at.context());
  const auto files = named_files(site, name);
  erase_files(files, site);
  const auto columns = search_registry(site, name);
  const auto left = files_with(site, name);
  act::Outcome outcome{
      .document = {{"texts_erased", files.texts.size()},
                   {"approvals_without_names", files.approvals.size()},
                   {"columns_with_the_bytes", columns},
                   {"files_with_the_bytes", left}},
      .facts = {{"tenant", act::Fact::id(tenant)},
                {"texts", files.texts.size()},
                {"approvals", files.approvals.size()},
                {"columns_left", columns.size()},
                {"files_left", left.size()}},
      .registry = act::rows_of(kNamesAct, Json{tenant}, 1,
                               [](registry::Stores& /*stores*/, const std::string& /*batch*/) {
                                 return act::LogFacts{};
                               })};
  outcome.when_logged = [done](act::Outcome& logged, std::optional<std::uint64_t> /*entry*/) {
    *done = logged.document;
  };
  return outcome;
}

}  // namespace

// Neither name nor folder is in its intent: they would be names of the registry again.
act::Act erase_name(const std::string& tenant, const std::string& name,
                    const std::shared_ptr<Json>& done) {
  return {approval::operation_named(kNamesAct), [=](const act::Context& /*context*/) {
            return act::PreparedAct{
                .intent = {.act = kNamesAct, .inputs = {{.name = "tenant_id", .value = tenant}}},
                .need = {.access = pkcs11::Access::kReadOnly},
                .perform = [=](act::AtWork& at) { return performed(tenant, name, done, at); }};
          }};
}

}  // namespace keyrite::shredding
