#include "cli/progress.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace keyrite::cli {

namespace {

constexpr std::chrono::milliseconds kBetween{200};
constexpr unsigned kWidest = 80;
constexpr std::size_t kBar = 20;

std::string time_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds);
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

}  // namespace

std::string progress_line(std::uint64_t done, std::optional<std::uint64_t> total,
                          std::chrono::duration<double> since, unsigned columns) {
  const double rate = since.count() > 0 ? static_cast<double>(done) / since.count() : 0;
  std::string line = fmt::format("{} done, {:.0f}/s", done, rate);
  std::string bar;
  if (total && *total != 0) {
    const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(*total));
    const auto full = static_cast<std::size_t>(part * kBar);
    bar = fmt::format("[{}{}] ", std::string(full, '#'), std::string(kBar - full, ' '));
    line =
        fmt::format("{} of {}, {} %, {:.0f}/s", done, *total, static_cast<int>(part * 100), rate);
    if (rate > 0 && done <= *total)
      line += fmt::format(", {} left", time_text(static_cast<double>(*total - done) / rate));
  }
  const std::size_t room = std::min(columns, kWidest) - 1;
  if (bar.size() + line.size() <= room) return bar + line;
  return line.substr(0, room);
}

void ProgressBar::show(std::uint64_t done, std::optional<std::uint64_t> total) {
  const auto now = SteadyClock::now();
  if (done == 0 || done < last_) begun_ = now;
  last_ = done;
  if (columns_ < 2 || (shown_ && now - *shown_ < kBetween)) return;
  shown_ = now;
  there_ = true;
  err_ << "\r\033[K" << progress_line(done, total, now - begun_, columns_) << std::flush;
}

void ProgressBar::clear() {
  if (std::exchange(there_, false)) err_ << "\r\033[K" << std::flush;
}

}  // namespace keyrite::cli
