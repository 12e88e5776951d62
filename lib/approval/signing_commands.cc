#include "approval/signing_commands.h"

#include <initializer_list>

#include <fmt/format.h>

#include "approval/quorum.h"
#include "base/text.h"

namespace keyrite::approval {
namespace {

constexpr std::size_t kCommandColumns = 76;
constexpr std::string_view kIndent = "    ";

// Parts of a command, each of which stays on one line.
std::string in_lines(std::initializer_list<std::string> parts) {
  constexpr std::size_t kContinued = 2;  // " \" behind the line
  std::string command;
  std::size_t columns = 0;
  for (const std::string& part : parts) {
    if (columns != 0 && columns + 1 + part.size() + kContinued > kCommandColumns) {
      command += fmt::format(" \\\n{}", kIndent);
      columns = kIndent.size();
    } else if (columns != 0) {
      command += ' ';
      ++columns;
    }
    command += part;
    columns += part.size();
  }
  return command;
}

// Every line printable, with the indent in front.
std::string shown(std::string_view command) {
  std::string text;
  while (!command.empty()) {
    const std::string_view line = command.substr(0, command.find('\n'));
    text += fmt::format("{}{}\n", kIndent, printable(line));
    command.remove_prefix(std::min(line.size() + 1, command.size()));
  }
  return text;
}

}  // namespace

SigningCommands signing_commands(std::string_view path) {
  // A name that begins with a hyphen would be taken for an option.
  const std::string plain = fmt::format("{}{}", path.starts_with('-') ? "./" : "", path);
  return {.ssh = in_lines({fmt::format("ssh-keygen -Y sign -n {} -f KEY", kApprovalNamespace),
                           shell_quote(plain)}),
          .cms = in_lines({"openssl cms -sign -binary -cades -md sha256 -outform DER",
                           "-signer CERTIFICATE", "-inkey KEY",
                           fmt::format("-in {}", shell_quote(plain)),
                           fmt::format("-out {}", shell_quote(plain + ".p7s"))})};
}

std::string how_to_approve(std::string_view path, std::string_view sha256) {
  const SigningCommands commands = signing_commands(path);
  return fmt::format(
      "To approve it with an SSH key, which writes {0}.sig:\n{1}"
      "To approve it with a certificate (X.509, CMS), which writes {0}.p7s:\n{2}"
      "Put the signature, as IDENTITY.sshsig or IDENTITY.p7s, into the folder\n"
      "{3}approvals/{4}/\n",
      printable(path), shown(commands.ssh), shown(commands.cms), kIndent, sha256);
}

}  // namespace keyrite::approval
