#include "site/site.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "approval/roster.h"
#include "base/document.h"
#include "base/error.h"
#include "base/file.h"
#include "base/ownership.h"
#include "base/presence.h"
#include "base/text.h"
#include "base/toml.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "transcript/vkey_file.h"

namespace keyrite::site {

namespace {

constexpr DocumentKind kSite{"keyrite-site", 1, "site"};
constexpr std::uint64_t kMostApprovers = 100;
constexpr std::int64_t kMostHours = std::int64_t{24} * 366;

[[noreturn]] void refuse_site(std::string code, std::string message, std::string hint) {
  throw Error(Kind::kConfig, std::move(code), std::move(message), std::move(hint));
}

std::optional<std::string> optional_line(const JsonView& table, std::string_view name) {
  const auto value = table.find(name);
  if (!value) return std::nullopt;
  return one_line_text(*value, kSite);
}

TokenSettings token_settings(const JsonView& table) {
  require_only(table, kSite, {"uri", "module", "module_init_args", "pin_file", "so_pin_file"});
  return {.uri = one_line_text(table.at("uri"), kSite),
          .module = optional_line(table, "module"),
          .module_init_args = optional_line(table, "module_init_args"),
          .pin_file = optional_line(table, "pin_file"),
          .so_pin_file = optional_line(table, "so_pin_file")};
}

LogSettings log_settings(const JsonView& table) {
  require_only(table, kSite, {"origin", "key_id", "last_signed"});
  return {.origin = one_line_text(table.at("origin"), kSite),
          .key_id = hex_text(table.at("key_id"), kSite),
          .last_signed = one_line_text(table.at("last_signed"), kSite)};
}

approval::Threshold threshold_of(const JsonView& table) {
  approval::Threshold threshold;
  for (const auto& [role, count] : table.raw().items()) {
    const JsonView value = table.at(role);
    if (!approval::is_role(role)) refuse_value(value, kSite, "is of something that is no role");
    const auto needed = count_of(value, kSite);
    if (needed == 0 || needed > kMostApprovers) {
      refuse_value(value, kSite, fmt::format("is not a number from 1 to {}", kMostApprovers));
    }
    threshold[role] = needed;
  }
  if (threshold.empty()) refuse_value(table, kSite, "names no role");
  return threshold;
}

ApprovalSettings approval_settings(const JsonView& table) {
  require_only(table, kSite,
               {"roster", "hours", "initiator_counts", "user_verification", "needed"});
  const JsonView hours = table.at("hours");
  if (hours.integer() < 1 || hours.integer() > kMostHours)
    refuse_value(hours, kSite, fmt::format("is not a number from 1 to {}", kMostHours));
  ApprovalSettings settings{.roster = one_line_text(table.at("roster"), kSite),
                            .longest = std::chrono::hours(hours.integer()),
                            .initiator_counts = table.at("initiator_counts").boolean(),
                            .require_user_verification = table.at("user_verification").boolean()};
  const JsonView needed = table.at("needed");
  if (!needed.is_object()) refuse_value(needed, kSite, "is no table");
  for (const auto& [operation, unused] : needed.raw().items())
    settings.needed[operation] = threshold_of(needed.at(operation));
  return settings;
}

// Whoever edited the file is told where its fields are written down.
Error with_hint(const Error& error) {
  if (!error.hint().empty()) return error;
  return {error.kind(), error.code(), error.message(),
          "docs/formats/site.md says what each field of site.toml holds"};
}

Settings read_settings(const JsonView& document) {
  require_kind(document, kSite);
  require_only(document, kSite, {"format", "version", "token", "log", "approvals"});
  Settings settings{.token = token_settings(document.at("token")),
                    .log = log_settings(document.at("log")),
                    .approvals = approval_settings(document.at("approvals"))};
  require_origin(settings.log.origin);
  return settings;
}

Settings settings_of(ByteView content, const std::string& path) {
  const Json json = parse_toml(content, path);
  try {
    return read_settings(JsonView(json, path));
  } catch (const Error& error) {
    throw with_hint(error);
  }
}

transcript::NoteKey log_key_of(const std::string& path, const std::string& origin) {
  require_ours_alone(path);
  auto keys = transcript::read_vkeys(path);
  std::erase_if(keys, [&](const auto& key) { return key.name() != origin; });
  if (keys.size() == 1) return keys.front();
  refuse_site("site-key",
              fmt::format("{} has {} keys of the log {}, not one", printable(path), keys.size(),
                          printable(origin)),
              "compare it with the vkey that was noted when the site was made");
}

std::string optional_toml(std::string_view name, const std::optional<std::string>& value) {
  return value ? fmt::format("{} = {}\n", name, toml_quoted(*value)) : std::string();
}

}  // namespace

ApprovalSettings default_approvals() {
  const approval::Threshold two{{"security-officer", 2}};
  return {.roster = kRosterName, .needed = {{"shred", two}, {"trust-wrapping-key", two}}};
}

std::string Site::path(const std::string& name) const { return in_site(folder, name); }

void require_origin(const std::string& origin) {
  const bool plain = std::ranges::all_of(origin, [](char c) { return c > ' ' && c != '+'; });
  if (!origin.empty() && plain && printable(origin) == origin && is_utf8(origin)) return;
  refuse_site("log-origin-invalid",
              fmt::format("\"{}\" cannot be the name of a log", printable(origin)),
              "use a name without spaces and plus signs, such as keyrite.example/hsm1");
}

std::string site_toml(const Settings& settings) {
  const auto& approvals = settings.approvals;
  std::string text = fmt::format(
      "# A site of keyrite: one token, its log, and who must approve what. Paths that do not "
      "begin\n"
      "# with / are in this folder. docs/formats/site.md says what each field means.\n"
      "format = \"{}\"\nversion = {}\n\n[token]\nuri = {}\n",
      kSite.format, kSite.version, toml_quoted(settings.token.uri));
  text += optional_toml("module", settings.token.module);
  text += optional_toml("module_init_args", settings.token.module_init_args);
  text += optional_toml("pin_file", settings.token.pin_file);
  text += optional_toml("so_pin_file", settings.token.so_pin_file);
  text += fmt::format("\n[log]\norigin = {}\nkey_id = \"{}\"\nlast_signed = {}\n",
                      toml_quoted(settings.log.origin), settings.log.key_id,
                      toml_quoted(settings.log.last_signed));
  text += fmt::format(
      "\n[approvals]\nroster = {}\n# How long a statement can be approved and used.\nhours = {}\n"
      "# Whether who asks for an act may approve it too.\ninitiator_counts = {}\n"
      "# Whether an authenticator must have asked for its PIN or a finger.\n"
      "user_verification = {}\n\n# How many people of which role an act needs.\n"
      "[approvals.needed]\n",
      toml_quoted(approvals.roster), approvals.longest.count(), approvals.initiator_counts,
      approvals.require_user_verification);
  for (const auto& [operation, threshold] : approvals.needed) {
    text += fmt::format("\n[approvals.needed.{}]\n", operation);
    for (const auto& [role, count] : threshold) text += fmt::format("{} = {}\n", role, count);
  }
  return text;
}

void require_readable(const Settings& settings) {
  const std::string text = site_toml(settings);
  (void)settings_of(as_bytes(text), kConfigName);
}

Site read_site(const std::string& folder) {
  const std::string path = in_site(folder, kConfigName);
  if (!is_there(path)) {
    refuse_site("site-missing",
                fmt::format("{} is no site: it has no {}", printable(folder), kConfigName),
                "keyrite init-site makes one");
  }
  require_ours_alone(path);
  const Bytes content = read_file(path);
  Settings settings = settings_of(content, path);
  auto key = log_key_of(in_site(folder, kVkeysName), settings.log.origin);
  return {.folder = folder,
          .settings = std::move(settings),
          .sha256 = crypto::sha256_hex(content),
          .log_key = std::move(key)};
}

}  // namespace keyrite::site
