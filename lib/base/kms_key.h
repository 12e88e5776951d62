// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A KMS key of AWS has two names: some answers have its ARN, and others its id alone. Pure, any
// thread.
#pragma once

#include <string_view>

namespace keyrite {

// As it was named, with the Region and the account that an id without them is in; an account that
// is empty is not known, and not compared.
struct KmsKeyName {
  std::string_view name{};
  std::string_view region{};
  std::string_view account{};
};

[[nodiscard]] bool is_same_kms_key(const KmsKeyName& one, const KmsKeyName& other);

}  // namespace keyrite
