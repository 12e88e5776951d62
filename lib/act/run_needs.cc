#include "act/run_needs.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/internal/approval_gate.h"
#include "approval/roster.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::act {

namespace {

approval::Roster roster_for(const site::Site& site, const Intent& intent) {
  const std::string path = site.path(site.settings.approvals.roster);
  std::error_code failure;
  if (!std::filesystem::exists(path, failure)) {
    throw Error(Kind::kConfig, "roster-missing",
                fmt::format("{} needs approvals, and the site has no roster {}",
                            operation_of(intent), printable(path)),
                "write the roster (docs/formats/approval.md), with the approvers at the table");
  }
  return approval::read_roster(path);
}

bool may_approve(const approval::Approver& approver, const std::string& role,
                 const Context& context) {
  const TimePoint now = context.now();
  const bool asks_for_it = !context.site->site.settings.approvals.initiator_counts &&
                           approval::same_identity(approver.identity, context.operator_name);
  return !asks_for_it && std::ranges::find(approver.roles, role) != approver.roles.end() &&
         (!approver.valid_from || *approver.valid_from <= now) &&
         (!approver.valid_until || now < *approver.valid_until);
}

}  // namespace

RunNeeds needs_of(const Context& context, const Intent& intent, bool officer_pin) {
  RunNeeds needs{.officer_pin = officer_pin, .logged = context.site.has_value()};
  if (!context.site) return needs;
  const auto& site = context.site->site;
  const auto threshold = threshold_for(site.settings.approvals, intent);
  if (threshold.empty()) return needs;
  const auto roster = roster_for(site, intent);
  for (const auto& [role, people] : threshold) {
    RunNeeds::Role one{.role = role, .people = people};
    for (const auto& approver : roster.approvers) {
      if (may_approve(approver, role, context)) one.who.push_back(approver.identity);
    }
    needs.approvals.push_back(std::move(one));
  }
  return needs;
}

std::vector<std::string> RunNeeds::lines() const {
  std::vector<std::string> lines{"the real run needs"};
  for (const auto& role : approvals) {
    lines.push_back(fmt::format("  approvals of {} {} (of {})", role.people, role.role,
                                role.who.empty() ? std::string("nobody: the roster has none")
                                                 : fmt::format("{}", fmt::join(role.who, ", "))));
  }
  if (approvals.empty())
    lines.emplace_back(makes_site ? "  no approvals: there is no policy yet" : "  no approvals");
  lines.emplace_back(officer_pin ? "  the user's PIN and the security officer's"
                                 : "  the user's PIN");
  if (makes_site)
    lines.emplace_back("  nothing else; it will be logged in the site that it makes");
  else
    lines.emplace_back(logged ? "  nothing else; it will be logged in this site"
                              : "  a site (--site, KEYRITE_SITE), if it is to be logged");
  return lines;
}

Json RunNeeds::to_json() const {
  Json list = Json::array();
  for (const auto& role : approvals)
    list.push_back({{"role", role.role}, {"people", role.people}, {"who", role.who}});
  Json pins = Json::array({"user"});
  if (officer_pin) pins.push_back("security officer");
  return {{"approvals", list}, {"pins", pins}, {"logged", logged}};
}

}  // namespace keyrite::act
