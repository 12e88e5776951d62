// The few fields that keyrite needs of every entry of a log. It finds them at the top level of the
// entry's canonical bytes without parsing them, so it reads a log of any length at the speed of the
// disk. What a text or an object inside a field says is not a field. Views into the line; pure, any
// thread.
#pragma once

#include <optional>
#include <string_view>

namespace keyrite::transcript {

struct EntryHead {
  // Texts without a backslash; empty where the field is absent or anything else.
  std::string_view act{};
  std::string_view event{};
  std::string_view run{};
  std::string_view time{};
  std::string_view outcome{};
  std::string_view statement_sha256{};     // of the object in "approval"
  std::string_view statement_not_after{};  // the same
  std::string_view history_sha256{};
  std::string_view prev{};
  std::string_view seq{};  // numbers, as they stand
  std::string_view first{};
  std::string_view last{};
  bool vouched{false};  // has "vouch", whatever it is worth
  bool decides{false};  // "decides" is true
};

// nullopt for what is not an object of this form: 0.1.0 signed whatever the log contained.
[[nodiscard]] std::optional<EntryHead> entry_head(std::string_view line);

}  // namespace keyrite::transcript
