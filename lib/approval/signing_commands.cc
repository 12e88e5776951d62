#include "approval/signing_commands.h"

#include <fmt/format.h>

#include "approval/quorum.h"
#include "base/screen.h"
#include "base/text.h"

namespace keyrite::approval {

SigningCommands signing_commands(std::string_view path) {
  // A name that begins with a hyphen would be taken for an option.
  const std::string plain = fmt::format("{}{}", path.starts_with('-') ? "./" : "", path);
  return {
      .ssh = command_in_lines(
          {fmt::format("ssh-keygen -Y sign -n {} -f KEY", kApprovalNamespace), shell_quote(plain)}),
      .cms = command_in_lines({"openssl cms -sign -binary -cades -md sha256 -outform DER",
                               "-signer CERTIFICATE", "-inkey KEY",
                               fmt::format("-in {}", shell_quote(plain)),
                               fmt::format("-out {}", shell_quote(plain + ".p7s"))})};
}

std::string how_to_approve(std::string_view path, std::string_view sha256) {
  const SigningCommands commands = signing_commands(path);
  // Whoever has a copy of the statement brings the signature to the site.
  const auto slash = path.rfind('/');
  const auto beside = slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
  const bool in_site = beside.ends_with(sha256);
  const std::string folder =
      in_site ? fmt::format("{}/", printable(beside)) : fmt::format("approvals/{}/", sha256);
  return fmt::format(
      "To approve it with an SSH key, which writes {0}.sig:\n{1}"
      "To approve it with a certificate (X.509, CMS), which writes {0}.p7s:\n{2}"
      "Put the signature, as IDENTITY.sshsig or IDENTITY.p7s, into the {4}folder\n"
      "    {3}\n",
      printable(path), command_text(commands.ssh), command_text(commands.cms), folder,
      in_site ? "" : "site's ");
}

}  // namespace keyrite::approval
