// What a call refused: kind and code together, as scripts see them.
#pragma once

#include <functional>
#include <string_view>

#include "base/error.h"

namespace keyrite::test {

// Fails the running test case unless `call` throws an Error of exactly this kind and code.
void check_refused(Kind kind, std::string_view code, const std::function<void()>& call);

}  // namespace keyrite::test
