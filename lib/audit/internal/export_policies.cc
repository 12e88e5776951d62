#include <filesystem>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "audit/internal/export_part.h"
#include "base/error.h"
#include "base/lower_hex.h"
#include "base/presence.h"
#include "base/toml.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "transcript/entry_fields.h"

namespace keyrite::audit {

namespace {

namespace fs = std::filesystem;

// The entries that acted under one site.toml.
struct PolicyUse {
  std::vector<std::size_t> entries{};
  bool kept{};  // an entry says that it was kept beside the log
};

std::map<std::string, PolicyUse> policy_uses_of(const std::vector<Json>& entries) {
  std::map<std::string, PolicyUse> uses;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string sha256 = transcript::entry_text(entries[i], "site_sha256");
    if (!is_lower_hex(sha256, kSha256Bytes)) continue;
    PolicyUse& use = uses[sha256];
    use.entries.push_back(i);
    for (const auto& kept : evidence_of(entries[i])) use.kept = use.kept || kept == sha256;
  }
  return uses;
}

// From among the evidence; version 0.1.0 kept none there, and the site's own may be the same still.
Bytes policy_of(const ExportedLog& log, const std::string& sha256) {
  Bytes kept = kept_evidence(log, sha256);
  if (!kept.empty() || !log.source.site) return kept;
  const fs::path own = fs::path(*log.source.site) / site::kConfigName;
  if (!is_there(own)) return {};
  Bytes content = read_file(own);
  return crypto::sha256_hex(content) == sha256 ? content : Bytes{};
}

// "2, 4 to 9"
std::string entry_ranges(const std::vector<std::size_t>& numbers) {
  std::string text;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t first = i;
    while (i + 1 < numbers.size() && numbers[i + 1] == numbers[i] + 1) ++i;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", numbers[first]);
    if (i > first) text += fmt::format(" to {}", numbers[i]);
  }
  return text;
}

// "shred: 2 security-officer", a sentence for each operation of [approvals.needed], as the file has
// it: whatever version of keyrite wrote it.
std::vector<std::string> needed_of(const Bytes& policy) {
  std::vector<std::string> lines;
  try {
    const Json whole = parse_toml(policy, "site.toml");
    for (const auto& [operation, roles] : whole.at("approvals").at("needed").items()) {
      // A word in the place of roles: nobody.
      std::string people = roles.is_string() ? " " + roles.get<std::string>() : std::string();
      if (people.empty()) {
        for (const auto& [role, count] : roles.items())
          people += fmt::format(" {} {}", count.dump(), role);
      }
      lines.push_back(fmt::format("{}:{}", operation, people));
    }
  } catch (const Error&) {
    lines = {"keyrite cannot read it as a policy: read it yourself."};
  } catch (const Json::exception&) {
    lines = {"It has no table [approvals.needed]: read it yourself."};
  }
  return lines;
}

void describe(VerifyText& text, const std::string& sha256, const PolicyUse& use,
              const Bytes& policy) {
  text.say(fmt::format("site.toml with the SHA-256 {} applied to the entries {}.", sha256,
                       entry_ranges(use.entries)));
  if (policy.empty()) {
    text.say("It is NOT here: version 0.1.0 of keyrite did not keep it. Ask for a copy.");
    return;
  }
  text.say(fmt::format("It is policies/{}.toml, and requires these approvals:", sha256));
  for (const auto& line : needed_of(policy)) text.say(line);
}

std::string told_of(const std::string& sha256, const PolicyUse& use, const Bytes& policy) {
  const std::string entries = entry_ranges(use.entries);
  if (policy.empty())
    return fmt::format("Entries {}: site.toml {}, which is NOT in this folder.", entries, sha256);
  const auto needed = needed_of(policy);
  return fmt::format("Entries {}: policies/{}.toml. {}", entries, sha256,
                     needed.empty() ? std::string("It requires none.")
                                    : fmt::format("{}.", fmt::join(needed, "; ")));
}

}  // namespace

ExportPart export_policies(const ExportedLog& log) {
  ExportPart part;
  for (const auto& [sha256, use] : policy_uses_of(log.entries)) {
    const Bytes policy = policy_of(log, sha256);
    // What was kept and is gone, export_evidence refuses.
    if (policy.empty() && use.kept) continue;
    if (part.verify.text().empty()) part.verify.title("Which approvals were required");
    describe(part.verify, sha256, use, policy);
    part.told.push_back(told_of(sha256, use, policy));
    if (!policy.empty())
      part.files.push_back({.name = fmt::format("policies/{}.toml", sha256), .content = policy});
  }
  return part;
}

}  // namespace keyrite::audit
