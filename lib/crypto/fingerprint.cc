#include "crypto/fingerprint.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::crypto {

std::string plain_fingerprint(std::string_view given, std::string_view origin,
                              std::string_view hint) {
  constexpr std::size_t kDigits = 64;
  std::string digits;
  for (const char c : given) {
    if (c == ':' || c == ' ') continue;
    digits += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  const bool hex = std::all_of(digits.begin(), digits.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  if (!hex || digits.size() != kDigits) {
    throw Error(Kind::kUsage, "fingerprint-invalid",
                std::string(origin) + " \"" + printable(given) + "\" is not a SHA-256 in hex",
                std::string(hint));
  }
  return digits;
}

std::string first_difference(std::string_view found, std::string_view expected) {
  constexpr std::size_t kGroup = 4;
  const auto length = std::min(found.size(), expected.size());
  const auto at = static_cast<std::size_t>(
      std::mismatch(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(length),
                    expected.begin())
          .first -
      found.begin());
  const std::size_t group = at / kGroup;
  return fmt::format("group {} of {} is {}, not {}", group + 1, found.size() / kGroup,
                     found.substr(group * kGroup, kGroup), expected.substr(group * kGroup, kGroup));
}

}  // namespace keyrite::crypto
