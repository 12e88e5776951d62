#include "base/nearest.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace keyrite {
namespace {

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kLongestWord = 64;
  constexpr std::size_t kSwap = 2;  // two letters in the wrong order
  if (word.size() > kLongestWord) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = 0;
  for (const auto& candidate : known) {
    const std::size_t found = distance(word, candidate);
    const std::size_t longer = std::max(word.size(), candidate.size());
    if (found >= longer || found > std::max(longer / 3, kSwap)) continue;
    if (!best || found < best_distance) {
      best = candidate;
      best_distance = found;
    }
  }
  return best;
}

std::string hint_with_nearest(std::string_view word, const std::vector<std::string>& known,
                              std::string_view hint) {
  const auto near = nearest(word, known);
  if (!near || *near == word) return std::string(hint);
  return "did you mean \"" + printable(*near) + "\"?\n" + std::string(hint);
}

}  // namespace keyrite
