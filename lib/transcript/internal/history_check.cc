// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/internal/history_check.h"

#include "transcript/entry_head.h"

namespace keyrite::transcript {

void HistoryCheck::take(std::string_view line, const std::optional<EntryHead>& head) {
  if (head) {
    const bool has_one = head->vouched && !head->history_sha256.empty();
    if (has_one && !wrong_ && history_.sha256(start_) != head->history_sha256)
      wrong_ = start_.entries;
    history_.take(start_.entries, line, *head);
  }
  ++start_.entries;
  start_.bytes += line.size() + 1;
}

}  // namespace keyrite::transcript
