// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/closing.h"
#include "base/bytes.h"
#include "base/screen.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "opening/init_site.h"
#include "transcript/qr_code.h"

namespace keyrite::opening {

namespace {

// What sha256sum says of the file: base64 cannot be compared by eye, and this can.
std::string vkey_text(const std::string& vkey) {
  const std::string sha256 = crypto::sha256_hex(as_bytes(vkey + "\n"));
  std::string text = fmt::format(
      "  vkey, with which anyone verifies the log: keep it outside this machine\n{}\n"
      "  SHA-256 of the file {} (the vkey and its line end)\n{}  the same as words\n",
      vkey, site::kVkeysName, hex_lines(sha256));
  constexpr std::size_t kInLine = 4;
  const auto words = pgp_words(from_hex(sha256));
  for (std::size_t i = 0; i < words.size(); i += kInLine)
    text += fmt::format(
        "    {}\n",
        fmt::join(words.begin() + static_cast<std::ptrdiff_t>(i),
                  words.begin() + static_cast<std::ptrdiff_t>(std::min(i + kInLine, words.size())),
                  " "));
  if (const auto code = transcript::QrCode::of(vkey))
    text += fmt::format("  the vkey as a QR code\n{}", code->half_blocks());
  return text;
}

std::string approvers_text(const std::optional<approval::Roster>& roster) {
  if (!roster) return "  approvers: none, there is no roster\n";
  std::string text = "  approvers\n";
  for (const auto& approver : roster->approvers) {
    text += fmt::format("    {} ({})\n", printable(approver.identity),
                        printable(fmt::format("{}", fmt::join(approver.roles, ", "))));
    for (const auto& key : approver.keys)
      text += fmt::format("      {}\n", approval::fingerprint(key));
    for (const auto& certificate : approver.certificates) {
      text += fmt::format("      certificate of {}\n{}", printable(certificate.subject()),
                          hex_lines(certificate.sha256()));
    }
  }
  return text + fmt::format("  SHA-256 of the roster\n{}", hex_lines(roster->sha256));
}

std::string policy_text(const site::ApprovalSettings& settings) {
  std::string text = "  policy: who must approve\n";
  std::vector<std::string> nobody;
  for (const auto& [operation, threshold] : settings.needed) {
    if (threshold.empty()) nobody.push_back(operation);
    for (const auto& [role, count] : threshold)
      text += fmt::format("    {} needs {} of role {}\n", operation, count, printable(role));
  }
  if (!nobody.empty()) text += fmt::format("    nobody for {}\n", fmt::join(nobody, ", "));
  text += fmt::format("    who asks for an act {} approve it\n",
                      settings.initiator_counts ? "MAY" : "may not");
  return text + fmt::format("    a statement can be used for {} hours\n", settings.longest.count());
}

}  // namespace

std::string closing_of(const MadeSite& made, const std::optional<approval::Roster>& roster,
                       const act::Context& context) {
  const std::string folder =
      std::filesystem::absolute(made.site.folder).lexically_normal().native();
  return "\nWRITE DOWN\n" + vkey_text(made.site.log_key.text()) + approvers_text(roster) +
         policy_text(made.site.settings.approvals) +
         act::closing(
             context, {},
             {{.what = "in each shell, before other commands",
               .parts = {fmt::format("export KEYRITE_SITE={}", shell_quote(folder))}},
              {.what = "find out what this token can do", .parts = {"keyrite token-check"}},
              {.what = "make a key; --help shows the clouds and the types",
               .parts = {"keyrite generate-kek --help"}}});
}

}  // namespace keyrite::opening
