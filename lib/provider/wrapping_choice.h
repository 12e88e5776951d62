// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a cloud can be asked for, so that it hands out a wrapping key: by its own names. Immutable,
// any thread.
#pragma once

#include <string>
#include <vector>

#include "base/wrapping.h"
#include "provider/provider.h"

namespace keyrite::provider {

struct WrappingChoice {
  std::string name{};  // "RSAES_OAEP_SHA_256", "rsa-oaep-3072-sha256-aes-256"
  WrappingAlgorithm algorithm{};
  std::vector<unsigned> wrapping_key_bits{};  // that go with it, ascending
};

// In the order in which the provider lists them.
[[nodiscard]] const std::vector<WrappingChoice>& wrapping_choices(Provider provider);

}  // namespace keyrite::provider
