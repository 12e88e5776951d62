#include "approval/roster.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"

namespace keyrite::approval {
namespace {

constexpr std::array<std::string_view, 5> kFields{"identity", "roles", "keys", "valid_from",
                                                  "valid_until"};
constexpr std::size_t kLongestIdentity = 128;
constexpr std::size_t kLongestRole = 64;

[[noreturn]] void refuse_roster(std::string code, std::string_view where, std::string_view why,
                                std::string hint) {
  throw Error(Kind::kConfig, std::move(code), fmt::format("{}: {}", printable(where), why),
              std::move(hint));
}

[[noreturn]] void wrong_type(std::string_view where, std::string_view field,
                             std::string_view expected) {
  refuse_roster("roster-wrong-type", where, fmt::format("\"{}\" is not {}", field, expected),
                "times stand in quotes, roles and keys in lists of quoted texts");
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

toml::table parsed(ByteView content, std::string_view origin) {
  if (content.size() > kMaxInputFile) {
    refuse_roster("roster-too-large", origin,
                  fmt::format("{} bytes are more than {}", content.size(), kMaxInputFile),
                  "this is not a roster");
  }
  try {
    return toml::parse(as_text(content));
  } catch (const toml::parse_error& error) {
    refuse_roster(
        "roster-invalid", origin,
        fmt::format("line {}: {}", error.source().begin.line, printable(error.description())),
        "write it as TOML, UTF-8; docs/formats/approval.md shows one");
  }
}

// Nothing is read over: a misspelt valid_until would be a person approving for ever.
template <class Names>
void require_known(const toml::table& table, const Names& names, std::string_view where) {
  for (const auto& [key, value] : table) {
    if (std::ranges::find(names, key.str()) == names.end()) {
      refuse_roster("roster-unknown-field", where,
                    fmt::format("there is no field \"{}\"", printable(key.str())),
                    fmt::format("the fields are: {}", fmt::join(names, ", ")));
    }
  }
}

const toml::node& required(const toml::table& table, std::string_view field,
                           std::string_view where) {
  const toml::node* node = table.get(field);
  if (node == nullptr) {
    refuse_roster("roster-missing-field", where, fmt::format("\"{}\" is missing", field),
                  "each approver needs identity, roles and keys");
  }
  return *node;
}

std::string text_of(const toml::node& node, std::string_view field, std::string_view where) {
  const auto* text = node.as_string();
  if (text == nullptr) wrong_type(where, field, "a text in quotes");
  return text->get();
}

std::vector<std::string> texts_of(const toml::table& table, std::string_view field,
                                  std::string_view where) {
  const toml::array* list = required(table, field, where).as_array();
  if (list == nullptr) wrong_type(where, field, "a list of texts");
  std::vector<std::string> texts;
  for (const toml::node& item : *list) texts.push_back(text_of(item, field, where));
  return texts;
}

std::optional<TimePoint> time_of(const toml::table& table, std::string_view field,
                                 std::string_view where) {
  const toml::node* node = table.get(field);
  if (node == nullptr) return std::nullopt;
  return parse_rfc3339(text_of(*node, field, where), fmt::format("{}: {}", where, field));
}

std::vector<std::string> read_roles(const toml::table& table, std::string_view where) {
  std::vector<std::string> roles = texts_of(table, "roles", where);
  if (roles.empty()) {
    refuse_roster("roster-no-roles", where, "there is no role",
                  "name a role, or take the person out of the roster");
  }
  for (auto role = roles.begin(); role != roles.end(); ++role) {
    if (!is_role(*role) || std::find(roles.begin(), role, *role) != role) {
      refuse_roster("roster-role-invalid", where,
                    fmt::format("\"{}\" is not a role, or stands there twice", printable(*role)),
                    "a role is written in lower-case letters, digits and hyphens");
    }
  }
  return roles;
}

std::vector<SshKey> read_keys(const toml::table& table, std::string_view where) {
  const std::vector<std::string> lines = texts_of(table, "keys", where);
  if (lines.empty()) {
    refuse_roster("roster-no-keys", where, "there is no key",
                  "give the line of a .pub file, or take the person out of the roster");
  }
  std::vector<SshKey> keys;
  for (const std::string& line : lines) {
    keys.push_back(parse_ssh_key(line, fmt::format("{}: key {}", where, keys.size() + 1)));
  }
  return keys;
}

Approver read_approver(const toml::node& node, std::string_view origin, std::size_t number) {
  std::string where = fmt::format("{}: approver {}", origin, number);
  const toml::table* table = node.as_table();
  if (table == nullptr) wrong_type(where, "approver", "a table");
  require_known(*table, kFields, where);
  Approver approver{.identity = text_of(required(*table, "identity", where), "identity", where)};
  if (!is_identity(approver.identity)) {
    refuse_roster("roster-identity-invalid", where,
                  fmt::format("\"{}\" is not an identity", printable(approver.identity)),
                  "letters, digits and ._@+- after a first letter or digit: alice@example.org");
  }
  where = fmt::format("{}: {}", origin, approver.identity);
  approver.roles = read_roles(*table, where);
  approver.keys = read_keys(*table, where);
  approver.valid_from = time_of(*table, "valid_from", where);
  approver.valid_until = time_of(*table, "valid_until", where);
  if (approver.valid_from && approver.valid_until && *approver.valid_from >= *approver.valid_until)
    refuse_roster("roster-validity", where, "valid_until is not after valid_from",
                  "correct the times");
  return approver;
}

void require_new_identity(const Roster& roster, const Approver& added, std::string_view origin) {
  for (const Approver& known : roster.approvers) {
    if (same_identity(known.identity, added.identity)) {
      refuse_roster("roster-duplicate-identity", origin,
                    fmt::format("{} and {} are one identity", known.identity, added.identity),
                    "give all keys of a person in one [[approver]]");
    }
  }
}

// By the numbers, not the blob: one authenticator's key under two applications is one key.
void require_new_keys(const Roster& roster, std::string_view origin) {
  const Approver& added = roster.approvers.back();
  for (std::size_t k = 0; k < added.keys.size(); ++k) {
    for (const Approver& known : roster.approvers) {
      const bool same_person = &known == &added;
      const auto end =
          same_person ? known.keys.begin() + static_cast<std::ptrdiff_t>(k) : known.keys.end();
      if (std::none_of(known.keys.begin(), end, [&](const SshKey& key) {
            return key.public_key == added.keys[k].public_key;
          })) {
        continue;
      }
      refuse_roster("roster-duplicate-key", origin,
                    fmt::format("key {} is both {}'s and {}'s", fingerprint(added.keys[k]),
                                known.identity, added.identity),
                    "a key is one person's, and stands there once");
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
  const toml::table file = parsed(content, origin);
  require_known(file, std::array<std::string_view, 1>{"approver"}, origin);
  const toml::node* list = file.get("approver");
  if (list != nullptr && !list->is_array()) wrong_type(origin, "approver", "a list of tables");
  if (list == nullptr || list->as_array()->empty()) {
    refuse_roster("roster-empty", origin, "there is no approver", "add an [[approver]] table");
  }
  Roster roster{.sha256 = crypto::sha256_hex(content)};
  for (const toml::node& node : *list->as_array()) {
    Approver approver = read_approver(node, origin, roster.approvers.size() + 1);
    require_new_identity(roster, approver, origin);
    roster.approvers.push_back(std::move(approver));
    require_new_keys(roster, origin);
  }
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

}  // namespace keyrite::approval
