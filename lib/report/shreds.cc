// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What is being destroyed, and what it waits for.
#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"
#include "report/gathering.h"

namespace keyrite::report {

namespace {

bool holds_at_cloud(const std::string& state) {
  return state != "asked" && state != "withdrawn" && state != "deleted";
}

void add_copies(const Account& account, const registry::VersionId& version, Time before,
                std::vector<std::string>& waits) {
  for (const auto& [id, copy] : account.copies()) {
    if (copy.version != version) continue;
    const auto* state = state_at(copy.states, before);
    if (state == nullptr || state->state == "destroyed") continue;
    if (copy.form == "token") {
      waits.push_back(fmt::format("token {}: {} (entry {})", printable(copy.token_serial),
                                  state->state, state->by.entry));
    } else {
      waits.push_back(
          fmt::format("a {} that left: {} (entry {})", copy.form, state->state, state->by.entry));
    }
  }
}

void add_places(const Account& account, const registry::Stores& stores,
                const registry::VersionId& version, Time before, std::vector<std::string>& waits) {
  for (const auto& [id, place] : account.places()) {
    if (place.key != version.key || id.number != version.number) continue;
    const auto* state = state_at(place.states, before);
    if (state == nullptr || !holds_at_cloud(state->state)) continue;
    if (place.waived && place.waived->at < before) continue;
    waits.push_back(fmt::format("{}: {}{} (entry {})", place_name(stores, id.destination),
                                state->state, state->until.empty() ? "" : " until " + state->until,
                                state->by.entry));
  }
}

bool has_pending_copy(const Account& account, const registry::VersionId& version, Time before) {
  return std::ranges::any_of(account.copies(), [&](const auto& one) {
    const auto* state = state_at(one.second.states, before);
    return one.second.version == version && state != nullptr &&
           state->state == "destruction-pending";
  });
}

}  // namespace

std::vector<ShredFacts> shreds_of(const Account& account, const registry::Stores& stores,
                                  Names& names, const Period& period) {
  std::vector<ShredFacts> shreds;
  for (const auto& [id, told] : account.versions()) {
    const auto* state = state_at(told.states, period.to);
    const auto* frozen = state_at(told.frozen, period.to);
    const bool over = is_version_over(told, period.to);
    const bool condemned = told.condemned && told.condemned->at < period.to;
    const bool is_frozen = frozen != nullptr && frozen->state == "frozen";
    if (!over && !condemned && !is_frozen) continue;
    ShredFacts shred{.whose = names.of_key(account, id.key), .number = id.number};
    if (over) {
      shred.stands = "destroyed";
      shred.by = state->by;
    } else if (condemned) {
      shred.stands = has_pending_copy(account, id, period.to) ? "pending" : "approved";
      shred.by = *told.condemned;
    } else {
      shred.stands = "frozen";
      shred.by = frozen->by;
    }
    if (!over) add_copies(account, id, period.to, shred.waits);
    add_places(account, stores, id, period.to, shred.waits);
    // What was over before the period began, and waits for nothing, is not of it.
    if (over && shred.waits.empty() && state->by.at < period.from) continue;
    shreds.push_back(std::move(shred));
  }
  std::ranges::sort(shreds, {}, [](const ShredFacts& one) {
    return std::tuple(one.stands == "destroyed", one.whose.tenant, one.whose.key, one.number);
  });
  return shreds;
}

}  // namespace keyrite::report
