// A site's configuration: which token, where its PINs come from, which key signs its log, and which
// acts need whose approval. Read from site.toml and vkeys, which nobody else may be able to change.
// Plain data that owns all it holds; reading asks the file system, any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "approval/roster.h"
#include "approval/statement.h"
#include "base/key_origin.h"
#include "base/wrapping.h"
#include "transcript/note.h"

namespace keyrite::site {

struct TokenSettings {
  std::string uri{};  // RFC 7512
  std::optional<std::string> module{};
  std::optional<std::string> module_init_args{};
  std::optional<std::string> pin_file{};
  std::optional<std::string> so_pin_file{};
};

struct LogSettings {
  std::string origin{};       // the log's name, and its key's
  std::string key_id{};       // CKA_ID of the log-signing key, lower-case hex
  std::string last_signed{};  // absolute file, outside of the site; or kInSite
};

inline constexpr std::chrono::hours kDefaultLongest{72};

struct ApprovalSettings {
  std::string roster{};                         // file
  std::chrono::hours longest{kDefaultLongest};  // how long an approval statement holds
  bool initiator_counts{false};                 // whether who asks may approve too
  bool require_user_verification{false};        // of authenticators: PIN or finger
  // By operation: "shred". Empty: nobody, as policy says by name.
  std::map<std::string, approval::Threshold> needed{};
};
// For each operation that policy must name: two security officers; nobody if there is no roster.
[[nodiscard]] ApprovalSettings default_approvals(bool roster);

// Which words about a wrapping key of a cloud are enough to wrap under it.
struct WrappingKeySettings {
  std::set<WrappingKeyBasis> accepted{WrappingKeyBasis::kCompared};
  std::uint64_t fetchers{1};  // how many people must vouch for the same key
  [[nodiscard]] bool accepts(WrappingKeyBasis basis) const { return accepted.contains(basis); }
};

// The role of who vouches for a wrapping key, in the roster.
inline constexpr const char* kFetcherRole = "fetcher";

inline constexpr int kSiteVersion = 2;

struct Settings {
  int version{kSiteVersion};  // of the file that was read
  // What an act that sends a key away demands of where it came from; nullopt: nothing.
  std::optional<KeyOrigin> required_origin{};
  TokenSettings token{};
  LogSettings log{};
  WrappingKeySettings wrapping_keys{};
  ApprovalSettings approvals{};
};

struct Site {
  std::string folder{};
  Settings settings{};   // paths as written: in_site() (site/layout.h) finds them
  std::string sha256{};  // of site.toml
  transcript::NoteKey log_key;
  // Of a version 1 file, whose policy may fail open: sentences to say at every start.
  std::vector<std::string> weaknesses{};
  [[nodiscard]] std::string path(const std::string& name) const;
  [[nodiscard]] std::string last_signed() const;
  // Whether last_signed() is in the site's own folder, so that a copy of it has it too.
  [[nodiscard]] bool keeps_last_signed() const;
};

// What init-site writes, in the newest version; read_site reads it back to the same settings.
[[nodiscard]] std::string site_toml(const Settings& settings);

// Throws what read_site would throw of these settings and this roster once they are written.
void require_readable(const Settings& settings, const std::optional<approval::Roster>& roster);

// Error kConfig "log-origin-invalid": an origin is a vkey's name, best a schema-less URL, such as
// keyrite.example/hsm1 (c2sp.org/signed-note).
void require_origin(const std::string& origin);

// Errors kConfig: "folder-missing", "site-missing" (no site.toml in it),
// "config-writable-by-others", those of parse_toml, "site-format", "site-version",
// "site-unknown-field", "site-invalid", "json-missing-field", "json-wrong-type", those of
// NoteKey::parse, "site-key" (vkeys does not have exactly one key of the log's name); of a version
// 2 file, whose policy must hold: "last-signed-in-site" (an absolute path that is in the site),
// those of policy_faults (site/policy.h), read_roster.
[[nodiscard]] Site read_site(const std::string& folder);

}  // namespace keyrite::site
