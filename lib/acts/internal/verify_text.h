// The text of VERIFY.txt: sentences for an auditor, and commands, each set in by four blanks, that
// run as they stand in the exported folder. Value type, one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace keyrite::acts {

class VerifyText {
 public:
  void title(std::string_view text);
  void say(std::string_view paragraph);  // wrapped
  // Words as a shell takes them: quoted where they need it. A long command goes on in the next
  // line, behind a backslash.
  void command(const std::vector<std::string>& words);
  void add(const VerifyText& other) { text_ += other.text_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_{};
};

}  // namespace keyrite::acts
