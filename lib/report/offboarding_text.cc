// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What is shown of a checklist.
#include <algorithm>

#include <fmt/format.h>

#include "base/clock.h"
#include "base/counted.h"
#include "base/text.h"
#include "report/document.h"
#include "report/offboarding.h"
#include "report/period.h"

namespace keyrite::report {

namespace {

constexpr std::size_t kItemWidth = 66;
constexpr std::string_view kLaw =
    "The law may want it earlier or later: the day is a month after the request (GDPR art. 12(3), "
    "which allows two months more; nobody compared this with the text). A contract that ended has "
    "the day that it names. Ask whoever answers for it.";

bool is_open(const LeavingItem& item) {
  return item.state == ItemState::kToDo || item.state == ItemState::kWaits ||
         item.state == ItemState::kBlocked;
}

// The day that is nearer: the law's, or the one that a cloud named.
std::optional<Time> day_for(const Leaving& leaving, const LeavingItem& item) {
  if (!is_open(item)) return std::nullopt;
  return item.until && item.state == ItemState::kWaits ? item.until : leaving.law_day;
}

std::string entry_words(const Source& by, std::uint64_t signed_entries) {
  if (by.entry >= signed_entries) return fmt::format("entry {}, not signed yet", by.entry);
  return fmt::format("entry {}{}", by.entry,
                     by.vouched ? "" : ", for which the log's key does not vouch");
}

std::string request_words(const Leaving& leaving, std::uint64_t signed_entries) {
  if (!leaving.requested)
    return "No request is on record, so no day is known: give --requested-at.";
  std::string from;
  if (leaving.requested_from == "given") from = "as you say, which is not logged";
  if (leaving.requested_from == "offboarded")
    from = fmt::format("the day on which it was offboarded, {}: no request is on record",
                       entry_words(*leaving.requested_by, signed_entries));
  if (leaving.requested_from == "entry") from = entry_words(*leaving.requested_by, signed_entries);
  return fmt::format("Requested {} ({}); by {}.", day_of(*leaving.requested), from,
                     day_of(*leaving.law_day));
}

Json item_json(const Leaving& leaving, const LeavingItem& item, std::uint64_t signed_entries,
               Time now) {
  const auto day = day_for(leaving, item);
  Json by;
  if (item.by) {
    by = to_json(*item.by);
    by["signed"] = item.by->entry < signed_entries;
  }
  return {{"what", item.what},
          {"about", item.about},
          {"state", item_word(item.state)},
          {"detail", item.detail},
          {"by", std::move(by)},
          {"until", day ? Json(format_rfc3339(*day)) : Json()},
          {"late", day && *day < now},
          {"command", item.command ? Json(*item.command) : Json()}};
}

void add_item(std::vector<std::string>& lines, const Leaving& leaving, const LeavingItem& item,
              std::uint64_t signed_entries, Time now) {
  std::string text = item.about;
  if (!item.detail.empty()) text += ": " + item.detail;
  if (item.by) text += fmt::format(" ({})", entry_words(*item.by, signed_entries));
  if (const auto day = day_for(leaving, item))
    text +=
        fmt::format("; {}by {}{}", *day < now ? "LATE, " : "", day_of(*day),
                    leaving.law_day && *day > *leaving.law_day ? ", LATER than the law's day" : "");
  std::string mark = item.state == ItemState::kToDo      ? "TO DO"
                     : item.state == ItemState::kBlocked ? "BLOCKED"
                                                         : std::string(item_word(item.state));
  for (const auto& line : wrap_words(text, kItemWidth)) {
    lines.push_back(fmt::format("{:<8}  {}", mark, line));
    mark.clear();
  }
  if (item.command) lines.push_back("            " + printable(*item.command));
}

}  // namespace

Json to_json(const Leaving& leaving, std::uint64_t signed_entries, Time now) {
  Json items = Json::array();
  for (const auto& item : leaving.items)
    items.push_back(item_json(leaving, item, signed_entries, now));
  return {{"tenant", leaving.tenant},
          {"tenant_id", leaving.tenant_id},
          {"requested_at", leaving.requested ? Json(format_rfc3339(*leaving.requested)) : Json()},
          {"requested_from", leaving.requested_from},
          {"by", leaving.law_day ? Json(format_rfc3339(*leaving.law_day)) : Json()},
          {"over", leaving.is_over()},
          {"items", std::move(items)}};
}

std::vector<std::string> text_of(const Leaving& leaving, std::uint64_t signed_entries, Time now) {
  std::vector<std::string> lines{fmt::format("What tenant {} needs to have left:", leaving.tenant)};
  for (const auto& line : wrap_words(request_words(leaving, signed_entries), kColumns))
    lines.push_back(line);
  lines.emplace_back();
  for (const auto& item : leaving.items) add_item(lines, leaving, item, signed_entries, now);
  lines.emplace_back();
  const auto open = static_cast<std::uint64_t>(std::ranges::count_if(leaving.items, is_open));
  lines.push_back(open == 0 ? std::string("Nothing is left that keyrite sees.")
                            : fmt::format("{} left. Words in capitals are yours to fill in.",
                                          counted(open, "item is", "items are")));
  for (const auto& line : wrap_words(kLaw, kColumns)) lines.push_back(line);
  return lines;
}

}  // namespace keyrite::report
