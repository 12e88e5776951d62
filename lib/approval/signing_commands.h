// What an approver types to sign a statement: the same words in keyrite's output and in
// docs/formats/approval.md, where a test runs them. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace keyrite::approval {

// POSIX shell, broken by backslashes so that a line indented by four fits 80 columns where its
// words do. KEY and CERTIFICATE stand for the approver's own files.
struct SigningCommands {
  std::string ssh{};  // writes PATH.sig
  std::string cms{};  // writes PATH.p7s
};

// `path` is the statement's file, quoted where the shell needs it. Error kUsage "text-has-nul".
[[nodiscard]] SigningCommands signing_commands(std::string_view path);

// The commands and where what they write belongs, for the statement with this SHA-256 (hex): lines
// for a terminal, nothing in them that moves the cursor.
[[nodiscard]] std::string how_to_approve(std::string_view path, std::string_view sha256);

}  // namespace keyrite::approval
