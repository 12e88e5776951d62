// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "provider/target_words.h"

namespace keyrite::provider::azure {

void add_target(TargetWords& words, const provider::ImportParameters& of,
                const provider::ImportOptions& given, const std::optional<std::string>& label) {
  const auto& options = options_of<ImportOptions>(given);
  const auto& parameters = std::get<ImportParameters>(of);
  words.cloud_key(fmt::format("https://{}/keys/", parameters.kid.host), options.name, label);
  words.name("vault", parameters.kid.host);
  words.name("key_exchange_key", parameters.kid.text());
  words.plain("wrapping_algorithm", wrapping_algorithm(of).name());
}

}  // namespace keyrite::provider::azure
