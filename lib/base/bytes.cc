#include "base/bytes.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string encode64(ByteView bytes, std::string_view alphabet, bool pad) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8U | (k < have ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      if (k <= have) {
        text += alphabet[group >> (18U - 6U * k) & 0x3fU];
      } else if (pad) {
        text += '=';
      }
    }
  }
  return text;
}

[[noreturn]] void not_base64(std::string_view field, std::string_view why) {
  throw Error(
      Kind::kConfig, "not-base64", fmt::format("{} is not base64: {}", field, why),
      "give the value as the cloud's command line wrote it, without line breaks or editing");
}

std::string printable_character(char c) {
  return fmt::format("\"{}\"", printable(std::string_view(&c, 1)));
}

Bytes decode64(std::string_view digits, std::string_view alphabet, std::string_view field) {
  if (digits.size() % 4 == 1) not_base64(field, "it has been cut");
  Bytes bytes;
  bytes.reserve(digits.size() / 4 * 3 + 2);
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : digits) {
    const auto value = alphabet.find(c);
    if (value == std::string_view::npos) not_base64(field, "it contains " + printable_character(c));
    group = group << 6U | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push_back(static_cast<std::uint8_t>(group >> bits & 0xffU));
    }
  }
  if ((group & ((1U << bits) - 1U)) != 0) not_base64(field, "its last character has stray bits");
  return bytes;
}

// The digits without padding. `required`: a missing or surplus '=' is an error.
std::string_view strip_padding(std::string_view text, bool required, std::string_view field) {
  std::string_view digits = text;
  std::size_t padding = 0;
  while (!digits.empty() && digits.back() == '=') {
    digits.remove_suffix(1);
    ++padding;
  }
  const std::size_t due = (4 - digits.size() % 4) % 4;
  if (padding != due && (required || padding != 0))
    not_base64(field, "its padding is wrong or it has been cut");
  return digits;
}

}  // namespace

ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string as_text(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

Bytes concat(ByteView first, ByteView second) {
  Bytes joined(first.begin(), first.end());
  joined.insert(joined.end(), second.begin(), second.end());
  return joined;
}

std::string to_hex(ByteView bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const auto byte : bytes) {
    text += kHexDigits[byte >> 4U];
    text += kHexDigits[byte & 0x0fU];
  }
  return text;
}

Bytes from_hex(std::string_view text) {
  if (text.size() % 2 != 0)
    throw Error(Kind::kConfig, "not-hex", "a hex value has an odd number of digits");
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) {
      throw Error(Kind::kConfig, "not-hex",
                  "a hex value contains " + printable_character(text[high < 0 ? i : i + 1]));
    }
    bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
  }
  return bytes;
}

std::string to_base64(ByteView bytes) { return encode64(bytes, kStandard, true); }
std::string to_base64url(ByteView bytes) { return encode64(bytes, kUrl, false); }

Bytes from_base64(std::string_view text, std::string_view field) {
  return decode64(strip_padding(text, true, field), kStandard, field);
}

Bytes from_base64_any(std::string_view text, std::string_view field) {
  const bool url = text.find_first_of("-_") != std::string_view::npos;
  return decode64(strip_padding(text, false, field), url ? kUrl : kStandard, field);
}

}  // namespace keyrite
