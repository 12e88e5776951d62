#include "act/act.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "imports/verify_import.h"

namespace keyrite {
namespace {

int verify_bundle(const imports::VerifyBundleRequest& request, cli::Run& run) {
  return cli::run_act(imports::verify_import_bundle(request), run);
}

int judge_answers(const imports::VerifyAnswersRequest& request, cli::Run& run) {
  return cli::run_act(imports::verify_import_answers(request), run);
}

cli::Tool tool() {
  return {cli::kVerifyImport,
          {{.name = "bundle",
            .summary = "check a bundle before it leaves the room",
            .description =
                "Checks a bundle from its files alone: every file, its size and SHA-256, the form "
                "of the wrapped key, the wrapping key, custody and expiry. It needs no token and "
                "no network.",
            .examples = {{"check a bundle", "keyrite verify-import bundle acme-payments-v3.aws"}},
            .site = cli::SiteAccess::kLogged,
            .prepare = cli::prepare_with(verify_bundle)},
           {.name = "answers",
            .summary = "judge what the cloud answered",
            .description =
                "Compares what the cloud answered after the import with what only the key of this "
                "bundle can produce. The verdict is one of: proven (exit code 0), consistent but "
                "not proven (7), different (6). Proven needs an answer that shows use of the key. "
                "Only for an AWS encryption key is the provider's statement enough, unless "
                "--require says otherwise. It needs no token and no network.",
            .examples = {{"judge the answers that import.sh saved",
                          "keyrite verify-import answers acme-payments-v3.aws \\\n    --evidence "
                          "acme-payments-v3.aws.answers"}},
            .site = cli::SiteAccess::kLogged,
            .prepare = cli::prepare_with(judge_answers)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
