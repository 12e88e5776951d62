// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "act/closing.h"
#include "base/counted.h"
#include "base/text.h"
#include "transcript/show.h"

namespace keyrite {

namespace {

// What is in the folder; of what there is none, nothing.
std::string contents_text(const audit::Exported& exported) {
  std::string text = "the log";
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count != 0) text += ", " + counted(count, what);
  };
  add(exported.proofs, "proof");
  add(exported.evidence, "evidence file");
  add(exported.approvals - exported.withheld, "approval");
  return text;
}

}  // namespace

int export_command(const audit::ExportRequest& request, cli::Run& run) {
  auto waiting = reads_log(run);
  const auto exported = audit::export_transcript(request, run.context.progress);
  waiting.reset();
  show_audited(exported.audited, run);
  run.show(format_table({{fmt::format(
      "{} has {}: {}. Its VERIFY.txt says how to check them without keyrite.",
      printable(request.out), counted(exported.files, "file"), contents_text(exported))}}));
  if (exported.withheld != 0) {
    run.show(format_table(
        {{fmt::format("Not exported: {}. Their statements name keys (version 1). --names yes "
                      "exports them too.",
                      counted(exported.withheld, "approval"))}}));
  }
  for (const auto& name : exported.passed_over)
    run.show(fmt::format("{}: not exported: keyrite writes no file of this name", printable(name)));
  run.show(act::closing(
      run.context,
      {{"the folder", request.out}, {"SHA-256 of its SHA256SUMS", exported.sums_sha256}},
      {{"give the folder to the auditor, who begins with this file",
        {"less", shell_quote(request.out + "/VERIFY.txt")}}}));
  run.result(exported.to_json());
  return 0;
}

}  // namespace keyrite
