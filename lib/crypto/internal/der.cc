#include "crypto/internal/der.h"

namespace keyrite::crypto {
namespace {

constexpr std::uint8_t kLongTag = 0x1f;     // the tag goes on in the bytes behind
constexpr std::uint8_t kLongLength = 0x80;  // as many bytes of length as the lower bits say
constexpr std::size_t kMostLengthBytes = 3;

struct Header {
  std::size_t bytes{};
  std::size_t content{};
};

std::optional<Header> header_of(ByteView rest) {
  if (rest.size() < 2 || (rest[0] & kLongTag) == kLongTag) return std::nullopt;
  if (rest[1] < kLongLength) return Header{.bytes = 2, .content = rest[1]};
  const std::size_t count = rest[1] & (kLongLength - 1U);
  // 0 is the indefinite length of BER.
  if (count == 0 || count > kMostLengthBytes || rest.size() < 2 + count) return std::nullopt;
  std::size_t length = 0;
  for (const std::uint8_t byte : rest.subspan(2, count)) length = length << 8U | byte;
  if (rest[2] == 0 || length < kLongLength) return std::nullopt;
  return Header{.bytes = 2 + count, .content = length};
}

}  // namespace

std::optional<DerElement> DerReader::take() {
  const auto header = header_of(rest_);
  if (!header || header->content > rest_.size() - header->bytes) return std::nullopt;
  const DerElement element{.tag = rest_[0],
                           .content = rest_.subspan(header->bytes, header->content),
                           .whole = rest_.first(header->bytes + header->content)};
  rest_ = rest_.subspan(element.whole.size());
  return element;
}

std::optional<DerElement> DerReader::take(std::uint8_t tag) {
  return next_tag() == tag ? take() : std::nullopt;
}

}  // namespace keyrite::crypto
