// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Of a checklist: what is to be destroyed, where else it is, and what is said of it.
#include <algorithm>
#include <chrono>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/clock.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/text.h"
#include "inventory/inventory_keys.h"
#include "report/gathering.h"
#include "report/internal/checklist.h"
#include "report/period.h"

namespace keyrite::report {

Shred Checklist::shred_of(const std::string& key) const {
  Shred shred;
  for (auto at = whole_.versions().lower_bound({key, 0});
       at != whole_.versions().end() && at->first.key == key; ++at) {
    const auto* state = state_at(at->second.states, Time::max());
    if (state == nullptr) continue;
    shred.any = true;
    if (state->state == "destroyed") shred.last = std::max(shred.last, state->by.entry);
    shred.over = shred.over && state->state == "destroyed";
  }
  return shred;
}

void Checklist::add_shred(const registry::Key& key) {
  const Shred shred = shred_of(key.id);
  all_over_ = all_over_ && shred.over;
  any_material_ = any_material_ || shred.any;
  last_destroyed_ = std::max(last_destroyed_, shred.last);
  LeavingItem item{.what = "shred",
                   .about = fmt::format("destroy the key {}", inventory::key_text(key)),
                   .state = ItemState::kDone};
  if (!shred.any) {
    item.detail = "it never had material";
  } else if (shred.over) {
    item.detail = "every version is destroyed";
    item.by = destroyed_by(key.id);
  } else {
    item.state = ItemState::kToDo;
    stand(key.id, item);
    if (hold_) item.state = ItemState::kBlocked;
    // One shred takes every key of the tenant: its command is shown once.
    if (std::exchange(shred_shown_, item.command) == item.command) item.command.reset();
  }
  leaving_.items.push_back(std::move(item));
}

std::optional<Source> Checklist::destroyed_by(const std::string& key) const {
  const StateTold* last = nullptr;
  for (auto at = whole_.versions().lower_bound({key, 0});
       at != whole_.versions().end() && at->first.key == key; ++at) {
    const auto* state = state_at(at->second.states, Time::max());
    if (state != nullptr && (last == nullptr || state->by.entry > last->by.entry)) last = state;
  }
  return source_of(last);
}

void Checklist::stand(const std::string& key, LeavingItem& item) const {
  std::size_t alive = 0;
  std::size_t frozen = 0;
  std::size_t condemned = 0;
  for (auto at = whole_.versions().lower_bound({key, 0});
       at != whole_.versions().end() && at->first.key == key; ++at) {
    if (is_version_over(at->second, Time::max())) continue;
    ++alive;
    const auto* told = state_at(at->second.frozen, Time::max());
    if (told != nullptr && told->state == "frozen") {
      ++frozen;
      item.by = told->by;
    }
    if (!at->second.condemned) continue;
    ++condemned;
    item.by = at->second.condemned;
  }
  item.command = shred_command(since_request());
  item.detail = fmt::format("{} not destroyed", counted(alive, "version is", "versions are"));
  if (condemned == alive) {
    item.detail += ", approved: destruction is pending";
    item.command = shred_command();
  } else if (frozen == alive) {
    item.state = ItemState::kWaits;
    item.detail += ", frozen: officers have to approve it. Repeat the options of the first run";
    item.command = shred_command("--approval FILE");
  }
}

void Checklist::add_places() {
  for (const auto& [id, place] : whole_.places()) {
    const auto key = whole_.keys().find(place.key);
    if (key == whole_.keys().end() || key->second.tenant != tenant_.id) continue;
    const auto* state = state_at(place.states, Time::max());
    if (state == nullptr || state->state == "asked" || state->state == "withdrawn") continue;
    leaving_.items.push_back(place_item(id, place, *state));
    const auto done = leaving_.items.back().state;
    places_over_ = places_over_ && (done == ItemState::kDone || done == ItemState::kOutside);
    last_place_ = std::max(last_place_, state->by.entry);
  }
}

LeavingItem Checklist::place_item(const registry::PlacementId& id, const PlaceTold& place,
                                  const StateTold& state) const {
  LeavingItem item{.what = "destination",
                   .about = fmt::format("delete version {} of {} at {}", id.number,
                                        key_name(place.key), place_name(stores_, id.destination)),
                   .state = ItemState::kToDo,
                   .detail = "there it is " + state.state,
                   .by = state.by};
  const auto version = whole_.versions().find({place.key, id.number});
  const bool condemned = version != whole_.versions().end() && version->second.condemned;
  if (state.state == "deleted") {
    item.state = ItemState::kDone;
  } else if (place.waived) {
    item.state = ItemState::kOutside;
    item.detail = fmt::format(
        "there it is {}, and officers decided that nobody waits for its answer", state.state);
    item.by = place.waived;
  } else if (state.state == "wrapped") {
    item.state = ItemState::kOutside;
    item.detail =
        "a bundle was made and nobody said that it was imported: whoever has it can, as "
        "long as its parameters live";
  } else if (state.state == "deletion-scheduled") {
    item.state = ItemState::kWaits;
    item.detail = "the cloud said when it deletes it; ask it again then";
    item.until = time_of_text(state.until);
    item.command = shred_command("--answers FOLDER.answers");
  } else if (hold_) {
    item.state = ItemState::kBlocked;
  } else if (!condemned) {
    item.state = ItemState::kWaits;
    item.detail += "; its script is written when the shred is approved";
  } else {
    item.command = shred_command("--output FOLDER");
  }
  return item;
}

std::optional<Time> Checklist::time_of_text(const std::string& text) {
  try {
    return std::chrono::floor<std::chrono::milliseconds>(parse_rfc3339(text, "until"));
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string Checklist::key_name(const std::string& id) const {
  const auto key = stores_.keys.find(id);
  return key ? inventory::key_text(*key) : id;
}

void Checklist::add_copies() {
  std::map<std::pair<registry::VersionId, std::string>, std::vector<const StateTold*>> left;
  for (const auto& [id, copy] : whole_.copies()) {
    const auto key = whole_.keys().find(copy.version.key);
    if (copy.form == "token" || key == whole_.keys().end() || key->second.tenant != tenant_.id)
      continue;
    const auto* state = state_at(copy.states, Time::max());
    if (state != nullptr && state->state != "destroyed")
      left[{copy.version, copy.form}].push_back(state);
  }
  for (const auto& [what, states] : left) {
    const auto& [version, form] = what;
    const auto* newest = *std::ranges::max_element(
        states, {}, [](const StateTold* state) { return state->by.entry; });
    leaving_.items.push_back(
        {.what = "copy",
         .about = fmt::format("erase {} with version {} of {}, wherever carried",
                              counted(states.size(), form), version.number, key_name(version.key)),
         .state = ItemState::kOutside,
         .detail = "keyrite does not see where it is",
         .by = newest->by});
  }
}

void Checklist::add_certificate() {
  if (!any_material_) return;
  const CertificateTold* last = nullptr;
  for (const auto& one : whole_.certificates()) {
    if (one.tenant == tenant_.id && one.by.vouched) last = &one;
  }
  const std::uint64_t newest = std::max(last_destroyed_, last_place_);
  const bool good = last != nullptr && last->complete && all_over_ && last->by.entry > newest;
  LeavingItem item{.what = "certificate",
                   .about = "certify what was destroyed",
                   .state = good                        ? ItemState::kDone
                            : all_over_ && places_over_ ? ItemState::kToDo
                                                        : ItemState::kWaits};
  if (last != nullptr) {
    item.by = last->by;
    item.detail = !last->complete ? "the last one is an interim statement"
                  : good          ? "it was issued"
                                  : "the last one is older than what happened since";
  }
  if (item.state == ItemState::kWaits)
    item.detail += fmt::format("{}until all is destroyed it is an interim statement",
                               item.detail.empty() ? "" : "; ");
  if (!good)
    item.command = fmt::format("keyrite shred certificate --tenant {} --out FOLDER", whose());
  leaving_.items.push_back(std::move(item));
}

void Checklist::add_names() {
  const bool done = is_in("forgotten");
  const bool ready = all_over_ && places_over_ && !hold_;
  LeavingItem item{.what = "names",
                   .about = "erase the tenant's names in the registry",
                   .state = done    ? ItemState::kDone
                            : hold_ ? ItemState::kBlocked
                            : ready ? ItemState::kToDo
                                    : ItemState::kWaits};
  if (done) item.by = source_of(tenant_state());
  if (ready && !done) item.command = shred_command("--forget --copy FOLDER");
  if (item.state == ItemState::kWaits) item.detail = "until all of the above has ended";
  leaving_.items.push_back(std::move(item));
}

}  // namespace keyrite::report
