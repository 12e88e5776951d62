#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "acts/internal/export_part.h"
#include "base/error.h"
#include "base/presence.h"
#include "crypto/digest.h"
#include "transcript/layout.h"

namespace keyrite::acts {

namespace {

namespace fs = std::filesystem;

// What stands under a name in an object; null where there is none.
Json member(const Json& value, std::string_view name) {
  const auto found = value.is_object() ? value.find(name) : value.end();
  return found == value.end() ? Json(nullptr) : *found;
}

void add_hash(std::vector<std::string>& hashes, const Json& value) {
  if (value.is_string() && is_sha256_name(value.get<std::string>()))
    hashes.push_back(value.get<std::string>());
}

Bytes required_evidence(const ExportedLog& log, std::size_t entry, const std::string& sha256) {
  Bytes content = kept_evidence(log, sha256);
  if (!content.empty()) return content;
  throw Error(Kind::kVerification, "evidence-file-missing",
              fmt::format("entry {} names the evidence {}, which is not there", entry, sha256),
              "restore transcript/evidence/ of the site from a copy, then export again");
}

}  // namespace

bool is_sha256_name(const std::string& name) {
  return name.size() == 64 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string entry_text(const Json& entry, std::string_view name, std::string_view inner) {
  Json value = member(entry, name);
  if (!inner.empty()) value = member(value, inner);
  return value.is_string() ? value.get<std::string>() : std::string();
}

Json entry_list(const Json& entry, std::string_view name, std::string_view inner) {
  Json value = member(entry, name);
  if (!inner.empty()) value = member(value, inner);
  return value.is_array() ? value : Json::array();
}

std::vector<std::string> evidence_of(const Json& entry) {
  std::vector<std::string> hashes;
  add_hash(hashes, member(member(entry, "facts"), "evidence_sha256"));
  const Json kept = member(entry, "evidence");
  add_hash(hashes, kept);
  if (kept.is_array()) {
    for (const auto& one : kept) add_hash(hashes, one);
  }
  return hashes;
}

Bytes kept_evidence(const ExportedLog& log, const std::string& sha256) {
  const fs::path place = fs::path(log.source.folder) / transcript::kEvidenceName / sha256;
  if (!is_there(place)) return {};
  Bytes content = read_file(place);
  if (crypto::sha256_hex(content) == sha256) return content;
  throw Error(Kind::kVerification, "evidence-changed",
              fmt::format("the evidence {} has another SHA-256 than its name", sha256),
              "compare with a copy kept elsewhere: it was changed");
}

ExportPart export_evidence(const ExportedLog& log, const std::vector<FolderFile>& elsewhere) {
  std::set<std::string> there;
  for (const auto& file : elsewhere) there.insert(file.name);
  ExportPart part;
  for (std::size_t i = 0; i < log.entries.size(); ++i) {
    for (const auto& sha256 : evidence_of(log.entries[i])) {
      const std::string name = "evidence/" + sha256;
      if (there.contains(fmt::format("rosters/{}.toml", sha256)) ||
          there.contains(fmt::format("policies/{}.toml", sha256)) || !there.insert(name).second)
        continue;
      part.files.push_back({.name = name, .content = required_evidence(log, i, sha256)});
    }
  }
  if (part.files.empty()) return part;
  part.verify.title("Evidence");
  part.verify.say(
      "What was too long for an entry stands in a file of its own in evidence/, named by its "
      "SHA-256, which the entry has.");
  return part;
}

}  // namespace keyrite::acts
