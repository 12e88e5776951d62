// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/folder.h"

#include <filesystem>

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/error.h"
#include "base/file.h"
#include "base/ownership.h"
#include "base/presence.h"
#include "base/text.h"

namespace keyrite::ceremony {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFileName = "ceremony.toml";
constexpr const char* kBindingsName = "bindings.json";

}  // namespace

CeremonyFolder::CeremonyFolder(const site::Site& site, const std::string& id)
    : folder_(fs::path(site.path(kCeremoniesName)) / id) {}

std::string CeremonyFolder::path(const std::string& name) const {
  return (fs::path(folder_) / name).native();
}

void CeremonyFolder::create(const CeremonyFile& file, const Bindings& bindings) const {
  require_folder(fs::path(folder_).parent_path());
  require_folder(folder_);
  replace_file(path(kFileName), file.content);
  save(bindings);
}

void CeremonyFolder::remove() const {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

CeremonyFile CeremonyFolder::file(const std::string& sha256) const {
  const std::string name = path(kFileName);
  if (!is_there(name)) {
    throw Error(Kind::kUsage, "ceremony-file-lost",
                fmt::format("{} is missing, which the ceremony was begun with", printable(name)),
                fmt::format("put the file with the SHA-256 {} there", sha256));
  }
  auto kept = ceremony_file(name);
  if (kept.ceremony.sha256 == sha256) return kept;
  throw Error(Kind::kVerification, "ceremony-other-file",
              fmt::format("{} has the SHA-256 {}, and the ceremony was begun with {}",
                          printable(name), kept.ceremony.sha256, sha256),
              "put back the file that was approved, and find out who changed it");
}

Bindings CeremonyFolder::bindings(const Ceremony& ceremony) const {
  const std::string name = path(kBindingsName);
  require_ours_alone(name);
  return Bindings::from_json(parse_json(read_file(name), name), name, ceremony);
}

void CeremonyFolder::save(const Bindings& bindings) const {
  replace_file(path(kBindingsName), as_bytes(canonical_json(bindings.to_json())));
}

}  // namespace keyrite::ceremony
