// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/check_certificate.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_tool.h"

namespace keyrite {
namespace {

int check(const certificate::CheckRequest& request, cli::Run& run) {
  const auto checked = certificate::check_certificate(request);
  for (const auto& text : certificate::lines_of(checked)) run.show(text);
  run.result(certificate::to_json(checked));
  return checked.verified.statement.is_complete() ? 0 : static_cast<int>(Kind::kWaiting);
}

cli::Tool tool() {
  return {
      cli::kVerifyCertificate,
      {{.summary = "check a certificate of key destruction, offline",
        .description =
            "Verifies, from the file and the log's vkey alone, that the log signed the checkpoint "
            "in it, that each entry in it is in that log, and that the log's key vouches for what "
            "was done at the token. Then keyrite makes all that the document says anew of these "
            "entries, and refuses it where one word differs. Needs no site, no token and no "
            "network. Exit code 0 for a certificate, 7 for an interim statement, 6 for one that "
            "is not to be relied on.",
        .examples = {{"with the vkey that was noted when the site was made",
                      "keyrite verify-certificate certificate.json \\\n    --vkey noted/vkeys"},
                     {"and the page for people",
                      "keyrite verify-certificate certificate.json \\\n    --vkey noted/vkeys "
                      "--page certificate.html"},
                     {"and whether it leaves out what the log has of these keys",
                      "keyrite verify-certificate certificate.json \\\n    --vkey noted/vkeys "
                      "--transcript audit-2026"}},
        .prepare = cli::prepare_with(check)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
