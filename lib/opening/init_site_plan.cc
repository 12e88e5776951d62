// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "act/token_session.h"
#include "approval/roster.h"
#include "base/error.h"
#include "base/file.h"
#include "base/ownership.h"
#include "base/presence.h"
#include "base/text.h"
#include "keys/generate_kek.h"
#include "keys/new_objects.h"
#include "opening/init_site.h"
#include "pkcs11/session.h"
#include "site/layout.h"

namespace keyrite::opening {

namespace {

// Acts are run from anywhere.
std::optional<std::string> absolute(const std::optional<std::string>& path) {
  if (!path) return std::nullopt;
  return absolute_path(*path).native();
}

void require_outside(const std::string& file, const std::string& folder) {
  if (!site::is_within(file, folder)) return;
  throw Error(Kind::kUsage, "last-signed-option-in-site",
              fmt::format("{} is in the site that is to be made", printable(file)),
              fmt::format("name a file outside of it with --last-signed, best on another disk; "
                          "--last-signed {} accepts by name that it is kept in the site",
                          site::kInSite));
}

std::string last_signed_for(const InitSiteRequest& request, ByteView id,
                            const std::vector<site::StateFolder>& state) {
  if (!request.last_signed) {
    auto chosen = site::choose_last_signed(state, request.origin, id);
    require_outside(chosen, request.folder);
    return chosen;
  }
  const std::string& given = *request.last_signed;
  if (given == site::kInSite) return given;
  require_outside(given, request.folder);
  require_writable_new_path(given);
  require_writable_new_path(site::marker_of(given));
  require_ours_alone(absolute_path(given).parent_path());
  return absolute_path(given).lexically_normal().native();
}

site::Settings settings_for(const InitSiteRequest& request, const act::Context& context,
                            ByteView id, bool roster) {
  site::Settings settings{.token = {.uri = context.token.uri,
                                    .module = context.token.module,
                                    .module_init_args = context.token.init_args,
                                    .pin_file = absolute(request.pin_file),
                                    .so_pin_file = absolute(request.so_pin_file)},
                          .log = {.origin = request.origin, .key_id = to_hex(id)},
                          .approvals = site::default_approvals(roster)};
  if (request.approval_hours)
    settings.approvals.longest = std::chrono::hours(*request.approval_hours);
  settings.approvals.initiator_counts = request.initiator_counts;
  settings.approvals.require_user_verification = request.user_verification;
  return settings;
}

}  // namespace

InitSitePlan plan(const InitSiteRequest& request, const act::Context& context, ByteView id,
                  const std::vector<site::StateFolder>& state) {
  require_writable_new_path(request.folder);
  site::require_origin(request.origin);
  require_ours_alone((absolute_path(request.folder) / "..").lexically_normal());
  InitSitePlan plan{.request = request,
                    .settings = settings_for(request, context, id, request.roster.has_value()),
                    .key_id = {id.begin(), id.end()}};
  plan.settings.log.last_signed = last_signed_for(request, id, state);
  plan.key_types = request.key_type ? std::vector<std::string>{*request.key_type}
                                    : std::vector<std::string>{"ed25519", "ec-p256"};
  std::optional<approval::Roster> roster;
  if (request.roster) {
    plan.roster = read_file(*request.roster);
    roster = approval::parse_roster(*plan.roster, *request.roster);
    plan.approvers = roster->approvers.size();
  }
  site::require_readable(plan.settings, roster);
  return plan;
}

Json InitSitePlan::to_json() const {
  return {{"folder", request.folder},
          {"origin", request.origin},
          {"key_types", key_types},
          {"last_signed", settings.log.last_signed},
          {"roster", roster.has_value()}};
}

}  // namespace keyrite::opening
