// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/counted.h"
#include "base/text.h"
#include "transcript/show.h"

namespace keyrite {

int verify_command(const audit::VerifyTranscriptRequest& request, cli::Run& run) {
  const auto audited = audit::verify_transcript(request);
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
  const auto proven = audit::prove_entry(request);
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
