// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The text that a person signs who comes in: for which ceremony, in which role, as whom. Written in
// the room, and read again by whoever verifies the log. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace keyrite::ceremony {

// What `ssh-keygen -Y sign -n` is told.
inline constexpr std::string_view kCheckInNamespace = "keyrite-check-in@keyrite";

struct CheckInText {
  std::string ceremony{};
  std::string file_sha256{};
  std::string role{};
  std::string person{};  // an identity of the roster
};
// The text that is signed; `nonce` in hex.
[[nodiscard]] std::string check_in_text(const CheckInText& who, const std::string& nonce);
// nullopt: it is no such text.
[[nodiscard]] std::optional<CheckInText> read_check_in_text(std::string_view text);

}  // namespace keyrite::ceremony
