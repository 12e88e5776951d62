// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A timestamp: what is sent out of the room, and what comes back.
#include <fmt/format.h>

#include "act/closing.h"
#include "base/counted.h"
#include "base/text.h"
#include "transcript/show.h"

namespace keyrite {

int request_timestamp_command(const audit::RequestTimestampRequest& request, cli::Run& run) {
  const auto requested = audit::request_timestamp(request);
  show_audited(requested.audited, run);
  run.show(format_table(
      {{fmt::format("{} asks for a timestamp of the checkpoint of {}.", printable(request.out),
                    counted_entries(requested.audited.verified.checkpoint.head.size))}}));
  const std::string reply = request.out + ".tsr";
  std::vector<std::string> attach{"keyrite transcript timestamp attach",
                                  shell_quote(request.folder), act::option("reply", reply),
                                  "--ca CA.pem"};
  for (const auto& vkey : request.vkey) attach.push_back(act::option("vkey", vkey));
  run.show(act::closing(
      run.context, {{"SHA-256 of the checkpoint", requested.checkpoint_sha256}},
      {{"send it to a timestamp authority, on the connected machine",
        {"curl -H 'Content-Type: application/timestamp-query'",
         "--data-binary " + shell_quote("@" + request.out), "-o " + shell_quote(reply), "URL"}},
       {"bring its reply back, and attach it", attach}}));
  run.result(requested.to_json());
  return 0;
}

int attach_timestamp_command(const audit::AttachTimestampRequest& request, cli::Run& run) {
  const auto attached = audit::attach_timestamp(request);
  run.show(format_table({{fmt::format(
      "The authority saw the checkpoint of {} at {}. The log still has all of it. "
      "Run this in {} to verify it, also after the authority's certificate has expired:",
      counted_entries(attached.size), format_rfc3339(attached.time), printable(attached.place))}}));
  run.show(attached.command);
  run.result(attached.to_json());
  return 0;
}

}  // namespace keyrite
