#include "transcript/marks.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

#include "transcript/event.h"

namespace keyrite::transcript {

namespace {

std::optional<std::uint64_t> index_in(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

void EntryMarks::take(std::uint64_t index, std::string_view line) { take(index, entry_head(line)); }

void EntryMarks::take(std::uint64_t index, const std::optional<EntryHead>& head) {
  if (!head) return;
  if (!clock_.take(index, *head)) set_back_.push_back(index);
  if (head->event != kUnvouched || !head->vouched) return;
  const auto first = index_in(head->first);
  const auto last = index_in(head->last);
  if (!first || !last || *first > *last || *last >= index) return;
  const auto place = std::ranges::upper_bound(unvouched_, *first, {}, &EntryRange::first);
  unvouched_.insert(place, {.first = *first, .last = *last});
}

bool EntryMarks::is_unvouched(std::uint64_t index) const {
  const auto after = std::ranges::upper_bound(unvouched_, index, {}, &EntryRange::first);
  return after != unvouched_.begin() && index <= std::prev(after)->last;
}

}  // namespace keyrite::transcript
