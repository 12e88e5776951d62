// What is sent out of the room and what comes back: timestamps and witnesses.
#include <fmt/format.h>

#include "base/text.h"
#include "transcript/show.h"

namespace keyrite {

int request_timestamp_command(const audit::RequestTimestampRequest& request, cli::Run& run) {
  const auto requested = audit::request_timestamp(request);
  show_audited(requested.audited, run);
  run.show(format_table({{fmt::format(
      "{} asks for a timestamp of the checkpoint of {} entries. Send it to a timestamp "
      "authority, and attach its reply. SHA-256 of the checkpoint:",
      printable(request.out), requested.audited.verified.checkpoint.head.size)}}));
  run.show("  " + requested.checkpoint_sha256);
  run.result(requested.to_json());
  return 0;
}

int attach_timestamp_command(const audit::AttachTimestampRequest& request, cli::Run& run) {
  const auto attached = audit::attach_timestamp(request);
  run.show(format_table(
      {{fmt::format("The authority saw the checkpoint of {} entries at {}. The log still has them. "
                    "Run this in {} "
                    "to verify it, also after the authority's certificate has expired:",
                    attached.size, format_rfc3339(attached.time), printable(attached.place))}}));
  run.show(attached.command);
  run.result(attached.to_json());
  return 0;
}

int request_witness_command(const audit::RequestWitnessRequest& request, cli::Run& run) {
  const auto requested = audit::request_witness(request);
  show_audited(requested.audited, run);
  run.show(format_table({{fmt::format(
      "{} shows a witness that the log of {} entries only grew since it had {} entries. Send "
      "it to the witness's add-checkpoint, and attach the lines that come back.",
      printable(request.out), requested.audited.verified.checkpoint.head.size,
      requested.old_size)}}));
  run.result(requested.to_json());
  return 0;
}

int attach_witness_command(const audit::AttachWitnessRequest& request, cli::Run& run) {
  const auto attached = audit::attach_witness(request, run.context.now());
  run.show(format_table(
      {{fmt::format("{} signed the checkpoint of {} entries{}. The log still has them. The "
                    "checkpoint with this line is {}.",
                    printable(attached.witness), attached.size,
                    attached.time ? " at " + format_rfc3339(*attached.time) : std::string(),
                    printable(attached.place))}}));
  for (const auto& remark : attached.remarks) run.show(format_table({{"note: " + remark + "."}}));
  run.result(attached.to_json());
  return 0;
}

}  // namespace keyrite
