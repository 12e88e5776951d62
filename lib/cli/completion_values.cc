// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/completion_values.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/json.h"
#include "cli/error_table.h"
#include "registry/known_names.h"
#include "site/layout.h"
#include "transcript/layout.h"

namespace keyrite::cli {
namespace {

namespace fs = std::filesystem;
using Pseudonyms = std::set<std::string, std::less<>>;

// What a file's name ends in, by the option or word that takes it. Of others every file is offered.
struct FileEnds {
  std::string_view option{};
  std::array<std::string_view, 3> ends{};
};
constexpr std::array kFileEnds{
    FileEnds{"approval", {".sshsig", ".p7s", ".sig"}},
    FileEnds{"ca", {".pem", ".crt"}},
    FileEnds{"chain", {".pem", ".crt"}},
    FileEnds{"import-token", {".bin"}},
    FileEnds{"module", {".so"}},
    FileEnds{"page", {".html"}},
    FileEnds{"parameters", {".json"}},
    FileEnds{"plan", {".toml"}},
    FileEnds{"reply", {".tsr", ".txt"}},
    FileEnds{"roster", {".toml"}},
    FileEnds{"signature", {".sshsig", ".p7s", ".sig"}},
    FileEnds{"statement", {".json"}},
    FileEnds{"timestamp", {".tsr"}},
    FileEnds{"timestamp-ca", {".pem", ".crt"}},
    FileEnds{"timestamp-chain", {".pem", ".crt"}},
    FileEnds{"timestamp-query", {".tsq"}},
    FileEnds{"verification-parameters", {".json"}},
    FileEnds{"vouched", {".json"}},
    FileEnds{"vouched-signature", {".sig", ".sshsig"}},
};

bool has_end(std::string_view option, const std::string& name) {
  const auto* row = std::ranges::find(kFileEnds, option, &FileEnds::option);
  if (row == kFileEnds.end()) return true;
  return std::ranges::any_of(
      row->ends, [&](std::string_view end) { return !end.empty() && name.ends_with(end); });
}

enum class Take { kFolders, kFiles };

// In the folder that `begun` names: its folders, with "/" behind, and its files. Those that begin
// with a dot only where the word does.
std::vector<Candidate> paths(std::string_view option, Take take, std::string_view begun) {
  const auto slash = begun.rfind('/');
  const std::string before(slash == std::string_view::npos ? "" : begun.substr(0, slash + 1));
  const std::string_view name = begun.substr(before.size());
  std::vector<Candidate> found;
  std::error_code none;
  for (auto entry = fs::directory_iterator(before.empty() ? "." : before, none);
       !none && entry != fs::directory_iterator(); entry.increment(none)) {
    const std::string own = entry->path().filename().native();
    if (!own.starts_with(name) || (own.starts_with('.') && !name.starts_with('.'))) continue;
    std::error_code unknown;
    if (entry->is_directory(unknown)) {
      found.push_back({before + own + "/", {}});
    } else if (take == Take::kFiles && has_end(option, own)) {
      found.push_back({before + own, {}});
    }
  }
  std::ranges::sort(found, {}, &Candidate::word);
  return found;
}

// The last entries of a log, each by its JSON; what is no entry is passed over.
template <class Take>
void each_entry(const std::string& site, const Take& take) {
  constexpr std::streamoff kMost = 4 << 20;
  const std::string path = transcript::log_of(site::in_site(site, site::kTranscriptName));
  std::error_code none;
  if (!fs::is_regular_file(path, none)) return;
  std::ifstream log(path, std::ios::binary | std::ios::ate);
  const std::streamoff size = log.tellg();
  log.seekg(std::max<std::streamoff>(0, size - kMost));
  for (std::string line; std::getline(log, line);) {
    const Json entry = Json::parse(line, nullptr, false);
    if (entry.is_object()) take(entry);
  }
}

std::string text_in(const Json& entry, const char* field) {
  const auto found = entry.is_object() ? entry.find(field) : entry.end();
  return entry.is_object() && found != entry.end() && found->is_string() ? found->get<std::string>()
                                                                         : std::string();
}

std::string registry_of(const std::string& site) {
  return site::in_site(site, site::kRegistryName);
}

// Of keys that were made or named in the site.
std::vector<std::string> labels(const std::string& site) {
  Pseudonyms pseudonyms;
  each_entry(site, [&](const Json& entry) {
    const auto keys = entry.find("keys");
    if (keys == entry.end() || !keys->is_array()) return;
    for (const auto& key : *keys) pseudonyms.insert(text_in(key, "key"));
  });
  return registry::names_behind(registry_of(site), pseudonyms);
}

// Folders of bundles that were made in the site, and are there.
std::vector<std::string> bundles(const std::string& site) {
  Pseudonyms pseudonyms;
  each_entry(site, [&](const Json& entry) {
    if (text_in(entry, "act") != "wrap-for-import") return;
    const auto outputs = entry.find("outputs");
    if (outputs == entry.end() || !outputs->is_array()) return;
    for (const auto& output : *outputs) {
      if (output.is_string()) pseudonyms.insert(output.get<std::string>());
    }
  });
  auto folders = registry::names_behind(registry_of(site), pseudonyms);
  std::erase_if(folders, [](const std::string& folder) {
    std::error_code none;
    return !fs::is_regular_file(fs::path(folder) / "manifest.json", none);
  });
  // Below the folder that somebody is in, they are shorter.
  std::error_code none;
  const std::string here = fs::current_path(none).native() + "/";
  for (auto& folder : folders) {
    if (!none && folder.starts_with(here)) folder.erase(0, here.size());
  }
  return folders;
}

std::vector<std::string> statements(const std::string& site) {
  std::vector<std::string> files;
  std::error_code none;
  for (auto entry = fs::directory_iterator(site::in_site(site, site::kApprovalsName), none);
       !none && entry != fs::directory_iterator(); entry.increment(none)) {
    files.push_back((entry->path() / site::kStatementName).native());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<Candidate> as_candidates(std::vector<std::string> words) {
  std::vector<Candidate> candidates;
  candidates.reserve(words.size());
  for (auto& word : words) candidates.push_back({std::move(word), {}});
  return candidates;
}

// Names that the site knows; a name that is to be new has none.
std::vector<std::string> names(std::string_view field, const ValueScene& scene) {
  using registry::Named;
  if (!scene.site) return {};
  const auto known = [&](Named what, const std::optional<std::string>& tenant) {
    return registry::known_names(registry_of(*scene.site), what, tenant);
  };
  const bool is_new = scene.command == "add" || scene.command == "adopt";
  if (field == "tenant") return known(Named::kTenants, {});
  if (field == "key") return known(Named::kKeys, scene.tenant);
  if (field == "destination") return known(Named::kDestinations, scene.tenant);
  if (field == "label" && scene.tool != "generate-kek") return labels(*scene.site);
  if (field == "name" && scene.tool == "tenant" && !is_new) return known(Named::kTenants, {});
  if (field == "name" && scene.tool == "key" && !is_new) return known(Named::kKeys, scene.tenant);
  if (field == "statement") return statements(*scene.site);
  if (field == "folder" && scene.tool == "verify-import") return bundles(*scene.site);
  return {};
}

}  // namespace

std::vector<Candidate> value_candidates(const act::FieldInfo& field, const ValueScene& scene,
                                        std::string_view begun) {
  std::vector<Candidate> all;
  for (const auto& choice : field.choices) all.push_back({std::string(choice), {}});
  if (field.name == "code" && scene.tool == "explain") {
    for (const auto& error : error_table())
      all.push_back({error.code, error.meaning.substr(0, 60)});
  }
  if (!all.empty()) return all;
  all = as_candidates(names(field.name, scene));
  const bool is_folder = field.value == "FOLDER" || field.value == "DIR";
  const bool is_file = field.value == "FILE" || field.value == "PATH" || field.value == "STATEMENT";
  if (is_folder || is_file) {
    auto there = paths(field.name, is_folder ? Take::kFolders : Take::kFiles, begun);
    std::ranges::move(there, std::back_inserter(all));
  }
  return all;
}

}  // namespace keyrite::cli
