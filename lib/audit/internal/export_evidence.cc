#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "audit/internal/export_part.h"
#include "base/error.h"
#include "base/lower_hex.h"
#include "base/presence.h"
#include "crypto/digest.h"
#include "transcript/entry_fields.h"
#include "transcript/layout.h"

namespace keyrite::audit {

namespace {

namespace fs = std::filesystem;

Bytes required_evidence(const ExportedLog& log, std::size_t entry, const std::string& sha256) {
  Bytes content = kept_evidence(log, sha256);
  if (!content.empty()) return content;
  throw Error(Kind::kVerification, "evidence-file-missing",
              fmt::format("evidence file {}, which entry {} names, is missing", sha256, entry),
              "restore transcript/evidence/ of the site from a copy, then export again");
}

}  // namespace

std::vector<std::string> evidence_of(const Json& entry) {
  auto hashes = transcript::entry_evidence(entry);
  std::erase_if(hashes, [](const std::string& text) { return !is_lower_hex(text, kSha256Bytes); });
  return hashes;
}

Bytes kept_evidence(const ExportedLog& log, const std::string& sha256) {
  const fs::path place = fs::path(log.source.folder) / transcript::kEvidenceName / sha256;
  if (!is_there(place)) return {};
  Bytes content = read_file(place);
  const std::string found = crypto::sha256_hex(content);
  if (found == sha256) return content;
  throw Error(Kind::kVerification, "evidence-changed",
              fmt::format("the SHA-256 of evidence file {} is {}: somebody changed the file",
                          sha256, found),
              "restore the file from a copy kept elsewhere");
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
      "What is too long for an entry has a file of its own in evidence/. The entry has the SHA-256 "
      "of the file, which is also the file's name.");
  return part;
}

}  // namespace keyrite::audit
