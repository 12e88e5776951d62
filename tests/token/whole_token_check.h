// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// token-check by a Runner, with what the officer does in it. One thread.
#pragma once

#include "support/test_token.h"
#include "token_check/token_check.h"

namespace keyrite::test {

[[nodiscard]] token_check::TokenCheckReport check_whole(
    const TestToken& token, const token_check::TokenCheckRequest& request);

}  // namespace keyrite::test
