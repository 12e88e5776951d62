#include "crypto/aes_modes.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "crypto/aes.h"
#include "crypto/secret_bytes.h"

namespace keyrite::crypto {
namespace {

constexpr std::size_t kGcmIv = 12;

using Block = std::array<std::uint8_t, kAesBlockBytes>;

void require_iv(ByteView iv, std::size_t size) {
  if (iv.size() != size) {
    throw Error(Kind::kInternal, "aes-iv-size",
                "an AES counter or IV of " + std::to_string(iv.size()) + " bytes instead of " +
                    std::to_string(size));
  }
}

// Adds one to the last `digits` bytes, big-endian, wrapping.
void increment(Block& counter, std::size_t digits) {
  for (std::size_t i = kAesBlockBytes; i > kAesBlockBytes - digits; --i) {
    if (++counter[i - 1] != 0) {
      return;
    }
  }
}

Bytes counter_blocks(Block counter, std::size_t count, std::size_t digits) {
  Bytes blocks;
  blocks.reserve(count * kAesBlockBytes);
  for (std::size_t i = 0; i < count; ++i) {
    blocks.insert(blocks.end(), counter.begin(), counter.end());
    increment(counter, digits);
  }
  return blocks;
}

Bytes encrypted(const EncryptBlocks& encrypt, ByteView blocks) {
  Bytes answer = encrypt(blocks);
  if (answer.size() != blocks.size()) {
    throw Error(
        Kind::kInternal, "aes-block-answer",
        "AES of " + std::to_string(blocks.size()) + " bytes gave " + std::to_string(answer.size()));
  }
  return answer;
}

Bytes mixed(ByteView input, ByteView key_stream) {
  Bytes output(input.begin(), input.end());
  for (std::size_t i = 0; i < output.size(); ++i) {
    output[i] = static_cast<std::uint8_t>(output[i] ^ key_stream[i]);
  }
  return output;
}

std::size_t blocks_for(std::size_t bytes) { return (bytes + kAesBlockBytes - 1) / kAesBlockBytes; }

// GF(2^128) product, SP 800-38D algorithm 1: bit 0 is the leftmost.
Block product(const Block& x, Block y) {
  Block z{};
  for (std::size_t bit = 0; bit < 8 * kAesBlockBytes; ++bit) {
    const bool set = ((static_cast<unsigned>(x[bit / 8]) >> (7 - bit % 8)) & 1U) != 0;
    for (std::size_t i = 0; set && i < kAesBlockBytes; ++i) {
      z[i] = static_cast<std::uint8_t>(z[i] ^ y[i]);
    }
    const bool carry = (y[kAesBlockBytes - 1] & 1U) != 0;
    for (std::size_t i = kAesBlockBytes - 1; i > 0; --i) {
      y[i] = static_cast<std::uint8_t>((static_cast<unsigned>(y[i]) >> 1U) |
                                       (static_cast<unsigned>(y[i - 1]) << 7U));
    }
    y[0] = static_cast<std::uint8_t>((static_cast<unsigned>(y[0]) >> 1U) ^ (carry ? 0xe1U : 0U));
  }
  wipe(y);
  return z;
}

// GHASH over zero-padded data, one call per part (SP 800-38D algorithm 2).
void ghash(Block& state, const Block& subkey, ByteView data) {
  for (std::size_t at = 0; at < data.size(); at += kAesBlockBytes) {
    for (std::size_t i = 0; i < std::min(kAesBlockBytes, data.size() - at); ++i) {
      state[i] = static_cast<std::uint8_t>(state[i] ^ data[at + i]);
    }
    state = product(state, subkey);
  }
}

Block lengths_block(std::size_t aad_bytes, std::size_t input_bytes) {
  Block block{};
  for (std::size_t i = 0; i < 8; ++i) {
    const std::size_t shift = 8 * (7 - i);
    block[i] = static_cast<std::uint8_t>((std::uint64_t{aad_bytes} * 8) >> shift);
    block[8 + i] = static_cast<std::uint8_t>((std::uint64_t{input_bytes} * 8) >> shift);
  }
  return block;
}

}  // namespace

Bytes ctr_encrypt_with(const EncryptBlocks& encrypt, ByteView counter, ByteView input) {
  require_iv(counter, kAesBlockBytes);
  Block first{};
  std::copy(counter.begin(), counter.end(), first.begin());
  return mixed(input,
               encrypted(encrypt, counter_blocks(first, blocks_for(input.size()), kAesBlockBytes)));
}

Bytes gcm_encrypt_with(const EncryptBlocks& encrypt, ByteView iv, ByteView input, ByteView aad) {
  require_iv(iv, kGcmIv);
  Block j0{};
  std::copy(iv.begin(), iv.end(), j0.begin());
  j0[kAesBlockBytes - 1] = 1;
  // One call: the hash subkey's zero block, then J0, J0 + 1, ... of which only the last 32 bits
  // count.
  Bytes blocks(kAesBlockBytes, 0);
  const Bytes counters = counter_blocks(j0, 1 + blocks_for(input.size()), 4);
  blocks.insert(blocks.end(), counters.begin(), counters.end());
  Bytes answer = encrypted(encrypt, blocks);

  Block subkey{};
  std::copy_n(answer.begin(), kAesBlockBytes, subkey.begin());
  const ByteView stream = ByteView(answer).subspan(2 * kAesBlockBytes);
  Bytes output = mixed(input, stream);
  Block tag{};
  ghash(tag, subkey, aad);
  ghash(tag, subkey, output);
  ghash(tag, subkey, lengths_block(aad.size(), input.size()));
  for (std::size_t i = 0; i < kAesBlockBytes; ++i) {
    tag[i] = static_cast<std::uint8_t>(tag[i] ^ answer[kAesBlockBytes + i]);
  }
  output.insert(output.end(), tag.begin(), tag.end());
  wipe(subkey);
  wipe(answer);
  return output;
}

}  // namespace keyrite::crypto
