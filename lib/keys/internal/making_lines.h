// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The lines of a log that tell how a key was made: the result of generate-kek, and the intent of
// its run. Reads files; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "site/site.h"

namespace keyrite::keys {

struct MakingLines {
  std::uint64_t index{};  // of the result
  std::string result{};
  std::string intent{};  // empty: the log has none
};

// By CKA_ID (lower-case hex), each in the order of the log.
using LinesOfKeys = std::map<std::string, std::vector<MakingLines>, std::less<>>;

// Those that the registry names for each of `ids`, which the log has there and the checkpoint
// signs; the rest of the log is not read. What they say is for the caller to judge. An id is left
// out when the registry knows no such key, or not from generate-kek, or the log has another entry
// there. Errors: those of Registry, read_checkpoint and verify_checkpoint.
[[nodiscard]] LinesOfKeys making_lines_on_record(const site::Site& site,
                                                 std::span<const std::string> ids);

// Those of the whole log that have an id's text somewhere, by one reading of it. An id without any
// is left out. Errors: those of transcript::verify.
[[nodiscard]] LinesOfKeys making_lines_in_log(const site::Site& site,
                                              std::span<const std::string> ids);

}  // namespace keyrite::keys
