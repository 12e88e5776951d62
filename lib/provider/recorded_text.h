// The lines of import.sh and README.txt that repeat what manifest.json says. One table writes them
// and searches for them. Pure, any thread. Internal to provider.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "provider/provider.h"

namespace keyrite::provider {

// The core in other letters than the manifest's: "3D9080B0 E6035CB1 ...", eight groups of eight.
[[nodiscard]] std::string core_in_groups(std::string_view core_sha256);

// Assignments at the head of import.sh, name and shell word. `core_sha256` may be empty: a bundle
// of version 1.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> script_settings(
    Provider provider, const std::optional<TimePoint>& valid_until, std::string_view core_sha256);

// The block of README.txt (`origin`, and the core, where they are not empty), with an empty line
// behind it.
[[nodiscard]] std::string readme_facts(
    const std::vector<std::pair<std::string, std::string>>& names, std::string_view origin,
    const std::optional<TimePoint>& valid_until, std::string_view core_sha256);

}  // namespace keyrite::provider
