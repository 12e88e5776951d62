// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "provider/target_words.h"

namespace keyrite::provider::google {

void add_target(TargetWords& words, const provider::ImportParameters& of,
                const provider::ImportOptions& given, const std::optional<std::string>& label) {
  const auto& options = options_of<ImportOptions>(given);
  const auto& parameters = std::get<ImportParameters>(of);
  const auto& job = parameters.job;
  words.cloud_key(fmt::format("projects/{}/locations/{}/keyRings/{}/cryptoKeys/", job.project,
                              job.location, job.keyring),
                  options.key, label);
  words.name("project", job.project);
  words.name("location", job.location);
  words.name("key_ring", job.keyring);
  words.name("import_job", job.text());
  words.plain("wrapping_algorithm", parameters.method.name);
  words.plain("protection_level", parameters.protection_level);
}

}  // namespace keyrite::provider::google
