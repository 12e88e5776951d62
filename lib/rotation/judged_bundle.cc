// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/judged_bundle.h"

#include <algorithm>

#include <fmt/format.h>

#include "act/chosen_destination.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::rotation {

namespace {

bool is_of(const Json& recorded, const registry::Placement& placement) {
  return recorded.at("key_id") == placement.key && recorded.at("number") == placement.id.number &&
         recorded.at("destination_id") == placement.id.destination;
}

// Two destinations may be names of one key of the cloud: then the bundle of each is of both.
bool is_of_any(const Json& recorded, const registry::Placement& placement) {
  const auto others = recorded.value("also", Json::array());
  return is_of(recorded, placement) ||
         std::ranges::any_of(others, [&](const Json& other) { return is_of(other, placement); });
}

}  // namespace

Json judged_bundle(const act::Outcome& outcome, const Place& place, const std::string& bundle) {
  const auto& document = outcome.document;
  const auto& id = place.placement->id;
  const bool known = document.contains("placement");
  const bool is_its_own = known && is_of_any(document["placement"], *place.placement);
  if (!is_its_own) {
    throw Error(Kind::kConfig, "answers-foreign",
                fmt::format("{} is {}, and not that of version {} at {}", printable(bundle),
                            known ? "the bundle of another version or destination"
                                  : "no bundle that this site has on record",
                            id.number, act::place_text(place.destination)),
                "nothing was recorded of its answers: bring the folder that rotate made, with the "
                "answers that its import.sh saved");
  }
  return Json::array({{{"bundle", bundle}, {"verdict", document.at("verdict")}}});
}

}  // namespace keyrite::rotation
