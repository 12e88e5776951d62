// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/internal/resume_decisions.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "act/internal/log_clock.h"
#include "base/clock.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::act {

namespace {

using UnsignedEntries = std::vector<transcript::UnsignedEntry>;

std::vector<std::string> unsigned_lines(const UnsignedEntries& entries) {
  std::vector<std::string> lines{
      fmt::format("The log's key does not vouch for {} of acts at the token:",
                  counted_entries(entries.size()))};
  for (const auto& one : entries) {
    const auto text = [&](const char* name) {
      return printable(one.entry.value(name, std::string()));
    };
    lines.push_back(fmt::format("  entry {}: {} {} of {}, by {}", one.index, text("act"),
                                text("event"), text("time"), text("operator")));
  }
  lines.emplace_back("Anyone who can write into the site's folder may have written them.");
  return lines;
}

bool accepts_unsigned(const ResumeRequest& request, const Context& context,
                      const UnsignedEntries& entries) {
  if (request.sign_unsigned) {
    if (*request.sign_unsigned == entries.size()) return true;
    throw Error(Kind::kUsage, "sign-unsigned-wrong",
                fmt::format("the log's key does not vouch for {} of acts at the token, and "
                            "--sign-unsigned says {}",
                            counted_entries(entries.size()), *request.sign_unsigned),
                "read them with keyrite transcript show, and count them again");
  }
  if (!context.ask) return false;
  return context
      .ask({.lines = unsigned_lines(entries),
            .prompt = "Are all of them true (keyrite then signs them)?"})
      .value_or(false);
}

bool confirms_clock(const ResumeRequest& request, const Context& context,
                    const transcript::History& history) {
  const TimePoint now = context.now();
  if (request.confirm_clock) {
    const TimePoint said = parse_rfc3339(*request.confirm_clock, "--confirm-clock");
    if (std::max(said, now) - std::min(said, now) <= transcript::kClockTolerance) return true;
    throw Error(Kind::kUsage, "confirm-clock-wrong",
                fmt::format("this machine's clock says {}, and --confirm-clock {}",
                            format_rfc3339(now), format_rfc3339(said)),
                "set the clock first: --confirm-clock confirms the time that it shows");
  }
  if (!context.ask) return false;
  return context
      .ask({.lines = {fmt::format("This machine's clock says {}. The log has an entry of {}.",
                                  format_rfc3339(now), format_rfc3339(*history.clock().latest())),
                      "If the clock is right, pending approval statements become invalid: ask for "
                      "new ones."},
            .prompt = "Is this machine's clock right?"})
      .value_or(false);
}

}  // namespace

LogOpening ResumeDecisions::opening() {
  LogOpening opening{.clock_may_be_behind = true, .registry_may_be_behind = true};
  opening.tail.accept = [this](const UnsignedEntries& entries) {
    if (!accepted_) accepted_ = accepts_unsigned(request_, context_, entries) ? entries.size() : 0;
    return *accepted_ == entries.size();
  };
  opening.tail.drop_from = request_.drop_unsigned;
  return opening;
}

bool ResumeDecisions::clock(const transcript::History& history) {
  if (!is_behind(context_.now(), history)) {
    if (request_.confirm_clock)
      context_.note(
          "no entry of the log is later than this machine's clock: --confirm-clock had nothing "
          "to do");
    return false;
  }
  if (!confirmed_) confirmed_ = confirms_clock(request_, context_, history);
  if (!*confirmed_) require_clock(context_.now(), history);
  return true;
}

}  // namespace keyrite::act
