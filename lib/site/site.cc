#include "site/site.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "approval/operation.h"
#include "approval/roster.h"
#include "base/error.h"
#include "base/file.h"
#include "base/ownership.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "site/internal/site_settings.h"
#include "site/layout.h"
#include "site/policy.h"
#include "transcript/vkey_file.h"

namespace keyrite::site {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_site(std::string code, std::string message, std::string hint) {
  throw Error(Kind::kConfig, std::move(code), std::move(message), std::move(hint));
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

// Only where somebody is needed: a site without approvals has none.
std::optional<approval::Roster> roster_of(const Site& site) {
  const std::string path = site.path(site.settings.approvals.roster);
  const bool needed = needs_anybody(site.settings.approvals) ||
                      site.settings.wrapping_keys.accepts(WrappingKeyBasis::kVouched);
  if (!needed || !is_there(path)) return std::nullopt;
  require_ours_alone(path);
  return approval::read_roster(path);
}

void require_policy_of(const Site& site) {
  require_policy(site.settings, roster_of(site));
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

ApprovalSettings default_approvals(bool roster) {
  ApprovalSettings settings{.roster = kRosterName};
  for (const auto& operation : approval::kOperations) {
    if (operation.policy != approval::Policy::kMustName) continue;
    settings.needed[std::string(operation.name)] =
        roster ? approval::default_threshold(operation) : approval::Threshold();
  }
  return settings;
}

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
  require_policy(settings_of(as_bytes(text), kConfigName), roster);
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
