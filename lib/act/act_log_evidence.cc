// What an entry tells: facts, PINs that were entered, and the side files that keep evidence.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "act/act_log.h"
#include "act/registry_changes.h"
#include "base/canonical_json.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "transcript/entry.h"
#include "transcript/layout.h"
#include "transcript/outcome.h"

namespace keyrite::act {

namespace {

namespace fs = std::filesystem;

// Facts that are larger stand in a side file, and the entry names its SHA-256.
constexpr std::size_t kMaxFactsBytes = 4096;

std::string_view user_name(pkcs11::UserType user) {
  return user == pkcs11::UserType::kSo ? "security officer" : "user";
}

}  // namespace

Json ActLog::pin_entries() const {
  Json entries = Json::array();
  if (pins_ == nullptr) return entries;
  for (std::size_t i = pins_from_; i < pins_->entries().size(); ++i) {
    const auto& entry = pins_->entries()[i];
    entries.push_back({{"outcome", entry.outcome}, {"user", user_name(entry.user)}});
  }
  return entries;
}

std::string ActLog::keep_evidence(ByteView content) const {
  std::string sha256 = crypto::sha256_hex(content);
  const fs::path folder =
      fs::path(context_.site->site.path(site::kTranscriptName)) / transcript::kEvidenceName;
  require_folder(folder);
  std::error_code ignored;
  const bool kept = fs::is_regular_file(folder / sha256, ignored) &&
                    crypto::sha256_file_hex(folder / sha256) == sha256;
  if (!kept) replace_file(folder / sha256, content);
  return sha256;
}

// Which approvals were due, an auditor asks years later.
std::string ActLog::keep_policy() const {
  const auto& site = context_.site.value().site;
  const Bytes content = read_file(site.path(site::kConfigName));
  if (crypto::sha256_hex(content) == site.sha256) return keep_evidence(content);
  throw Error(
      Kind::kConfig, "policy-changed",
      fmt::format("{} changed after this act read it", printable(site.path(site::kConfigName))),
      "run it again");
}

// Policy, roster, and what the act relies on, each once.
Json ActLog::evidence_of(const Intent& intent, const std::optional<Approval>& approval) const {
  Json kept = Json::array({keep_policy()});
  if (approval && !approval->campaign) kept.push_back(keep_evidence(approval->roster));
  for (const auto& file : intent.evidence) {
    const Json sha256 = keep_evidence(file);
    if (std::ranges::find(kept, sha256) == kept.end()) kept.push_back(sha256);
  }
  return kept;
}

Json ActLog::in_side_file(const LogFacts& facts) const {
  const std::string text = canonical_json(facts.json());
  if (text.size() <= kMaxFactsBytes) return facts.json();
  return {{"evidence_sha256", keep_evidence(as_bytes(text))}, {"evidence_bytes", text.size()}};
}

Json ActLog::result_of(const LogFacts& facts) const {
  Json content{{"run", run_},
               {"outcome", transcript::kOutcomeDone},
               {"facts", in_side_file(facts)},
               {"pin_entries", pin_entries()}};
  if (decides(facts.json())) content[transcript::kDecides] = true;
  const auto id = facts.json().find("key_id");
  if (id != facts.json().end() && id->is_string())
    content["keys"] = Json::array({Json{{"id", *id}}});
  return content;
}

}  // namespace keyrite::act
