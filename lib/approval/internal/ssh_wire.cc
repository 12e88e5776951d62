#include "approval/internal/ssh_wire.h"

namespace keyrite::approval {

std::optional<std::uint8_t> SshReader::take_byte() {
  if (rest_.empty()) return std::nullopt;
  const std::uint8_t byte = rest_.front();
  rest_ = rest_.subspan(1);
  return byte;
}

std::optional<std::uint32_t> SshReader::take_u32() {
  if (rest_.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const std::uint8_t byte : rest_.first(4)) value = value << 8U | byte;
  rest_ = rest_.subspan(4);
  return value;
}

std::optional<ByteView> SshReader::take_string() {
  const auto length = take_u32();
  if (!length || *length > rest_.size()) return std::nullopt;
  const ByteView content = rest_.first(*length);
  rest_ = rest_.subspan(*length);
  return content;
}

std::optional<std::string> SshReader::take_text() {
  const auto content = take_string();
  return content ? std::optional(as_text(*content)) : std::nullopt;
}

std::optional<ByteView> SshReader::take_positive() {
  const auto content = take_string();
  if (!content || content->empty()) return std::nullopt;
  constexpr std::uint8_t kSign = 0x80;
  if (content->front() != 0) return (content->front() & kSign) == 0 ? content : std::nullopt;
  if (content->size() == 1 || ((*content)[1] & kSign) == 0) return std::nullopt;
  return content->subspan(1);
}

bool SshReader::take_exactly(std::string_view text) {
  if (rest_.size() < text.size() || as_text(rest_.first(text.size())) != text) return false;
  rest_ = rest_.subspan(text.size());
  return true;
}

void append_ssh_string(Bytes& to, ByteView content) {
  for (unsigned shift = 32; shift != 0; shift -= 8) {
    to.push_back(static_cast<std::uint8_t>(content.size() >> (shift - 8) & 0xffU));
  }
  to.insert(to.end(), content.begin(), content.end());
}

}  // namespace keyrite::approval
