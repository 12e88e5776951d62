// Cryptoki's fixed-width texts: padded with blanks, not terminated (PKCS#11 "General information
// types").
#pragma once

#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <cstddef>
#include <string>

namespace keyrite::pkcs11 {

template <std::size_t size>
// NOLINTNEXTLINE(modernize-avoid-c-arrays): the structs of Cryptoki hold them
[[nodiscard]] std::string padded_text(const CK_UTF8CHAR (&field)[size]) {
  std::string text(field, field + size);
  // Some modules terminate with NUL although they must not.
  text.erase(std::min(text.find('\0'), text.size()));
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace keyrite::pkcs11
