// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Whether bytes that were erased are in the registry's file still.
#include <algorithm>
#include <cstring>
#include <set>
#include <unordered_map>

#include "base/file.h"
#include "base/presence.h"
#include "registry/registry.h"

namespace keyrite::registry {

namespace {

// The first 8 bytes of a byte string.
std::uint64_t start_of(const std::uint8_t* bytes) {
  std::uint64_t start = 0;
  std::memcpy(&start, bytes, sizeof start);
  return start;
}

class Wanted {
 public:
  explicit Wanted(const std::vector<Bytes>& all) {
    for (const auto& one : all) {
      if (one.size() < sizeof(std::uint64_t)) continue;
      by_start_.emplace(start_of(one.data()), &one);
      longest_ = std::max(longest_, one.size());
    }
  }
  [[nodiscard]] std::size_t longest() const { return longest_; }
  // Those that begin before `until`.
  void find(ByteView piece, std::size_t until, std::set<const Bytes*>& found) const {
    for (std::size_t at = 0; at < until && at + sizeof(std::uint64_t) <= piece.size(); ++at) {
      const auto [first, last] = by_start_.equal_range(start_of(piece.data() + at));
      for (auto one = first; one != last; ++one) {
        const Bytes& bytes = *one->second;
        if (at + bytes.size() <= piece.size() &&
            std::memcmp(piece.data() + at, bytes.data(), bytes.size()) == 0)
          found.insert(&bytes);
      }
    }
  }

 private:
  std::unordered_multimap<std::uint64_t, const Bytes*> by_start_{};
  std::size_t longest_{0};
};

}  // namespace

std::size_t count_in_file(const std::filesystem::path& path, const std::vector<Bytes>& wanted) {
  const Wanted search(wanted);
  if (search.longest() == 0) return 0;
  std::set<const Bytes*> found;
  for (const char* ending : {"", "-journal", "-wal"}) {
    const std::string name = path.native() + ending;
    if (!is_there(name)) continue;
    FilePieces pieces(name);
    Bytes held;  // the end of the piece before, in which one may begin
    for (ByteView piece = pieces.next(); !piece.empty(); piece = pieces.next()) {
      held.insert(held.end(), piece.begin(), piece.end());
      if (held.size() < search.longest()) continue;
      const std::size_t until = held.size() - search.longest() + 1;
      search.find(held, until, found);
      held.erase(held.begin(), held.begin() + static_cast<std::ptrdiff_t>(until));
    }
    search.find(held, held.size(), found);
  }
  return found.size();
}

bool is_in_file(const std::filesystem::path& path, std::string_view bytes) {
  FilePieces pieces(path);
  std::string held;
  for (ByteView piece = pieces.next(); !piece.empty(); piece = pieces.next()) {
    held += as_text(piece);
    if (held.find(bytes) != std::string::npos) return true;
    if (held.size() >= bytes.size()) held.erase(0, held.size() - bytes.size() + 1);
  }
  return false;
}

}  // namespace keyrite::registry
