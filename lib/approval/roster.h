// The roster: who may approve, in which role, by which SSH keys and certificates, and from when to
// when; and who may request acts and run them. A TOML file that people review; every approval
// statement has its SHA-256. Plain data that owns all it holds; pure, any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "approval/ssh_key.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "crypto/certificate.h"
#include "crypto/cms_signature.h"

namespace keyrite::approval {

struct Approver {
  std::string identity{};            // "alice@example.org"; also the stem of her files' names
  std::vector<std::string> roles{};  // "security-officer"; at least one, each once
  std::vector<SshKey> keys{};        // of these and the next at least one
  std::vector<crypto::Certificate> certificates{};
  std::optional<TimePoint> valid_from{};   // the first moment, if there is one
  std::optional<TimePoint> valid_until{};  // the first moment after the last, if there is one
};

// Who asks for acts and runs them, a CI for example: no roles, no keys. An approver may be one too.
struct Operator {
  std::string identity{};            // may be an approver's: the same person then
  std::vector<std::string> users{};  // names by which machines know this one
};

struct Roster {
  std::vector<Approver> approvers{};               // in the file's order
  std::vector<Operator> operators{};               // the same
  std::vector<crypto::Certificate> authorities{};  // what the certificates chain to
  std::string sha256{};                            // of the file's bytes, lower-case hex
};

// [[approver]] tables with `identity`, `roles`, `keys` (lines as parse_ssh_key takes them) or
// `certificates` (as Certificate::from_text takes them) or both and, if wished, `valid_from` and
// `valid_until` (RFC 3339 in quotes); [[operator]] tables with `identity` and, if wished, `users`;
// [[ca]] tables with `certificate`; nothing else. `origin` names the file in errors. Errors
// kConfig: "roster-invalid" (no TOML), "roster-too-large", "roster-empty", "roster-unknown-field",
// "roster-missing-field", "roster-wrong-type", "roster-identity-invalid",
// "roster-duplicate-identity" (case does not tell people apart), "roster-role-invalid",
// "roster-no-roles", "roster-no-keys", "roster-duplicate-key" (naming both people; also a key that
// differs only in its application, or is in a certificate), "roster-duplicate-certificate",
// "roster-ca-not-authority", "roster-certificate-untrusted" (no chain to a [[ca]]),
// "certificate-weak" (RSA below kMinRsaBits), "certificate-unsupported" (another key than RSA,
// P-256, P-384, P-521), "roster-validity" (it ends before it begins), "roster-user-invalid",
// "roster-duplicate-user" (one name for two people), "not-a-time", and those of parse_ssh_key and
// Certificate::from_text.
[[nodiscard]] Roster parse_roster(ByteView content, std::string_view origin);
// A file by path: read_file (base/file.h), then parse_roster.
[[nodiscard]] Roster read_roster(const std::filesystem::path& path);

// Whose key it is: points into `roster`, nullptr for nobody's.
[[nodiscard]] const Approver* owner_of(const Roster& roster, const SshKey& key);

// Who `name` means: an identity of the roster, of an operator or an approver, or the name of a
// user. The identity as the roster writes it; nullopt: nobody.
[[nodiscard]] std::optional<std::string> person_named(const Roster& roster, std::string_view name);
// The same, where nobody may ask for an act whom the roster does not know: an unknown name could be
// one of the approvers. Error kConfig "operator-unknown".
[[nodiscard]] std::string require_person(const Roster& roster, std::string_view name);

// How many people have a role.
[[nodiscard]] std::size_t people_of_role(const Roster& roster, std::string_view role);

struct NamedCertificate {
  const Approver* owner{};
  const crypto::Certificate* certificate{};
};
// The certificates that a CMS signature may mean by this SignerIdentifier, all of one person; they
// point into `roster`. Several only where a renewed certificate has the key of the one before.
[[nodiscard]] std::vector<NamedCertificate> certificates_named(const Roster& roster,
                                                               ByteView signer);

// Letters, digits and "._@+-", at most 128, not beginning with a mark: safe as a file's name.
[[nodiscard]] bool is_identity(std::string_view text);
// Whether two identities are one person's: ASCII letters of either case are the same.
[[nodiscard]] bool same_identity(std::string_view a, std::string_view b);
// Lower-case letters, digits and "-", at most 64, beginning with a letter: "security-officer".
[[nodiscard]] bool is_role(std::string_view text);

}  // namespace keyrite::approval
