// Where a secret that is to be sealed comes from: a descriptor, a file, or standard input; never an
// argument, which every user of the machine can read. It is taken as it is, every byte. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crypto/secret_bytes.h"

namespace keyrite::credential {

// At most one of the two; neither: standard input. To the end. Errors kUsage "secret-source-twice",
// "secret-from-terminal" (it would be shown), "secret-empty", "secret-too-long" (more than 8 KiB);
// kConfig "secret-unreadable", "secret-file-mode" (others than its owner can read or write it).
[[nodiscard]] crypto::SecretBytes read_secret(const std::optional<std::uint32_t>& descriptor,
                                              const std::optional<std::string>& file);

}  // namespace keyrite::credential
