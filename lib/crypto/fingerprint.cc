#include "crypto/fingerprint.h"

#include <algorithm>
#include <cctype>

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

}  // namespace keyrite::crypto
