// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/leaf.h"

#include "base/bytes.h"
#include "transcript/merkle.h"

namespace keyrite::transcript {

std::string leaf_text(std::string_view entry) {
  Hasher hasher;
  return to_hex(hasher.leaf(as_bytes(entry)));
}

}  // namespace keyrite::transcript
