// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What an operator does about a wrapping algorithm that is missing or unknown. Internal to aws.
#pragma once

#include <string_view>

namespace keyrite::provider::aws {

inline constexpr std::string_view kAlgorithmHint =
    "give the algorithm of the get-parameters-for-import request with --wrapping-algorithm: "
    "RSAES_OAEP_SHA_256, RSAES_OAEP_SHA_1, RSA_AES_KEY_WRAP_SHA_256 or RSA_AES_KEY_WRAP_SHA_1; "
    "CloudTrail records it";

}  // namespace keyrite::provider::aws
