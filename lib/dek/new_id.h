// The id of a new data key. Any thread.
#pragma once

#include <string>

#include "registry/model.h"

namespace keyrite::dek {

// 16 bytes in hex: milliseconds since 1970, then 10 random bytes, so that a database adds rows at
// one end.
[[nodiscard]] std::string new_dek_id(registry::Time now);

}  // namespace keyrite::dek
