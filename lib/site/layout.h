// Where things are in a site's folder (docs/formats/site.md): one folder is one token with its
// configuration, its log and what belongs to that. Any thread.
#pragma once

#include <string>

namespace keyrite::site {

inline constexpr const char* kConfigName = "site.toml";
inline constexpr const char* kSiteFormat = "keyrite-site";  // its field "format"
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
inline constexpr const char* kUnderWayName = "under-way";  // a locked file for each act in parts
inline constexpr const char* kLastSignedName = "state/last-signed";
// In site.toml: the last signed checkpoint is kept in the site itself, at kLastSignedName.
inline constexpr const char* kInSite = "in-site";
// In site.toml: an operation needs nobody's approval.
inline constexpr const char* kNobody = "nobody";

// Whether a path is the folder or in it, links followed, be they there yet or not.
[[nodiscard]] bool is_within(const std::string& path, const std::string& folder);

// `name` in the site's folder; an absolute one is itself.
[[nodiscard]] std::string in_site(const std::string& folder, const std::string& name);

}  // namespace keyrite::site
