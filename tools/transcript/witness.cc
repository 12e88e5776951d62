// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A witness: what is sent out of the room, and what comes back.
#include <fmt/format.h>

#include "act/closing.h"
#include "base/counted.h"
#include "base/text.h"
#include "transcript/show.h"

namespace keyrite {

int request_witness_command(const audit::RequestWitnessRequest& request, cli::Run& run) {
  const auto requested = audit::request_witness(request);
  show_audited(requested.audited, run);
  run.show(format_table({{fmt::format(
      "{} shows a witness that the log of {} only grew since it had {}.", printable(request.out),
      counted_entries(requested.audited.verified.checkpoint.head.size),
      counted_entries(requested.old_size))}}));
  run.show(act::closing(
      run.context, {},
      {{"send it to the witness's add-checkpoint, on the connected machine",
        {"curl", "--data-binary " + shell_quote("@" + request.out), "-o LINES.txt", "URL"}},
       {"bring the lines that came back, and attach them",
        {"keyrite transcript witness attach", shell_quote(request.folder), "--reply LINES.txt",
         "--vkey VKEY"}}}));
  run.result(requested.to_json());
  return 0;
}

int attach_witness_command(const audit::AttachWitnessRequest& request, cli::Run& run) {
  const auto attached = audit::attach_witness(request, run.context.now());
  run.show(format_table(
      {{fmt::format("{} signed the checkpoint of {}{}. The log still has all of it. The "
                    "checkpoint with this line is {}.",
                    printable(attached.witness), counted_entries(attached.size),
                    attached.time ? " at " + format_rfc3339(*attached.time) : std::string(),
                    printable(attached.place))}}));
  for (const auto& remark : attached.remarks) run.show(format_table({{"note: " + remark + "."}}));
  run.result(attached.to_json());
  return 0;
}

}  // namespace keyrite
