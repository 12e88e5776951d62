// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/counted.h"
#include "base/text.h"
#include "transcript/show.h"

namespace keyrite {

std::shared_ptr<void> reads_log(const cli::Run& run) {
  return run.bar ? nullptr : act::busy(run.context, "keyrite reads the log");
}

void show_audited(const audit::AuditedTranscript& audited, const cli::Run& run) {
  const auto& verified = audited.verified;
  const auto& checkpoint = verified.checkpoint;
  const auto say = [&](const std::string& text) { run.show(format_table({{text}})); };
  const auto say_below = [&](const std::string& text) {
    run.show(format_table({{"", printable(text)}}));
  };
  say(fmt::format("log {}: the checkpoint signs {}; root", printable(checkpoint.origin),
                  counted_entries(checkpoint.head.size)));
  say_below(to_hex(checkpoint.head.root));
  for (const auto& key : verified.signatures.verified) {
    say("signed by");
    // At the beginning of its line: it is copied whole, whatever the terminal's width is.
    run.show(printable(key));
  }
  if (audited.keys_of_site) {
    say(fmt::format(
        "The vkeys come from the site itself, from {}. Whoever can change the log can change them "
        "too: COMPARE them with those that were noted elsewhere, or give those with --vkey.",
        printable(*audited.keys_of_site)));
  }
  if (verified.signatures.unknown != 0)
    say(fmt::format("keyrite did not check {} by other keys",
                    counted(verified.signatures.unknown, "signature")));
  if (verified.from) {
    say(fmt::format("the log still contains the {} of the earlier checkpoint",
                    counted_entries(verified.from->head.size)));
  }
  if (verified.unsigned_entries != 0) {
    const bool one = verified.unsigned_entries == 1;
    say(fmt::format("{} {} after the checkpoint: NOTHING is proven about {}",
                    counted_entries(verified.unsigned_entries), one ? "is" : "are",
                    one ? "it" : "them"));
  }
  for (const auto& range : audited.marks.unvouched()) {
    say(fmt::format(
        "entries {} to {} are UNVOUCHED: anybody who can write the log may have written them",
        range.first, range.last));
  }
  for (const std::uint64_t index : audited.marks.set_back()) {
    say(fmt::format(
        "the time of entry {} is before the time of an earlier entry: the CLOCK was set back",
        index));
  }
  if (audited.statements && !audited.statements->not_here.empty()) {
    say("entries acted under approvals whose statements are NOT in this folder. This folder does "
        "not show what they approved, or who approved it");
    for (const auto& sha256 : audited.statements->not_here) say_below(sha256);
  }
  if (verified.torn_bytes != 0) {
    say(fmt::format("the last line is incomplete ({}): its writer was interrupted",
                    counted(verified.torn_bytes, "byte")));
  }
}

}  // namespace keyrite
