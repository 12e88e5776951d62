// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a registry calls things, for a shell that completes a command: read and nothing else. The
// file is opened to be read, nobody is waited for, no journal is played back, and what cannot be
// read at once has no names. So no name of it may be relied on. Any thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace keyrite::registry {

enum class Named { kTenants, kKeys, kDestinations };

// In the order of the alphabet, each once, kMostNames at most; of one tenant alone where it is
// given. Never throws.
inline constexpr int kMostNames = 1000;
[[nodiscard]] std::vector<std::string> known_names(
    const std::string& path, Named what, const std::optional<std::string>& tenant) noexcept;
// The names for which these pseudonyms stand. The same.
[[nodiscard]] std::vector<std::string> names_behind(
    const std::string& path, const std::set<std::string, std::less<>>& pseudonyms) noexcept;

}  // namespace keyrite::registry
