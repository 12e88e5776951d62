// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The name of a KMS key: an ARN, or what an operator says in its place. Pure, any thread. Internal
// to aws.
#pragma once

#include <string>
#include <string_view>

namespace keyrite::provider::aws {

// Error kConfig "key-id-invalid".
void check_key_id(const std::string& key_id, std::string_view origin);
[[nodiscard]] bool same_key(std::string_view one, std::string_view other);

}  // namespace keyrite::provider::aws
