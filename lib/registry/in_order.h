// The order in which an act writes registry and log, in one place: rows that the log cannot hold,
// in an open batch; the entry; the batch bound to it, states, and the log's size and last leaf. A
// crash between any two leaves an open batch, which resume finds (LogLink::open_batches), or a
// registry behind its log, which resume replays (standing_of). Checkpoint and frontier follow, and
// are not the registry's. One thread.
#pragma once

#include <functional>
#include <string>

#include "registry/registry.h"

namespace keyrite::registry {

// What the log has after the entry was appended.
struct Appended {
  LogEntry entry{};
  LogPosition position{};
};

struct OrderedWrite {
  std::string origin{};  // the log's name
  Batch batch{};         // whose manifest_sha256 the entry names
  // In the first transaction, after the batch was opened.
  std::function<void(Stores&)> rows{};
  // Appends the one entry, durably.
  std::function<Appended()> append{};
  // In the second transaction, after the batch was bound. May be empty.
  std::function<void(Stores&, const LogEntry&)> states{};
};

// Returns the entry. Errors: those of the functions; after one of `rows` nothing is left, after one
// of `append` the batch is open.
LogEntry write_in_order(Registry& registry, const OrderedWrite& write);

// An act of which the log can hold everything: its entry is there, then this.
void write_after_entry(Registry& registry, std::string_view origin, const Appended& appended,
                       const std::function<void(Stores&, const LogEntry&)>& states);

}  // namespace keyrite::registry
