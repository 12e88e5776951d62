// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/held_key.h"

#include <utility>

#include <fmt/format.h>

#include "base/error.h"

namespace keyrite::rotation {

act::HeldFile hold_key(const site::Site& site, const std::string& key, const std::string& text) {
  auto held = act::HeldFile::take(site, "rotate-" + key);
  if (held) return std::move(*held);
  throw Error(Kind::kFailed, "rotation-running",
              fmt::format("{}: another process rotates this key at this moment", text),
              "wait until it has ended, then run this again: what it did is not done twice");
}

}  // namespace keyrite::rotation
