// Which of the PIN sources answers when a login needs a PIN. Order, for each user type by itself:
//   1. the one given by name: --pin-fd, --pin-file or pin-source in the URI (two of them: refused),
//   2. the systemd credential keyrite-pin (keyrite-so-pin for the security officer), where there is
//   one,
//   3. the token's own PIN pad (protected authentication path): no PIN is asked for,
//   4. the terminal, without echo.
// Nothing is kept here: act::Pins owns a PIN and uses it again. A descriptor gives its PIN once.
// One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "act/context.h"
#include "cli/terminal.h"

namespace keyrite::cli {

struct PinChoice {
  std::optional<std::uint32_t> descriptor{};
  std::optional<std::string> file{};
  std::optional<std::string>
      uri_source{};  // RFC 7512 pin-source: "file:/path", "file:///path" or "/path"
};

struct PinSettings {
  PinChoice user{};
  PinChoice so{};
  std::optional<std::string> credentials_folder{};  // $CREDENTIALS_DIRECTORY
  Terminal terminal{};
};

// Errors kUsage at once: "pin-sources-conflict" (two sources for one PIN, or one descriptor for
// both), and "pin-source-unsupported" (a pin-source that is not a file). The source itself throws
// those of cli/pin_reader.h (also "pin-fd-unreadable" when a descriptor is asked a second time), of
// the terminal, and kUsage "pin-no-source" when nobody is there to
// ask.
[[nodiscard]] act::PinSource make_pin_source(const PinSettings& settings);

}  // namespace keyrite::cli
