// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/internal/under_way.h"

#include "base/error.h"
#include "base/lower_hex.h"

namespace keyrite::act {

namespace {

constexpr std::size_t kRunBytes = 16;

}  // namespace

HeldFile hold_run(const site::Site& site, const std::string& run) {
  auto held = HeldFile::take(site, run);
  if (!held) {
    throw Error(Kind::kFailed, "file-unwritable",
                "another process holds the file of this run in the site's folder under-way/",
                "run the same command again");
  }
  return std::move(*held);
}

bool is_under_way(const site::Site& site, const std::string& run) {
  // What 0.1.0 signed may have anything as its run.
  return is_lower_hex(run, kRunBytes) && HeldFile::is_held(site, run);
}

}  // namespace keyrite::act
