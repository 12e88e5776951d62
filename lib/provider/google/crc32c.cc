#include "provider/google/crc32c.h"

#include <array>

namespace keyrite::provider::google {
namespace {

constexpr std::uint32_t kPolynomial = 0x82f63b78U;  // 0x1edc6f41 with its bits reversed

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) {
      value = (value & 1U) != 0 ? (value >> 1U) ^ kPolynomial : value >> 1U;
    }
    table[i] = value;
  }
  return table;
}

}  // namespace

std::uint32_t crc32c(ByteView bytes) {
  static constexpr auto kTable = make_table();
  std::uint32_t crc = 0xffffffffU;
  for (const std::uint8_t byte : bytes) {
    crc = kTable[(crc ^ byte) & 0xffU] ^ (crc >> 8U);
  }
  return crc ^ 0xffffffffU;
}

}  // namespace keyrite::provider::google
