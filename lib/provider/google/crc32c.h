// CRC-32C (Castagnoli, RFC 3720 appendix B.4), which Google Cloud KMS sends beside the bytes of its
// answers. It finds transport errors, nothing more. Pure, any thread.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace keyrite::provider::google {

[[nodiscard]] std::uint32_t crc32c(ByteView bytes);

}  // namespace keyrite::provider::google
