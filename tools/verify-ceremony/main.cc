// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/commands.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_tool.h"

namespace keyrite {
namespace {

int verify(const ceremony::VerifyRequest& request, cli::Run& run) {
  const auto shown = ceremony::verify_ceremony(request, run.context.progress);
  for (const auto& text : shown.text) run.show(text);
  run.result(shown.document);
  return shown.code;
}

cli::Tool tool() {
  return {
      cli::kVerifyCeremony,
      {{.summary = cli::kVerifyCeremony.summary,
        .description =
            "Verifies the log, then compares what it says of a ceremony with the ceremony's file: "
            "each step, in its order, by the acts and the requests that the log has. Says what "
            "differs, entry by entry. Needs no site, no token and no network. Exit code 0 where "
            "the file was run wholly and in its order, 6 where it was not.",
        .examples = {{"with the vkey that was noted when the site was made",
                      "keyrite ceremony verify aws.toml export/transcript \\\n"
                      "    --vkey noted/vkeys"}},
        .progress = true,
        .prepare = cli::prepare_with(verify)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
