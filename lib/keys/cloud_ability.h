// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a token can wrap for a cloud: of each thing that the cloud can be asked for and each key
// type, whether wrap-for-import would find a method here, and what must be accepted for it. It asks
// the rules of lib/provider, and the plan and the self-tests that a wrap itself asks. One session,
// one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/log_words.h"
#include "base/json_fwd.h"
#include "provider/provider.h"
#include "wrap/plan.h"

namespace keyrite::keys {

// In the order of what a person wants to hear.
enum class Can { kYes, kWithOptions, kUndecided, kNo };
[[nodiscard]] act::Words can_words(Can can);  // "yes", "only with options", "undecided", "no"

struct CloudAbility {
  provider::Provider provider{};
  std::string asked{};  // by the cloud's own name: "RSAES_OAEP_SHA_256"
  wrap::Requirements required{};
  bool unverified{false};  // no source confirms that the cloud takes it
  wrap::Ability ability{};

  [[nodiscard]] Can can() const;
  // Of wrap-for-import, where there is a recipe: "--allow-unverified", ...
  [[nodiscard]] std::vector<std::string> options() const;
  // Where there is none: what the token answered to each method, and to the last one.
  [[nodiscard]] std::string reason() const;
  [[nodiscard]] std::string reason_in_short() const;
  [[nodiscard]] Json to_json() const;
};

// The smallest wrapping key that the cloud has and that holds the key is the one tried. `type`:
// nullopt is every type of generate-kek that the cloud takes. `needs_trusted`: as
// wrap::Requirements::target_needs_trusted. Errors: those of SelfTest::run.
[[nodiscard]] std::vector<CloudAbility> cloud_abilities(provider::Provider provider,
                                                        const std::optional<KeyType>& type,
                                                        wrap::SelfTest& tests,
                                                        bool needs_trusted = false);

// The best of them; kNo where there are none.
[[nodiscard]] Can best_of(const std::vector<CloudAbility>& all);

}  // namespace keyrite::keys
