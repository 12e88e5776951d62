// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "audit/internal/export_introduction.h"

#include <fmt/format.h>

#include "audit/internal/export_part.h"
#include "base/error.h"
#include "base/text.h"
#include "transcript/layout.h"

namespace keyrite::audit {

namespace {

// Whatever SHA256SUMS does not name, or names and is not there, and whatever is no plain file. No
// name, however odd, can be one that is listed: that has only printable characters.
ShellWords strangers_command() {
  const auto syntax = ShellWord::syntax;
  return {syntax("(LC_ALL=C; export LC_ALL;"),
          syntax("{ sed 's|^.\\{66\\}|./|' SHA256SUMS;"),
          syntax("echo ./SHA256SUMS;"),
          syntax("find . -type f -print0 | tr '\\n\\0' '?\\n';"),
          syntax("find . ! -type d ! -type f -exec printf 'no plain file: %s\\0' '{}' + |"),
          syntax("tr '\\n\\0' '?\\n'; } |"),
          syntax("sort | uniq -u | tr -c '[:print:]\\n' '?' | { ! grep -a . ; })")};
}

}  // namespace

VerifyText introduction(const ExportedLog& log) {
  VerifyText text;
  text.title(
      fmt::format("How to verify the log {}", printable(log.audited.verified.checkpoint.origin)));
  text.say(
      "Each indented line is a command. Run it in a shell in this folder. The commands need "
      "openssl 3, coreutils, find, grep, sed, python3 and ssh-keygen, and nothing of keyrite. Each "
      "command must end with exit code 0; a failed check says WRONG, or what the program itself "
      "says. The commands find a file that was damaged on its way, and an entry that differs from "
      "what was signed.");
  text.say(
      "The commands cannot find out whether these are the right keys, or whether the keys signed "
      "another history too. Compare the keys and the root with those that you have from an "
      "independent source. The two programs in this folder come from whoever gave you the folder: "
      "read them, or compare their SHA-256 with those in the README of keyrite.");
  text.say(
      "First look for files that SHA256SUMS does not name. This command lists them, and ends with "
      "exit code 0 when there are none. Run nothing else before that.");
  text.command(strangers_command());
  text.say(
      "Check that all files are as they were exported. Note the SHA-256 of SHA256SUMS itself "
      "elsewhere:");
  text.command({"sha256sum", "--check", "--strict", "--quiet", kSumsName});
  return text;
}

VerifyText completeness(const std::vector<ExportedApproval>& approvals) {
  VerifyText text;
  text.title("3. Whether this folder is what the log names");
  text.say(
      "Check that every approval, proof and evidence file that a signed entry names is here, that "
      "there are no other files, and that entries.csv agrees with the entries:");
  ShellWords words{"--complete", "--csv", kTableName};
  std::size_t withheld = 0;
  for (const auto& approval : approvals) {
    if (!approval.withheld) continue;
    if (withheld++ == 0) words.emplace_back("--withheld");
    words.emplace_back(approval.statement_sha256);
  }
  text.command(root_command(transcript::kCheckpointName, words));
  text.say(
      "report.html shows the same acts for people. It is not signed, and no command compares it "
      "with the entries: where something depends on it, look into entries.csv or log.jsonl.");
  text.say(
      "No entry names the timestamps and witnesses of the log. If one of them is missing, only "
      "SHA256SUMS shows it.");
  return text;
}

}  // namespace keyrite::audit
