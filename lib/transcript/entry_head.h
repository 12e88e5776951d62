// The few fields that are asked of every entry of a log, found at the top level of its canonical
// bytes without parsing them: a log of any length is read at the speed of the disk. What a text or
// an object inside a field says is nobody's field. Views into the line; pure, any thread.
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
  std::string_view statement_sha256{};  // of the object in "approval"
  std::string_view first{};             // numbers, as they stand
  std::string_view last{};
  bool vouched{false};  // has "vouch", whatever it is worth
};

// nullopt for what is no object of this form: 0.1.0 signed whatever stood in the log.
[[nodiscard]] std::optional<EntryHead> entry_head(std::string_view line);

}  // namespace keyrite::transcript
