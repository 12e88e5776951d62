#include "approval/roster.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "approval/internal/roster_keys.h"
#include "approval/internal/roster_operators.h"
#include "approval/internal/roster_toml.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"

namespace keyrite::approval {
namespace {

constexpr std::array<std::string_view, 6> kFields{"identity",     "roles",      "keys",
                                                  "certificates", "valid_from", "valid_until"};
constexpr std::array<std::string_view, 1> kFieldsOfCa{"certificate"};
constexpr std::array<std::string_view, 3> kTables{"approver", "operator", "ca"};
constexpr std::size_t kLongestIdentity = 128;
constexpr std::size_t kLongestRole = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::vector<std::string> read_roles(const toml::table& table, std::string_view where) {
  std::vector<std::string> roles = required_texts(table, "roles", where);
  if (roles.empty()) {
    refuse_roster("roster-no-roles", where, "the approver has no role",
                  "name a role, or take the person out of the roster");
  }
  for (auto role = roles.begin(); role != roles.end(); ++role) {
    if (!is_role(*role) || std::find(roles.begin(), role, *role) != role) {
      refuse_roster("roster-role-invalid", where,
                    fmt::format("\"{}\" is not a role, or is listed twice", printable(*role)),
                    "write a role in lower-case letters, digits and hyphens");
    }
  }
  return roles;
}

std::vector<SshKey> read_keys(const toml::table& table, std::string_view where) {
  std::vector<SshKey> keys;
  for (const std::string& line : texts_if_any(table, "keys", where)) {
    keys.push_back(parse_ssh_key(line, fmt::format("{}: key {}", where, keys.size() + 1)));
  }
  return keys;
}

// The keys by which OpenSSL verifies CMS, no weaker than SSH keys may be.
void require_key_of_approver(const crypto::Certificate& certificate, std::string_view where) {
  const KeyType type = certificate.public_key().type();
  const bool curve =
      type.curve == Curve::kP256 || type.curve == Curve::kP384 || type.curve == Curve::kP521;
  if (!curve && (type.family != KeyFamily::kRsa || type.size > kMaxRsaBits)) {
    refuse_roster(
        "certificate-unsupported", where,
        fmt::format("keyrite does not accept a certificate with a key of type {}", type.name()),
        "use ECDSA on P-256, P-384 or P-521, or RSA; give an Ed25519 key as an SSH key");
  }
  if (!curve && type.size < kMinRsaBits) {
    refuse_roster("certificate-weak", where,
                  fmt::format("the RSA key of the certificate has {} bits; the minimum is {}",
                              type.size, kMinRsaBits),
                  "have another certificate issued, for a longer key");
  }
}

std::vector<crypto::Certificate> read_certificates(const toml::table& table,
                                                   std::string_view where) {
  std::vector<crypto::Certificate> certificates;
  for (const std::string& text : texts_if_any(table, "certificates", where)) {
    const std::string place = fmt::format("{}: certificate {}", where, certificates.size() + 1);
    certificates.push_back(crypto::Certificate::from_text(text, place));
    require_key_of_approver(certificates.back(), place);
  }
  return certificates;
}

void read_signing_keys(const toml::table& table, Approver& into, std::string_view where) {
  if (!table.contains("keys") && !table.contains("certificates")) {
    refuse_roster("roster-missing-field", where, "\"keys\" and \"certificates\" are both missing",
                  "give each approver identity, roles and keys or certificates");
  }
  into.keys = read_keys(table, where);
  into.certificates = read_certificates(table, where);
  if (into.keys.empty() && into.certificates.empty()) {
    refuse_roster("roster-no-keys", where, "the approver has no key",
                  "give the line of a .pub file or a certificate, or take the person out of the "
                  "roster");
  }
}

Approver read_approver(const toml::table& table, std::string_view origin, std::size_t number) {
  std::string where = fmt::format("{}: approver {}", origin, number);
  require_known(table, kFields, where);
  Approver approver{.identity = required_identity(table, where)};
  where = fmt::format("{}: {}", origin, approver.identity);
  approver.roles = read_roles(table, where);
  read_signing_keys(table, approver, where);
  approver.valid_from = time_if_any(table, "valid_from", where);
  approver.valid_until = time_if_any(table, "valid_until", where);
  if (approver.valid_from && approver.valid_until && *approver.valid_from >= *approver.valid_until)
    refuse_roster("roster-validity", where, "valid_until is not after valid_from",
                  "correct the times");
  return approver;
}

std::vector<crypto::Certificate> read_authorities(const toml::table& file,
                                                  std::string_view origin) {
  std::vector<crypto::Certificate> authorities;
  for (const toml::table* table : tables_of(file, "ca", origin)) {
    const std::string where = fmt::format("{}: ca {}", origin, authorities.size() + 1);
    require_known(*table, kFieldsOfCa, where);
    authorities.push_back(
        crypto::Certificate::from_text(required_text(*table, "certificate", where), where));
    if (!authorities.back().is_authority()) {
      refuse_roster("roster-ca-not-authority", where,
                    "the certificate is not a CA certificate (basicConstraints)",
                    "move the certificates of approvers into their [[approver]] tables");
    }
  }
  return authorities;
}

void require_new_identity(const Roster& roster, const Approver& added, std::string_view origin) {
  for (const Approver& known : roster.approvers) {
    if (same_identity(known.identity, added.identity)) {
      refuse_roster("roster-duplicate-identity", origin,
                    fmt::format("{} and {} are the same identity", known.identity, added.identity),
                    "give all keys of a person in one [[approver]]");
    }
  }
}

}  // namespace

bool is_identity(std::string_view text) {
  const auto letter_or_digit = [](char c) { return is_lower(lowered(c)) || is_digit(c); };
  return !text.empty() && text.size() <= kLongestIdentity && letter_or_digit(text.front()) &&
         std::ranges::all_of(text, [&](char c) {
           return letter_or_digit(c) || std::string_view("._@+-").find(c) != std::string_view::npos;
         });
}

bool same_identity(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lowered, lowered);
}

bool is_role(std::string_view text) {
  return !text.empty() && text.size() <= kLongestRole && is_lower(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_lower(c) || is_digit(c) || c == '-'; });
}

Roster parse_roster(ByteView content, std::string_view origin) {
  const toml::table file = roster_table(content, origin);
  require_known(file, kTables, origin);
  const auto people = tables_of(file, "approver", origin);
  if (people.empty()) {
    refuse_roster("roster-empty", origin, "the roster has no approver",
                  "add an [[approver]] table");
  }
  Roster roster{.operators = read_operators(file, origin),
                .authorities = read_authorities(file, origin),
                .sha256 = crypto::sha256_hex(content)};
  for (const toml::table* table : people) {
    Approver approver = read_approver(*table, origin, roster.approvers.size() + 1);
    require_new_identity(roster, approver, origin);
    roster.approvers.push_back(std::move(approver));
    require_own_keys(roster, origin);
  }
  require_own_users(roster, origin);
  require_trusted_certificates(roster, origin);
  return roster;
}

Roster read_roster(const std::filesystem::path& path) {
  return parse_roster(read_file(path), path.string());
}

const Approver* owner_of(const Roster& roster, const SshKey& key) {
  for (const Approver& approver : roster.approvers) {
    if (std::ranges::find(approver.keys, key) != approver.keys.end()) return &approver;
  }
  return nullptr;
}

std::optional<std::string> person_named(const Roster& roster, std::string_view name) {
  for (const Approver& one : roster.approvers) {
    if (same_identity(one.identity, name)) return one.identity;
  }
  for (const Operator& one : roster.operators) {
    if (same_identity(one.identity, name)) return one.identity;
  }
  for (const Operator& one : roster.operators) {
    if (std::ranges::find(one.users, name) != one.users.end()) return one.identity;
  }
  return std::nullopt;
}

std::string require_person(const Roster& roster, std::string_view name) {
  if (auto person = person_named(roster, name)) return std::move(*person);
  throw Error(
      Kind::kConfig, "operator-unknown",
      fmt::format("the roster does not list the operator \"{}\", so keyrite cannot tell whether "
                  "this person is also an approver",
                  printable(name)),
      "give --operator with your identity in the roster\n"
      "a person or a CI that does not approve gets an [[operator]] table in the roster");
}

std::size_t people_of_role(const Roster& roster, std::string_view role) {
  return static_cast<std::size_t>(
      std::ranges::count_if(roster.approvers, [&](const Approver& approver) {
        return std::ranges::find(approver.roles, role) != approver.roles.end();
      }));
}

std::vector<NamedCertificate> certificates_named(const Roster& roster, ByteView signer) {
  std::vector<NamedCertificate> found;
  for (const Approver& approver : roster.approvers) {
    for (const crypto::Certificate& one : approver.certificates) {
      if (names_signer(signer, one)) found.push_back({.owner = &approver, .certificate = &one});
    }
  }
  return found;
}

}  // namespace keyrite::approval
