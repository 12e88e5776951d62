// The text of VERIFY.txt: sentences for an auditor, and commands, each set in by four blanks, that
// run as they stand in the exported folder. Nothing that somebody else named becomes a command or a
// line of its own: sentences are made printable, and each word of a command is quoted here. Value
// types, one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace keyrite::audit {

// One word of a command. A text is quoted as a shell needs it; syntax (a pipe, a variable that is
// set for one command) stands as it is, and is only ever written in our source.
class ShellWord {
 public:
  // Error kConfig "name-unprintable": it could not be shown to whoever runs it.
  ShellWord(std::string_view text);
  ShellWord(const std::string& text) : ShellWord(std::string_view(text)) {}
  ShellWord(const char* text) : ShellWord(std::string_view(text)) {}
  [[nodiscard]] static ShellWord syntax(const char* as_it_stands);
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  ShellWord() = default;
  std::string text_{};
};
using ShellWords = std::vector<ShellWord>;

class VerifyText {
 public:
  void title(std::string_view text);
  void say(std::string_view paragraph);  // wrapped
  // A long command goes on in the next line, behind a backslash.
  void command(const ShellWords& words);
  void add(const VerifyText& other) { text_ += other.text_; }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_{};
};

}  // namespace keyrite::audit
