// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/judged_bundle.h"

#include <fmt/format.h>

#include "act/chosen_destination.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::rotation {

Json judged_bundle(const act::Outcome& outcome, const Place& place, const std::string& bundle) {
  const auto& document = outcome.document;
  const auto& id = place.placement->id;
  const bool known = document.contains("placement");
  const bool is_its_own = known && document["placement"].at("key_id") == place.placement->key &&
                          document["placement"].at("number") == id.number &&
                          document["placement"].at("destination_id") == id.destination;
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
