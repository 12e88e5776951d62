// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Destinations as somebody asks for them: one by its options, or many from a file. Plain data; one
// thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "inventory/destinations.h"
#include "inventory/record_file.h"
#include "provider/place_words.h"
#include "provider/provider.h"

namespace keyrite::inventory {

// One destination as somebody asks for it.
struct NewDestination {
  std::string id{};
  std::string tenant{};
  std::string key{};
  provider::Provider provider{};
  provider::PlaceWords words{};
  Json options = Json::object();
};

// `file`: what was read, if the request names one. Errors kUsage "name-or-file",
// "destination-incomplete", "name-invalid", "option-not-for-provider"; those of parse_provider and
// read_records.
[[nodiscard]] std::vector<NewDestination> wanted_destinations(const AddDestinationsRequest& request,
                                                              std::optional<RecordFile>& file);

}  // namespace keyrite::inventory
