// DER (ITU-T X.690 section 10) read strictly: one element after the other, lengths definite and as
// short as can be, tags of one byte. A DerReader looks at bytes that it does not own and must not
// outlive. One thread per reader.
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace keyrite::crypto {

// Tags that occur here: universal ones, and the context's own of a structure.
inline constexpr std::uint8_t kDerInteger = 0x02;
inline constexpr std::uint8_t kDerOctetString = 0x04;
inline constexpr std::uint8_t kDerObjectIdentifier = 0x06;
inline constexpr std::uint8_t kDerSequence = 0x30;
inline constexpr std::uint8_t kDerSet = 0x31;
inline constexpr std::uint8_t kDerContext0 = 0x80;             // [0] of a primitive type
inline constexpr std::uint8_t kDerContext0Constructed = 0xa0;  // [0] of a structure
inline constexpr std::uint8_t kDerContext1Constructed = 0xa1;

struct DerElement {
  std::uint8_t tag{};
  ByteView content{};
  ByteView whole{};  // with tag and length
};

class DerReader {
 public:
  explicit DerReader(ByteView bytes) : rest_(bytes) {}

  // The next element; nullopt when there is none, it is cut, or it is not DER.
  [[nodiscard]] std::optional<DerElement> take();
  // The next element if it has this tag; otherwise nullopt, and it is still the next.
  [[nodiscard]] std::optional<DerElement> take(std::uint8_t tag);
  // The tag of the next element, 0 when there is none.
  [[nodiscard]] std::uint8_t next_tag() const { return rest_.empty() ? 0 : rest_.front(); }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  ByteView rest_;
};

}  // namespace keyrite::crypto
