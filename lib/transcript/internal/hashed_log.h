// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Reads a log, and looks at its entries and hashes them with as many threads as the machine has
// cores. Who reads along gets block after block, in the order of the log, in its own thread. A few
// blocks are in memory, whatever the log's length.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "transcript/entry_head.h"
#include "transcript/log_reader.h"
#include "transcript/merkle.h"

namespace keyrite::transcript {

// A whole block is a complete subtree of this height.
inline constexpr unsigned kBlockHeight = 10;

struct HashedBlock {
  std::uint64_t first{};  // index of its first entry
  std::string bytes{};    // of the entries, one after the other
  std::vector<std::size_t> ends{};
  std::vector<Hash> leaves{};
  std::vector<std::optional<EntryHead>> heads{};  // views of `bytes`
  std::optional<Hash> subtree{};                  // of a whole block at its place in the tree
  std::exception_ptr not_hashed{};                // instead of all these hashes
  bool hashed{false};

  [[nodiscard]] std::size_t count() const { return ends.size(); }
  [[nodiscard]] std::string_view entry(std::size_t at) const {
    const std::size_t begin = at == 0 ? 0 : ends[at - 1];
    return std::string_view(bytes).substr(begin, ends[at] - begin);
  }
};

// Gives `take` the first `size` entries; what follows is counted. Errors: those of read_log, after
// `take` was given all entries before; those of `take`.
LogEnd read_hashed_log(const std::string& path, std::uint64_t size,
                       const std::function<void(const HashedBlock& block)>& take);

}  // namespace keyrite::transcript
