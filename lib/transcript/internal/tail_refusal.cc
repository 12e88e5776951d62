// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "transcript/internal/tail_refusal.h"

#include <fmt/format.h>

#include "base/counted.h"
#include "transcript/internal/loaded_log.h"

namespace keyrite::transcript {

Error with_drop_hint(const TailFault& fault) {
  return {fault.error.kind(), fault.error.code(), fault.error.message(),
          fmt::format("find out who wrote this unsigned entry; no act runs until then. keyrite "
                      "resume --drop-unsigned {} removes it and all entries after it, keeps them "
                      "as evidence, and logs their SHA-256",
                      fault.index)};
}

void refuse_drop(std::uint64_t index) {
  throw Error(Kind::kUsage, "entry-in-order",
              fmt::format("entry {} cannot be dropped: it is signed, or nothing is wrong with it, "
                          "or it does not exist",
                          index),
              "give the number of the entry that keyrite refused");
}

void refuse_unaccepted(const std::vector<UnsignedEntry>& entries) {
  const std::uint64_t first = entries.front().index;
  throw Error(
      Kind::kVerification, "entry-unvouched",
      fmt::format("the log's key does not vouch for {} of acts at the token, from entry {} on. A "
                  "killed version 0.1.0 leaves such entries; so can anybody who can write the log",
                  counted(entries.size(), "unsigned entry", "unsigned entries"), first),
      fmt::format("read them with keyrite transcript show. If they are true: keyrite resume "
                  "--sign-unsigned {}. If not: keyrite resume --drop-unsigned {}",
                  entries.size(), first));
}

}  // namespace keyrite::transcript
