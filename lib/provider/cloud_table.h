// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// One row for each cloud: its functions and the facts that need no function. Whoever works on a
// cloud without caring which one asks here; what a cloud does is in its own folder. Internal to
// provider. Immutable, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provider/answer_check.h"
#include "provider/commands.h"
#include "provider/destination.h"
#include "provider/rules.h"

namespace keyrite::provider {

struct Cloud {
  Provider provider{};
  std::vector<unsigned> wrapping_key_sizes{};  // RSA bits, ascending
  // The code with which it refuses to decrypt a ciphertext.
  std::string_view refusing_code{};
  std::vector<KeyRule> (*make_key_rules)() = nullptr;
  // As resolve(), for what the cloud alone knows.
  void (*complete)(Destination& destination, std::string_view label, Force force,
                   TimePoint now) = nullptr;
  StepSet (*make_steps)(const Destination& destination, const ScriptInput& input) = nullptr;
  std::vector<std::string> (*preparation)(const Destination& destination) = nullptr;
  // One finding for each file, in their order.
  std::vector<Finding> (*judge_answers)(const Expected& expected,
                                        const std::vector<JsonEvidence>& files) = nullptr;
  // What a file is that is neither text nor an answer; nullopt: not known to this cloud.
  std::optional<Finding> (*judge_binary)(const Expected& expected, const std::string& file,
                                         ByteView content) = nullptr;
  bool (*is_bundle_key)(const Expected& expected, std::string_view name) = nullptr;
  std::string (*normal_name)(std::string_view name) = nullptr;  // as provider::normal_name
};

[[nodiscard]] const Cloud& cloud_of(Provider provider);

}  // namespace keyrite::provider
