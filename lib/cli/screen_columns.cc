// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/screen_columns.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <string_view>

#include "base/text.h"

namespace keyrite::cli {

namespace {

// 0: there is none that makes sense.
unsigned exported_columns() {
  constexpr unsigned kFewest = 20;
  constexpr unsigned kMost = 1000;
  const char* value = std::getenv("COLUMNS");  // NOLINT(concurrency-mt-unsafe)
  if (value == nullptr) return 0;
  const std::string_view text(value);
  unsigned columns = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), columns);
  const bool whole = failure == std::errc() && end == text.data() + text.size();
  return whole && columns >= kFewest && columns <= kMost ? columns : 0;
}

}  // namespace

unsigned screen_columns(int descriptor) {
  if (::isatty(descriptor) != 1) return 0;
  if (const unsigned columns = exported_columns(); columns != 0) return columns;
  struct winsize size {};
  const bool known = ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col != 0;
  return known ? size.ws_col : kColumns;
}

}  // namespace keyrite::cli
