// What comes from the person's machine: PINs out of files, and PKCS#11 URIs.
#include "fuzz/targets/all.h"

#include <cstring>

#include "base/text.h"
#include "cli/pin_reader.h"
#include "pkcs11/internal/uri.h"

namespace keyrite::fuzz {

Outcome pin(ByteView bytes) {
  const auto read =
      taken([&] { return cli::finish_pin(crypto::SecretBytes(bytes), bytes.size(), "input"); });
  if (!read) return Outcome::kRefused;
  const std::string text = as_text(read->reveal());
  require(!text.empty() && text.size() <= cli::kMaxPinBytes, "a PIN has a length");
  require(
      is_utf8(text) && text.find('\0') == std::string::npos && !text.starts_with("\xef\xbb\xbf"),
      "a PIN is UTF-8 without mark or NUL");
  require(text.find_first_of("\r\n") == std::string::npos, "a PIN is one line");
  return Outcome::kTaken;
}

Outcome uri(ByteView bytes) {
  const auto read = taken([&] { return pkcs11::parse_uri(as_text(bytes)); });
  if (!read) return Outcome::kRefused;
  char* formatted = nullptr;
  require(p11_kit_uri_format(read->get(), P11_KIT_URI_FOR_ANY, &formatted) == P11_KIT_URI_OK,
          "p11-kit writes what it read");
  const std::string text(formatted);
  std::free(formatted);
  static_cast<void>(pkcs11::parse_uri(text));
  return Outcome::kTaken;
}

}  // namespace keyrite::fuzz
