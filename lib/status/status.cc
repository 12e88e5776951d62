// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "status/status.h"

#include <algorithm>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/error.h"
#include "status/internal/gathering.h"

namespace keyrite::status {

namespace {

constexpr std::uint32_t kLongestDays = 3650;

std::uint32_t within_of(const StatusRequest& request) {
  const std::uint32_t within = request.within.value_or(kWithinDays);
  if (within <= kLongestDays) return within;
  throw Error(Kind::kUsage, "within-too-long", fmt::format("--within is {} days", within),
              fmt::format("give at most {} days", kLongestDays));
}

}  // namespace

const std::vector<act::Field<StatusRequest>>& StatusRequest::table() {
  using R = StatusRequest;
  static const std::vector<act::Field<R>> fields{
      {{.name = "login",
        .help = "log in, and see how many keys the token shows and whether the log's key is there",
        .binds = act::Binds::plain()},
       &R::login},
      {{.name = "within",
        .value = "DAYS",
        .help = "what ends or is due in so many days, and what is overdue",
        .default_text = "30",
        .binds = act::Binds::plain()},
       &R::within}};
  return fields;
}

// By its code and its kind: everything else says something about the site.
void add_failure(Status& status, const std::string& file, const Error& error) {
  if (error.kind() == Kind::kWaiting || error.code() == "file-unreadable" ||
      error.code() == "path-unreadable") {
    status.unread.push_back({.file = file, .why = error.message()});
    return;
  }
  const bool told = std::ranges::any_of(
      status.alarms, [&](const Alarm& alarm) { return alarm.code == error.code(); });
  if (!told) status.alarms.push_back({error.code(), error.message()});
}

Status status_of(const StatusRequest& request, const act::Context& context) {
  const auto& site = act::required_site(context);
  Status status{.site = site.folder,
                .origin = site.settings.log.origin,
                .now = context.now(),
                .within_days = within_of(request)};
  const auto history = add_log(status, site, context.progress);
  add_statements(status, site, history);
  add_upcoming(status, site);
  return status;
}

bool Status::waits() const {
  const bool overdue =
      std::ranges::any_of(next, [&](const Upcoming& one) { return !one.when || *one.when <= now; });
  return overdue || !open.empty() || !statements.empty() || (log && log->unsigned_entries != 0) ||
         !token.warnings().empty() || !unread.empty();
}

int Status::exit_code() const {
  if (!alarms.empty()) return static_cast<int>(Kind::kVerification);
  return waits() ? static_cast<int>(Kind::kWaiting) : 0;
}

std::vector<std::string> Status::cannot_know() const {
  std::vector<std::string> all;
  if (!token.info) {
    all.push_back("which keys the token holds: " + token.why_not);
  } else if (!token.logged_in) {
    all.emplace_back("which keys the token holds: that needs --login");
  }
  if (log && !log->compared)
    all.emplace_back("whether the log was set back: no checkpoint is kept apart");
  all.emplace_back("whether this is the only history: keep checkpoints elsewhere");
  return all;
}

}  // namespace keyrite::status
