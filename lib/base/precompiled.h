// The headers of others that nearly every source of lib includes, for builds that precompile them
// (KEYRITE_PRECOMPILE). Sources include what they use all the same: other builds hold them to it.
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
