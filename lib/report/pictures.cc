// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "report/pictures.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/text.h"
#include "report/document.h"

namespace keyrite::report {

namespace {

using std::chrono::days;

constexpr int kWidth = 440;
constexpr int kRow = 24;
constexpr int kBar = 12;

constexpr std::string_view kPictureStyle = R"css(
figure { margin: 1.25rem 0; max-width: 42rem; break-inside: avoid; }
figcaption { color: var(--quiet); font-size: .9375rem; }
svg { display: block; width: 100%; height: auto; margin-top: .5rem; }
svg text { font: 12px "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, "Liberation Sans", sans-serif;
  fill: var(--ink); }
svg .end { text-anchor: end; }
svg .mid { text-anchor: middle; }
svg .quiet { fill: var(--quiet); }
svg .bar { fill: var(--good); }
svg .before { fill: none; stroke: var(--good); stroke-width: 1.5; }
svg .over { fill: var(--alarm); }
svg .empty { fill: var(--line); }
svg .rule { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 3 3; }
svg .axis { stroke: var(--line); stroke-width: 1; }
)css";

std::string escaped(std::string_view text) {
  std::string made;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        made += "&amp;";
        break;
      case '<':
        made += "&lt;";
        break;
      case '>':
        made += "&gt;";
        break;
      case '"':
        made += "&quot;";
        break;
      default:
        made += c;
    }
  }
  return made;
}

// Cut by characters, not in the midst of one.
std::string shortened(const std::string& text, std::size_t columns) {
  constexpr std::string_view kCut = "...";
  std::size_t seen = 0;
  std::size_t cut = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
    if (seen == columns - kCut.size()) cut = i;
    if (++seen > columns) return text.substr(0, cut) + std::string(kCut);
  }
  return text;
}

std::string label(double x, double y, std::string_view text, std::string_view classes = {}) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\"{}>{}</text>\n", x, y,
                     classes.empty() ? std::string() : fmt::format(" class=\"{}\"", classes),
                     escaped(text));
}

std::string box(double x, double y, double width, double height, std::string_view classes) {
  return fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"{}\"/>\n", x, y,
      width, height, classes);
}

std::string line(double x, double from, double to, std::string_view classes) {
  return fmt::format(
      "<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\" class=\"{3}\"/>\n", x,
      from, to, classes);
}

std::string drawing(int height, std::string_view says, const std::string& content) {
  return fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n{}</svg>", kWidth,
                     height, escaped(says), content);
}

// The states of SP 800-57 in the order of a key's life.
const std::vector<std::string>& states_in_order() {
  static const std::vector<std::string> all{"pre-activation", "active",      "suspended",
                                            "deactivated",    "compromised", "destroyed"};
  return all;
}

std::size_t count_in(const std::map<std::string, std::size_t>& counts, const std::string& state) {
  const auto found = counts.find(state);
  return found == counts.end() ? 0 : found->second;
}

}  // namespace

std::string_view picture_style() { return kPictureStyle; }

Picture states_picture(const Report& report) {
  const auto start = states_at_start(report);
  const auto end = states_at_end(report);
  std::size_t most = 1;
  for (const auto& counts : {start, end}) {
    for (const auto& [state, count] : counts) most = std::max(most, count);
  }
  constexpr double kLeft = 110;
  constexpr double kSpace = kWidth - kLeft - 90;
  std::string content;
  double y = 0;
  for (const auto& state : states_in_order()) {
    const auto before = count_in(start, state);
    const auto after = count_in(end, state);
    const auto wide = [&](std::size_t count) {
      return kSpace * static_cast<double>(count) / static_cast<double>(most);
    };
    content += label(kLeft - 8, y + 15, state, "end");
    content += box(kLeft, y + 5, std::max(wide(after), 1.0), kBar, after == 0 ? "empty" : "bar");
    if (before != 0) content += box(kLeft, y + 3, std::max(wide(before), 1.0), kBar + 4, "before");
    content += label(kLeft + std::max(wide(before), wide(after)) + 8, y + 15,
                     fmt::format("{} (before: {})", after, before));
    y += kRow;
  }
  return {
      "Versions by state at the end of the period; the outline is what there was at its beginning.",
      drawing(static_cast<int>(y), "Versions by state at both ends of the period", content)};
}

std::optional<Picture> ages_picture(const Report& report) {
  constexpr std::size_t kMost = 20;
  constexpr double kLeft = 150;
  constexpr double kWhole = 180;  // what a whole period is wide
  constexpr double kLongest = 1.25;
  std::string content;
  std::size_t shown = 0;
  std::size_t all = 0;
  for (const auto& one : report.rotations) {
    if (!one.serving || !one.period_days || !one.due) continue;
    if (++all > kMost) continue;
    const double y = kRow * static_cast<double>(shown++) + 18;
    const double share = static_cast<double>(one.age_days) /
                         static_cast<double>(std::max<std::int64_t>(*one.period_days, 1));
    content += label(kLeft - 8, y + 15, shortened(one.whose.text(), 21), "end");
    content += box(kLeft, y + 5, kWhole, kBar, "empty");
    content += box(kLeft, y + 5, std::max(kWhole * std::min(share, kLongest), 1.0), kBar,
                   one.overdue ? "over" : "bar");
    content += label(kLeft + kWhole * kLongest + 4, y + 15,
                     fmt::format("{}/{} d", one.age_days, *one.period_days));
  }
  if (all == 0) return std::nullopt;
  const int height = kRow * static_cast<int>(shown) + 22;
  content += label(kLeft + kWhole, 12, "due", "mid quiet");
  content += line(kLeft + kWhole, 16, height, "rule");
  std::string caption = "Age of the version that serves against the period of its key, in days.";
  if (all > shown)
    caption += fmt::format(" The {} keys that are due first; the table has all {}.", shown, all);
  return Picture{std::move(caption), drawing(height, "Age against cryptoperiod", content)};
}

std::optional<Picture> calendar_picture(const Report& report) {
  constexpr int kMonths = 12;
  constexpr double kLeft = 62;
  constexpr double kDay = 11.4;
  const auto today = std::chrono::floor<days>(report.period.to - std::chrono::milliseconds(1));
  const auto first = std::chrono::year_month_day(today);
  std::map<std::chrono::sys_days, std::size_t> due;
  std::size_t overdue = 0;
  std::size_t later = 0;
  const auto end =
      std::chrono::sys_days((first.year() / first.month() / 1) + std::chrono::months(kMonths));
  for (const auto& one : report.rotations) {
    if (!one.due) continue;
    const auto day = std::chrono::floor<days>(*one.due);
    if (one.overdue) {
      ++overdue;
    } else if (day >= end) {
      ++later;
    } else {
      ++due[day];
    }
  }
  if (due.empty() && overdue == 0 && later == 0) return std::nullopt;
  std::string content;
  for (int day = 5; day <= 30; day += 5)
    content += label(kLeft + (day - 1) * kDay + kDay / 2, 12, fmt::format("{}", day), "mid quiet");
  for (int month = 0; month < kMonths; ++month) {
    const auto of = (first.year() / first.month() / 1) + std::chrono::months(month);
    const double y = 18 + month * 17.0;
    const auto last = static_cast<unsigned>((of.year() / of.month() / std::chrono::last).day());
    content += label(kLeft - 8, y + 10, day_of(std::chrono::sys_days(of)).substr(0, 7), "end");
    std::size_t in_month = 0;
    for (unsigned day = 1; day <= last; ++day) {
      const auto at =
          due.find(std::chrono::sys_days(of.year() / of.month() / std::chrono::day(day)));
      const double x = kLeft + (day - 1) * kDay;
      content += box(x, y, kDay - 1.4, 11, at == due.end() ? "empty" : "bar");
      if (at != due.end()) in_month += at->second;
    }
    if (in_month != 0) content += label(kWidth - 2, y + 10, fmt::format("{}", in_month), "end");
  }
  return Picture{
      fmt::format("Rotations to come: the days on which one is due, and at the right how "
                  "many in a month. {} overdue, {} later.",
                  overdue, later),
      drawing(18 + kMonths * 17 + 4, "Calendar of the rotations to come", content)};
}

std::optional<Picture> unwraps_picture(const Report& report) {
  if (report.unwraps.empty()) return std::nullopt;
  constexpr int kMostDays = 366;
  constexpr double kHeight = 120;
  const auto last = std::chrono::floor<days>(report.period.to - std::chrono::milliseconds(1));
  auto first = std::chrono::floor<days>(report.period.from);
  if (last - first >= days(kMostDays)) first = last - days(kMostDays - 1);
  std::map<std::string, std::int64_t> counts;
  std::int64_t most = 1;
  for (const auto& one : report.unwraps) {
    counts[one.day] = one.count;
    if (one.day >= day_of(first)) most = std::max(most, one.count);
  }
  const auto number = static_cast<double>((last - first).count() + 1);
  const double wide = std::min((kWidth - 50) / number, 40.0);
  std::string content =
      label(44, 12, fmt::format("{}", most), "end") + label(44, kHeight, "0", "end");
  content += fmt::format("<line x1=\"50\" y1=\"{0}\" x2=\"{1}\" y2=\"{0}\" class=\"axis\"/>\n",
                         kHeight, kWidth);
  double x = 50;
  for (auto day = first; day <= last; day += days(1)) {
    const auto found = counts.find(day_of(day));
    if (found != counts.end()) {
      const double high =
          std::max(108.0 * static_cast<double>(found->second) / static_cast<double>(most), 1.0);
      content += box(x, kHeight - high, std::max(wide * 0.85, 0.8), high, "bar");
    }
    x += wide;
  }
  content += label(50, kHeight + 16, day_of(first), "quiet");
  if (first != last) content += label(std::max(x, 190.0), kHeight + 16, day_of(last), "end quiet");
  return Picture{"Unwraps per day: data keys and credentials that were given out.",
                 drawing(static_cast<int>(kHeight) + 22, "Unwraps per day", content)};
}

}  // namespace keyrite::report
