// Reads a PIN from its source: an open descriptor, a file with a strict owner and mode, a systemd
// credential. One trailing newline is removed. The bytes go into locked memory only. No state, any
// thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/secret_bytes.h"

namespace keyrite::cli {

// PKCS#11 sets no limit; no token takes more than a few hundred bytes.
inline constexpr std::size_t kMaxPinBytes = 1024;

// Cuts one trailing newline. `origin` names the source in errors: kPin "pin-empty", "pin-too-long",
// "pin-line-break", "pin-not-text" (not UTF-8, a byte order mark, a NUL): a file of another system
// would spend a try (PKCS#11 v3.1 section 3.2: a PIN is UTF-8).
[[nodiscard]] crypto::SecretBytes finish_pin(crypto::SecretBytes buffer, std::size_t length,
                                             std::string_view origin);

// Reads to the end and closes. Errors: kConfig "pin-fd-unreadable"; kUsage "pin-fd-is-terminal" (it
// would echo); those of finish_pin.
[[nodiscard]] crypto::SecretBytes read_pin_fd(int descriptor);

// A regular file, not a symbolic link, owned by this user or root, not accessible to group or
// others. Errors kConfig: "pin-file-unreadable", "pin-file-owner", "pin-file-mode"; those of
// finish_pin.
[[nodiscard]] crypto::SecretBytes read_pin_file(const std::string& path);

// A systemd credential (systemd.exec(5), "CREDENTIALS"): nullopt when `folder` has no such file. As
// read_pin_file, but group reading is allowed: systemd grants the service's user access by an ACL,
// which stat shows as group bits.
[[nodiscard]] std::optional<crypto::SecretBytes> read_pin_credential(const std::string& folder,
                                                                     std::string_view name);

}  // namespace keyrite::cli
