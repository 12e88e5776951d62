// The data types of RFC 4251 section 5, read strictly. A SshReader looks at bytes that it does not
// own and must not outlive; every take_ function answers nullopt for what is cut or has another
// form, and the caller says on which object. One thread per reader.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace keyrite::approval {

class SshReader {
 public:
  explicit SshReader(ByteView bytes) : rest_(bytes) {}

  [[nodiscard]] std::optional<std::uint8_t> take_byte();
  [[nodiscard]] std::optional<std::uint32_t> take_u32();
  // A length of four bytes, then as many bytes.
  [[nodiscard]] std::optional<ByteView> take_string();
  // As take_string, for names that are compared with ASCII ones.
  [[nodiscard]] std::optional<std::string> take_text();
  // An mpint over zero, big-endian without the sign byte. One encoding per number: a leading zero
  // that is not due is refused, as is a negative number.
  [[nodiscard]] std::optional<ByteView> take_positive();
  // Bytes without a length in front; false when something else stands there.
  [[nodiscard]] bool take_exactly(std::string_view text);
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  ByteView rest_;
};

// Adds a length of four bytes and the bytes.
void append_ssh_string(Bytes& to, ByteView content);

}  // namespace keyrite::approval
