// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Whether each entry of a log that is vouched for has the SHA-256 of what the log said before it.
// Fed entry by entry; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "transcript/history.h"

namespace keyrite::transcript {

class HistoryCheck {
 public:
  void take(std::string_view line, const std::optional<EntryHead>& head);
  // The first entry that has another one. Entries of versions that wrote none are passed over.
  [[nodiscard]] const std::optional<std::uint64_t>& wrong() const { return wrong_; }

 private:
  History history_{};
  LogStart start_{};
  std::optional<std::uint64_t> wrong_{};
};

}  // namespace keyrite::transcript
