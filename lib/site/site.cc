#include "site/site.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "approval/operation.h"
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
#include "site/policy.h"
#include "transcript/vkey_file.h"

namespace keyrite::site {

namespace {

namespace fs = std::filesystem;

constexpr DocumentKind kSite{kSiteFormat, kSiteVersion, "site"};
constexpr DocumentKind kFirstSite{kSiteFormat, 1, "site"};
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

// In version 2 nobody is a word, and no table's emptiness.
approval::Threshold threshold_of(const JsonView& table, int version) {
  if (version >= kSiteVersion && table.is_text()) {
    if (table.text() == kNobody) return {};
    refuse_value(table, kSite, fmt::format("is neither a table of roles nor \"{}\"", kNobody));
  }
  approval::Threshold threshold;
  for (const auto& [role, count] : table.raw().items()) {
    const JsonView value = table.at(role);
    if (!approval::is_role(role)) refuse_value(value, kSite, "is not the name of a role");
    const auto needed = count_of(value, kSite);
    if (needed == 0 || needed > kMostApprovers) {
      refuse_value(value, kSite, fmt::format("is not a number from 1 to {}", kMostApprovers));
    }
    threshold[role] = needed;
  }
  if (threshold.empty()) refuse_value(table, kSite, "names no role");
  return threshold;
}

ApprovalSettings approval_settings(const JsonView& table, int version) {
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
  if (!needed.is_object()) refuse_value(needed, kSite, "is not a table");
  for (const auto& [operation, unused] : needed.raw().items())
    settings.needed[operation] = threshold_of(needed.at(operation), version);
  return settings;
}

// [origin] may be absent; where it is there it demands something.
std::optional<KeyOrigin> required_origin(const JsonView& document) {
  const auto table = document.find("origin");
  if (!table) return std::nullopt;
  require_only(*table, kSite, {"required"});
  const JsonView required = table->at("required");
  const std::string word = one_line_text(required, kSite);
  for (const KeyOrigin origin : {KeyOrigin::kLogged, KeyOrigin::kToken}) {
    if (word == key_origin_name(origin)) return origin;
  }
  refuse_value(required, kSite, "is neither \"logged\" nor \"token\"");
}

// Whoever edited the file is told where its fields are written down.
Error with_hint(const Error& error) {
  if (!error.hint().empty()) return error;
  return {error.kind(), error.code(), error.message(),
          "correct site.toml; docs/formats/site.md describes each field"};
}

Settings read_settings(const JsonView& document) {
  const auto version = document.find("version");
  const bool first = version && version->raw() == kFirstSite.version;
  require_kind(document, first ? kFirstSite : kSite);
  require_only(document, kSite, {"format", "version", "token", "log", "approvals", "origin"});
  const int read = first ? kFirstSite.version : kSite.version;
  Settings settings{.version = read,
                    .required_origin = required_origin(document),
                    .token = token_settings(document.at("token")),
                    .log = log_settings(document.at("log")),
                    .approvals = approval_settings(document.at("approvals"), read)};
  require_origin(settings.log.origin);
  const std::string& apart = settings.log.last_signed;
  if (!first && apart != kInSite && !fs::path(apart).is_absolute()) {
    refuse_value(document.at("log").at("last_signed"), kSite,
                 fmt::format("is neither an absolute path nor \"{}\"", kInSite));
  }
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
              fmt::format("{} has {} keys of the log {}; it must have one", printable(path),
                          keys.size(), printable(origin)),
              "compare it with the vkey that was noted when the site was made");
}

}  // namespace

ApprovalSettings default_approvals(bool roster) {
  ApprovalSettings settings{.roster = kRosterName};
  for (const auto& operation : approval::kOperations) {
    if (operation.policy != approval::Policy::kMustName) continue;
    settings.needed[std::string(operation.name)] =
        roster ? approval::default_threshold(operation) : approval::Threshold();
  }
  return settings;
}

namespace {

// Only where somebody is needed: a site without approvals has none.
std::optional<approval::Roster> roster_of(const Site& site) {
  const std::string path = site.path(site.settings.approvals.roster);
  if (!needs_anybody(site.settings.approvals) || !is_there(path)) return std::nullopt;
  require_ours_alone(path);
  return approval::read_roster(path);
}

void require_policy_of(const Site& site) {
  require_policy(site.settings.approvals, roster_of(site));
  if (site.settings.log.last_signed == kInSite || !site.keeps_last_signed()) return;
  refuse_site("last-signed-in-site",
              fmt::format("last_signed is {}, which is in the site", printable(site.last_signed())),
              fmt::format("keep it outside, best on another disk; last_signed = \"{}\" keeps it in "
                          "the site and accepts the risk",
                          kInSite));
}

std::vector<std::string> weaknesses_of(const Site& site) {
  std::vector<std::string> all;
  const auto add = [&](const std::string& sentence) {
    all.push_back(fmt::format("{}: {}", kConfigName, sentence));
  };
  try {
    for (const auto& fault : policy_faults(site.settings.approvals, roster_of(site)))
      add(fault.sentence);
  } catch (const Error& error) {
    add(error.message());
  }
  if (site.keeps_last_signed()) {
    add("the site itself keeps the last signed checkpoint: a copy or a backup of the folder has it "
        "too, and approvals in it can be used twice");
  }
  if (!all.empty()) {
    add("version 1 of site.toml allows this: correct it, and write version = 2 "
        "(docs/formats/site.md)");
  }
  return all;
}

}  // namespace

std::string Site::path(const std::string& name) const { return in_site(folder, name); }

std::string Site::last_signed() const {
  const std::string& apart = settings.log.last_signed;
  return path(settings.version >= kSiteVersion && apart == kInSite ? kLastSignedName : apart);
}

bool Site::keeps_last_signed() const { return is_within(last_signed(), folder); }

void require_origin(const std::string& origin) {
  const bool plain = std::ranges::all_of(origin, [](char c) { return c > ' ' && c != '+'; });
  if (!origin.empty() && plain && printable(origin) == origin && is_utf8(origin)) return;
  refuse_site("log-origin-invalid",
              fmt::format("\"{}\" cannot be the name of a log", printable(origin)),
              "use a name without spaces and plus signs, such as keyrite.example/hsm1");
}

void require_readable(const Settings& settings, const std::optional<approval::Roster>& roster) {
  const std::string text = site_toml(settings);
  require_policy(settings_of(as_bytes(text), kConfigName).approvals, roster);
}

Site read_site(const std::string& folder) {
  require_folder_there(folder);
  const std::string path = in_site(folder, kConfigName);
  if (!is_there(path)) {
    refuse_site("site-missing",
                fmt::format("{} is not a site: it has no {}", printable(folder), kConfigName),
                "name the folder of a site; keyrite init-site makes one");
  }
  require_ours_alone(path);
  const Bytes content = read_file(path);
  Settings settings = settings_of(content, path);
  auto key = log_key_of(in_site(folder, kVkeysName), settings.log.origin);
  Site site{.folder = folder,
            .settings = std::move(settings),
            .sha256 = crypto::sha256_hex(content),
            .log_key = std::move(key)};
  if (site.settings.version < kSiteVersion) {
    site.weaknesses = weaknesses_of(site);
  } else {
    require_policy_of(site);
  }
  return site;
}

}  // namespace keyrite::site
