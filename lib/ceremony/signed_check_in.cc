// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/signed_check_in.h"

#include <utility>

#include <fmt/format.h>

#include "approval/approval_file.h"
#include "approval/roster.h"
#include "approval/vouching_list.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace keyrite::ceremony {

namespace {

constexpr std::size_t kNonceBytes = 16;

// Empty: a good signature of this person.
std::string objection_to(const std::string& path, const std::string& text, const CheckInText& who,
                         const approval::Roster& roster, const act::Context& context) {
  try {
    const auto file = approval::approval_file(path, read_file(path));
    const auto found = approval::vouchers_of(as_bytes(text), {file}, roster, who.role, {},
                                             context.now(), {}, kCheckInNamespace);
    if (found.identities.empty())
      return found.sentences.empty() ? "That is no signature." : found.sentences.front();
    if (found.identities.front() != who.person)
      return fmt::format("{} signed it, and {} comes in.", found.identities.front(), who.person);
    return {};
  } catch (const Error& error) {
    return error.message();
  }
}

}  // namespace

SignedCheckIn signed_check_in(const CheckInText& who, const site::Site& site,
                              const CeremonyFolder& folder, const Dialogue& dialogue,
                              const act::Context& context) {
  const auto roster = approval::read_roster(site.path(site.settings.approvals.roster));
  const std::string nonce = to_hex(crypto::random_bytes(kNonceBytes));
  const std::string text = check_in_text(who, nonce);
  const std::string path = folder.path("check-in-" + nonce + ".txt");
  replace_file(path, as_bytes(text));
  dialogue.say("Sign this file with your key of the roster:");
  dialogue.line(fmt::format("    ssh-keygen -Y sign -n {} -f KEY \\", kCheckInNamespace));
  dialogue.line(fmt::format("      {}", shell_quote(path)));
  const auto answer = dialogue.ask_until(
      "Press Enter when it is signed, or type the signature's file: ",
      [&](const std::string& typed) {
        return objection_to(typed.empty() ? path + ".sig" : typed, text, who, roster, context);
      });
  Bytes signature = read_file(answer.text.empty() ? path + ".sig" : answer.text);
  SignedCheckIn in{.signature_sha256 = crypto::sha256_hex(signature)};
  const ByteView signed_text = as_bytes(text);
  in.evidence = {Bytes(signed_text.begin(), signed_text.end()), std::move(signature)};
  return in;
}

}  // namespace keyrite::ceremony
