// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The lines of a log that tell how a key was made: the result of generate-kek, and the intent of
// its run. Reads files; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "site/site.h"

namespace keyrite::keys {

struct MakingLines {
  std::uint64_t index{};  // of the result
  std::string result{};
  std::string intent{};  // empty: the log has none
};

// Those that the registry names for a CKA_ID (lower-case hex), which the log has there and the
// checkpoint signs; the rest of the log is not read. What they say is for the caller to judge.
// nullopt: the registry knows no such key, or not from generate-kek, or the log has another entry
// there. Errors: those of Registry, read_checkpoint and verify_checkpoint.
[[nodiscard]] std::optional<std::vector<MakingLines>> making_lines_on_record(const site::Site& site,
                                                                             std::string_view id);

// Those of the whole log that have the id's text somewhere, in order. Errors: those of
// transcript::verify.
[[nodiscard]] std::vector<MakingLines> making_lines_in_log(const site::Site& site,
                                                           std::string_view id);

}  // namespace keyrite::keys
