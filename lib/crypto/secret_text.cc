#include "crypto/secret_text.h"

#include <cstdint>

namespace keyrite::crypto {

namespace {

constexpr unsigned kNone = 256;

unsigned hex_digit(std::uint8_t c) {
  if (c >= '0' && c <= '9') return c - unsigned{'0'};
  if (c >= 'a' && c <= 'f') return c - unsigned{'a'} + 10;
  if (c >= 'A' && c <= 'F') return c - unsigned{'A'} + 10;
  return kNone;
}

unsigned base64_digit(std::uint8_t c) {
  if (c >= 'A' && c <= 'Z') return c - unsigned{'A'};
  if (c >= 'a' && c <= 'z') return c - unsigned{'a'} + 26;
  if (c >= '0' && c <= '9') return c - unsigned{'0'} + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : kNone;
}

}  // namespace

std::optional<SecretBytes> secret_from_hex(ByteView text) {
  if (text.size() % 2 != 0) return std::nullopt;
  SecretBytes secret(text.size() / 2);
  const auto into = secret.reveal_for_writing();
  for (std::size_t i = 0; i < into.size(); ++i) {
    const unsigned high = hex_digit(text[2 * i]);
    const unsigned low = hex_digit(text[2 * i + 1]);
    if (high == kNone || low == kNone) return std::nullopt;
    into[i] = static_cast<std::uint8_t>(high << 4U | low);
  }
  return secret;
}

std::optional<SecretBytes> secret_from_base64(ByteView text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t digits = text.size();
  while (digits != 0 && text.size() - digits < 2 && text[digits - 1] == '=') --digits;
  SecretBytes secret(digits * 6 / 8);
  const auto into = secret.reveal_for_writing();
  unsigned bits = 0;
  unsigned kept = 0;
  std::size_t used = 0;
  for (const std::uint8_t c : text.first(digits)) {
    const unsigned digit = base64_digit(c);
    if (digit == kNone) return std::nullopt;
    bits = (bits << 6U | digit) & 0xffffU;
    kept += 6;
    if (kept < 8) continue;
    kept -= 8;
    into[used++] = static_cast<std::uint8_t>(bits >> kept);
  }
  // Unused trailing bits are zero.
  if (kept >= 6 || (bits & ((1U << kept) - 1U)) != 0) return std::nullopt;
  return secret;
}

}  // namespace keyrite::crypto
