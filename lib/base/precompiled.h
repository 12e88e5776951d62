// The third-party headers that nearly every source of lib includes, for builds that precompile them
// (KEYRITE_PRECOMPILE). Each source still includes what it uses: other builds enforce that.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>
