// How strangers check the signature of an approval without keyrite: the roster as ssh-keygen and
// openssl read it, and the commands. Pure; values; one thread.
#pragma once

#include <string>

#include "approval/roster.h"
#include "audit/internal/export_part.h"
#include "audit/internal/verify_text.h"
#include "base/bytes.h"
#include "base/clock.h"

namespace keyrite::audit {

// Adds NAME.toml, which is `bytes`, NAME.allowed_signers for ssh-keygen, and, where the roster has
// authorities, those and each person's certificates for openssl. Once, however often it is asked.
void add_roster_files(ExportPart& part, const std::string& name, const Bytes& bytes,
                      const approval::Roster& roster);

// What the commands about one signature name.
struct SignedBy {
  std::string roster{};  // without its extension
  std::string identity{};
  TimePoint time{};
  std::string signature{};
  std::string statement{};
};

// Checks a signature of ssh-keygen -Y sign at that time.
[[nodiscard]] ShellWords ssh_command(const SignedBy& by);
// Checks a CMS signature at that time: RFC 5652.
[[nodiscard]] ShellWords cms_command(const SignedBy& by);

}  // namespace keyrite::audit
