#include "provider/wrapping_key_check.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "provider/rules.h"

namespace keyrite::provider {

void check_wrapping_key(Provider provider, const crypto::PublicKey& key, std::string_view origin) {
  if (key.type().family != KeyFamily::kRsa) {
    throw Error(
        Kind::kConfig, "wrapping-key-not-rsa",
        fmt::format("{}: the wrapping key is {}, not RSA", printable(origin), key.type().name()),
        "give the file with the wrapping key, not another public key");
  }
  if (!std::ranges::equal(key.rsa_exponent(), crypto::kF4)) {
    throw Error(Kind::kConfig, "wrapping-key-exponent",
                fmt::format("{}: the wrapping key's exponent is 0x{}, not 0x010001",
                            printable(origin), to_hex(key.rsa_exponent())),
                "no cloud issues such a key: find out where this file came from");
  }
  const auto& sizes = wrapping_key_sizes(provider);
  if (std::find(sizes.begin(), sizes.end(), key.rsa_bits()) == sizes.end()) {
    throw Error(Kind::kConfig, "wrapping-key-size",
                fmt::format("{}: the wrapping key has {} bits, but {} uses {}", printable(origin),
                            key.rsa_bits(), provider_title(provider), fmt::join(sizes, ", ")),
                "fetch import parameters with a key of one of these sizes");
  }
}

void refuse_pem(std::string_view content, std::string_view origin) {
  if (content.find("-----BEGIN") != std::string_view::npos) {
    throw Error(Kind::kConfig, "public-key-is-pem",
                fmt::format("{}: it is PEM text, but DER is needed", printable(origin)),
                "give the file exactly as the cloud's command line wrote it");
  }
}

bool is_base64_text(ByteView content) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n";
  return !content.empty() && std::all_of(content.begin(), content.end(), [&](std::uint8_t byte) {
    return kAlphabet.find(static_cast<char>(byte)) != std::string_view::npos;
  });
}

}  // namespace keyrite::provider
