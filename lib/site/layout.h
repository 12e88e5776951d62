// Where things stand in a site's folder (docs/formats/site.md): one folder is one token with its
// configuration, its log and what belongs to that. Pure, any thread.
#pragma once

#include <string>

namespace keyrite::site {

inline constexpr const char* kConfigName = "site.toml";
inline constexpr const char* kVkeysName = "vkeys";
inline constexpr const char* kPolicyName = "trust/policy";
inline constexpr const char* kRosterName = "roster.toml";
inline constexpr const char* kTranscriptName = "transcript";
inline constexpr const char* kApprovalsName = "approvals";
// In the folder of one statement.
inline constexpr const char* kStatementName = "statement.json";
inline constexpr const char* kRequestName = "request.json";
inline constexpr const char* kNamesName = "names.json";
inline constexpr const char* kTextsName = "texts";  // what people typed, by SHA-256
inline constexpr const char* kRegistryName = "registry.sqlite";
inline constexpr const char* kLastSignedName = "state/last-signed";

// `name` in the site's folder; an absolute one is itself.
[[nodiscard]] std::string in_site(const std::string& folder, const std::string& name);

}  // namespace keyrite::site
