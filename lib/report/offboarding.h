// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What must happen before a tenant has left, as a list that is worked through by looking at it
// again: each item has its state by log and registry, the day by which the law may want it, and the
// command that does it next. What keyrite cannot see is said to be outside. Plain values; reads a
// view, one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "registry/transaction.h"
#include "report/account.h"

namespace keyrite::report {

enum class ItemState : std::uint8_t { kDone, kToDo, kWaits, kBlocked, kOutside };
[[nodiscard]] std::string_view item_word(ItemState state);  // "done", "to-do", ...

struct LeavingItem {
  std::string what{};  // "offboard", "hold", "credential", "holder", "shred", "destination", ...
  std::string about{};
  ItemState state{};
  std::string detail{};
  std::optional<Source> by{};            // the entry that shows it
  std::optional<Time> until{};           // a day that somebody else named
  std::optional<std::string> command{};  // the next one; words in capitals are to be filled in
};

struct Leaving {
  std::string tenant{};  // for people
  std::string tenant_id{};
  std::optional<Time> requested{};
  std::string requested_from{};  // "given", "entry", "offboarded", "nothing"
  std::optional<Source> requested_by{};
  std::optional<Time> law_day{};
  std::vector<LeavingItem> items{};
  [[nodiscard]] bool is_over() const;  // nothing is to be done that keyrite sees
};

// `whole`: what the log tells as far as the registry has taken it over. `given`: when somebody
// asked for the erasure, by the word of the caller; the earliest that is known counts.
[[nodiscard]] Leaving leaving_of(const Account& whole, const registry::Stores& stores,
                                 const registry::Tenant& tenant, std::optional<Time> given);

// `signed_entries`: how many the checkpoint signs.
[[nodiscard]] Json to_json(const Leaving& leaving, std::uint64_t signed_entries, Time now);
[[nodiscard]] std::vector<std::string> text_of(const Leaving& leaving, std::uint64_t signed_entries,
                                               Time now);

}  // namespace keyrite::report
