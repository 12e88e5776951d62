#include "base/key_origin.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite {

namespace {

struct OriginRow {
  KeyOrigin origin{};
  std::string_view name{};
};
constexpr std::array<OriginRow, 3> kOrigins{{
    {KeyOrigin::kLogged, "logged"},
    {KeyOrigin::kToken, "token"},
    {KeyOrigin::kUnknown, "unknown"},
}};

}  // namespace

std::string_view key_origin_name(KeyOrigin origin) {
  return std::find_if(kOrigins.begin(), kOrigins.end(),
                      [&](const auto& row) { return row.origin == origin; })
      ->name;
}

KeyOrigin parse_key_origin(std::string_view name) {
  for (const auto& row : kOrigins) {
    if (row.name == name) return row.origin;
  }
  throw Error(Kind::kConfig, "origin-unknown",
              fmt::format("\"{}\" is not an origin of a key", printable(name)),
              "the origins are logged, token and unknown");
}

std::string origin_text(KeyOrigin origin, std::optional<std::uint64_t> entry) {
  switch (origin) {
    case KeyOrigin::kLogged:
      return fmt::format("made in this token (logged, entry {})", entry.value());
    case KeyOrigin::kToken:
      return "the token says it made it";
    case KeyOrigin::kUnknown:
      return "unknown";
  }
  throw Error(Kind::kInternal, "value-outside-table", "an origin outside the table");
}

}  // namespace keyrite
