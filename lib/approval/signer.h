// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Who of a roster signed exactly these bytes, whatever they are: one file, SSH for a purpose or
// CMS. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "approval/quorum.h"
#include "approval/roster.h"
#include "base/bytes.h"
#include "base/clock.h"

namespace keyrite::approval {

struct Signer {
  const Approver* person{nullptr};  // in the roster, whose key or certificate it names
  bool is_good{false};              // a signature by it over these bytes, for this purpose
  bool holds{false};                // person, and certificate, hold at that time
  std::string why{};                // for people, where it is not good or does not hold
};
// `file`: as approval_file() gives it. `purpose`: the namespace of an SSH signature; CMS has none,
// and the bytes themselves must say what they are. Error kInternal "openssl" when OpenSSL cannot
// work.
[[nodiscard]] Signer signer_of(const ApprovalFile& file, ByteView content, const Roster& roster,
                               std::string_view purpose, TimePoint when);

}  // namespace keyrite::approval
