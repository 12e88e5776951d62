#include "act/act.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"
#include "keys/generate_kek.h"

namespace keyrite {
namespace {

int generate(const keys::GenerateKekRequest& request, cli::Run& run) {
  return cli::run_act(keys::generate_kek(request), run);
}

cli::Tool tool() {
  return {
      cli::kGenerateKek,
      {{.summary = cli::kGenerateKek.summary,
        .description =
            "Makes a key inside a PKCS#11 token: sensitive, private, with one usage, under a "
            "label and an id that must be free. keyrite reads back what the token stored and "
            "compares it. It then uses the key once, and only then reports it. If the key is "
            "not as planned, keyrite destroys it.\n\nA key for import into a cloud must be "
            "extractable: --for makes it extractable, and first checks its type against the "
            "rules of that cloud.",
        .examples =
            {{"make an AES-256 key for AWS KMS",
              "keyrite generate-kek --token 'pkcs11:token=Ceremony' \\\n    --type aes-256 --label "
              "acme-payments-v3 --for aws"}},
        .token = cli::user_token_access,
        .site = cli::SiteAccess::kApproved,
        .dry_run = cli::DryRun::kOffered,
        .prepare = cli::prepare_with(generate)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
