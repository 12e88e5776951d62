#include "cli/site_access.h"

#include <chrono>
#include <cstdint>

#include <fmt/format.h>

#include "approval/roster.h"
#include "base/error.h"

namespace keyrite::cli {
namespace {

constexpr std::uint32_t kWaitSeconds = 30;  // as the table in act/site_request.cc says

std::optional<std::string> person_of(const std::optional<act::SiteBinding>& use,
                                     const std::string& name) {
  if (!use) return std::nullopt;
  const auto& site = use->site;
  try {
    return approval::person_named(approval::read_roster(site.path(site.settings.approvals.roster)),
                                  name);
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

act::BoundRequest PreparedSite::fields() const {
  if (access == SiteAccess::kNone) return {};
  return act::bind(access == SiteAccess::kApproved ? act::SiteRequest::table()
                                                   : act::SiteRequest::table_without_approval(),
                   *request);
}

std::optional<act::SiteBinding> PreparedSite::use(const Env& env) const {
  if (access == SiteAccess::kNone) return std::nullopt;
  auto folder = request->site;
  if (!folder) folder = env.variable("KEYRITE_SITE");
  if (request->campaign && !request->approval.empty()) {
    throw Error(Kind::kUsage, "campaign-with-approval",
                "--campaign and --approval are given together",
                "give the approvals of this act, or the campaign under which it acts");
  }
  if (folder && !folder->empty())
    return act::SiteBinding{.site = site::read_site(*folder),
                            .approvals = request->approval,
                            .campaign = request->campaign,
                            .by_option = request->site.has_value(),
                            .wait = std::chrono::seconds(request->wait.value_or(kWaitSeconds))};
  if (!request->approval.empty() || request->campaign) {
    throw Error(
        Kind::kUsage, "approval-without-site",
        "--approval or --campaign is given, and there is no site whose policy asks for approvals",
        "give --site, or set KEYRITE_SITE");
  }
  return std::nullopt;
}

std::string PreparedSite::operator_name(const Env& env,
                                        const std::optional<act::SiteBinding>& site) const {
  const auto& given = request->operator_name;
  if (const auto person = person_of(site, given.value_or(env.user))) return *person;
  return given ? *given : fmt::format("login {}", env.user);
}

PreparedSite prepare_site(SiteAccess access) {
  return {.access = access, .request = std::make_shared<act::SiteRequest>()};
}

}  // namespace keyrite::cli
