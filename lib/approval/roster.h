// The roster: who may approve, in which role, by which SSH keys and from when to when. A TOML file
// that people review and whose SHA-256 stands in every approval statement. Plain data that owns all
// it holds; pure, any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "approval/ssh_key.h"
#include "base/bytes.h"
#include "base/clock.h"

namespace keyrite::approval {

struct Approver {
  std::string identity{};                  // "alice@example.org"; also the stem of her files' names
  std::vector<std::string> roles{};        // "security-officer"; at least one, each once
  std::vector<SshKey> keys{};              // at least one
  std::optional<TimePoint> valid_from{};   // the first moment, if there is one
  std::optional<TimePoint> valid_until{};  // the first moment after the last, if there is one
};

struct Roster {
  std::vector<Approver> approvers{};  // in the file's order
  std::string sha256{};               // of the file's bytes, lower-case hex
};

// [[approver]] tables with `identity`, `roles`, `keys` (lines as parse_ssh_key takes them) and, if
// wished, `valid_from` and `valid_until` (RFC 3339 in quotes); nothing else. `origin` names the
// file in errors. Errors kConfig: "roster-invalid" (no TOML), "roster-too-large", "roster-empty",
// "roster-unknown-field", "roster-missing-field", "roster-wrong-type", "roster-identity-invalid",
// "roster-duplicate-identity" (case does not tell people apart), "roster-role-invalid",
// "roster-no-roles", "roster-no-keys", "roster-duplicate-key" (naming both people; also a key that
// differs only in its application), "roster-validity" (it ends before it begins), "not-a-time", and
// those of parse_ssh_key.
[[nodiscard]] Roster parse_roster(ByteView content, std::string_view origin);
// A file by path: read_file (base/file.h), then parse_roster.
[[nodiscard]] Roster read_roster(const std::filesystem::path& path);

// Whose key it is: points into `roster`, nullptr for nobody's.
[[nodiscard]] const Approver* owner_of(const Roster& roster, const SshKey& key);

// Letters, digits and "._@+-", at most 128, not beginning with a mark: safe as a file's name.
[[nodiscard]] bool is_identity(std::string_view text);
// Whether two identities are one person's: ASCII letters of either case are the same.
[[nodiscard]] bool same_identity(std::string_view a, std::string_view b);
// Lower-case letters, digits and "-", at most 64, beginning with a letter: "security-officer".
[[nodiscard]] bool is_role(std::string_view text);

}  // namespace keyrite::approval
