// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/counted.h"
#include "base/text.h"
#include "transcript/show.h"

namespace keyrite {

namespace {

// It says of no entry more than is proven of all.
std::string verdict_text(const audit::AuditedTranscript& audited) {
  const bool open = !audited.marks.unvouched().empty() || !audited.marks.set_back().empty() ||
                    (audited.statements && !audited.statements->not_here.empty());
  return fmt::format(
      "verdict: verified{}{}",
      audited.verified.unsigned_entries == 0 ? "" : " up to the checkpoint, not after it",
      open ? ", with what is said below" : "");
}

}  // namespace

int verify_command(const audit::VerifyTranscriptRequest& request, cli::Run& run) {
  auto waiting = reads_log(run);
  const auto audited = audit::verify_transcript(request, run.context.progress);
  waiting.reset();
  run.show(verdict_text(audited));
  show_audited(audited, run);
  if (!audited.verified.from) {
    run.show(
        "Only a checkpoint that somebody else kept can show that this is the only history\n"
        "(--from).");
  }
  run.result(audited.to_json());
  return 0;
}

int prove_command(const audit::ProveEntryRequest& request, cli::Run& run) {
  const auto proven = audit::prove_entry(request, run.context.progress);
  const auto& checkpoint = proven.audited.verified.checkpoint;
  run.show(format_table(
      {{fmt::format("{} proves that entry {} is in the log {} of {}; SHA-256 of the entry:",
                    printable(request.out), proven.index, printable(checkpoint.origin),
                    counted_entries(checkpoint.head.size))}}));
  run.show(fmt::format("  {}", proven.entry_sha256));
  run.result(proven.to_json());
  return 0;
}

}  // namespace keyrite
