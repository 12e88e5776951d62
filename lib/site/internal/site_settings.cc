// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "site/internal/site_settings.h"

#include <filesystem>

#include <fmt/format.h>

#include "approval/operation.h"
#include "approval/roster.h"
#include "base/document.h"
#include "base/error.h"
#include "base/file.h"
#include "base/toml.h"
#include "site/layout.h"
#include "site/site.h"

namespace keyrite::site {

namespace {

namespace fs = std::filesystem;

constexpr DocumentKind kSite{kSiteFormat, kSiteVersion, "site"};
constexpr DocumentKind kFirstSite{kSiteFormat, 1, "site"};
constexpr std::uint64_t kMostApprovers = 100;
constexpr std::int64_t kMostHours = std::int64_t{24} * 366;

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

// [wrapping-keys] may be absent: a person compares each wrapping key then.
WrappingKeySettings wrapping_key_settings(const JsonView& document) {
  const auto table = document.find("wrapping-keys");
  if (!table) return {};
  require_only(*table, kSite, {"accepted", "fetchers"});
  WrappingKeySettings settings{.accepted = {}};
  for (const JsonView& word : table->at("accepted").items()) {
    try {
      if (settings.accepted.insert(parse_wrapping_key_basis(word.text())).second) continue;
    } catch (const Error& error) {
      refuse_value(word, kSite, error.message());
    }
    refuse_value(word, kSite, "is in the list twice");
  }
  if (settings.accepted.empty()) refuse_value(table->at("accepted"), kSite, "names no basis");
  const auto fetchers = table->find("fetchers");
  if (!fetchers) return settings;
  settings.fetchers = count_of(*fetchers, kSite);
  if (settings.fetchers == 0 || settings.fetchers > kMostApprovers)
    refuse_value(*fetchers, kSite, fmt::format("is not a number from 1 to {}", kMostApprovers));
  return settings;
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
  require_only(document, kSite,
               {"format", "version", "token", "log", "approvals", "origin", "wrapping-keys"});
  // Where a misspelt policy is no error, nothing weaker than a comparison is enough.
  if (first && document.find("wrapping-keys"))
    refuse_value(document.at("wrapping-keys"), kSite, "is not a table of version 1");
  const int read = first ? kFirstSite.version : kSite.version;
  Settings settings{.version = read,
                    .required_origin = required_origin(document),
                    .token = token_settings(document.at("token")),
                    .log = log_settings(document.at("log")),
                    .wrapping_keys = wrapping_key_settings(document),
                    .approvals = approval_settings(document.at("approvals"), read)};
  require_origin(settings.log.origin);
  const std::string& apart = settings.log.last_signed;
  if (!first && apart != kInSite && !fs::path(apart).is_absolute()) {
    refuse_value(document.at("log").at("last_signed"), kSite,
                 fmt::format("is neither an absolute path nor \"{}\"", kInSite));
  }
  return settings;
}

}  // namespace

Settings settings_of(ByteView content, const std::string& path) {
  const Json json = parse_toml(content, path);
  try {
    return read_settings(JsonView(json, path));
  } catch (const Error& error) {
    throw with_hint(error);
  }
}

}  // namespace keyrite::site
