// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/check_in_text.h"

#include <algorithm>

#include <fmt/format.h>

namespace keyrite::ceremony {

std::string check_in_text(const CheckInText& who, const std::string& nonce) {
  return fmt::format("keyrite check-in v1\nceremony {}\nfile {}\nrole {}\nperson {}\nnonce {}\n",
                     who.ceremony, who.file_sha256, who.role, who.person, nonce);
}

std::optional<CheckInText> read_check_in_text(std::string_view text) {
  const auto value_of = [&](std::string_view name) {
    const auto begin = text.find(fmt::format("\n{} ", name));
    if (begin == std::string_view::npos) return std::string();
    const auto value = text.substr(begin + name.size() + 2);
    return std::string(value.substr(0, std::min(value.find('\n'), value.size())));
  };
  const CheckInText read{.ceremony = value_of("ceremony"),
                         .file_sha256 = value_of("file"),
                         .role = value_of("role"),
                         .person = value_of("person")};
  // Byte for byte what is signed: nothing stands beside it.
  if (text != check_in_text(read, value_of("nonce"))) return std::nullopt;
  return read;
}

}  // namespace keyrite::ceremony
