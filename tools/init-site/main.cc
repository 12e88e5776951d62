#include "act/act.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/state_folders.h"
#include "cli/token_access.h"
#include "opening/init_site.h"

namespace keyrite {
namespace {

int init_site(const opening::InitSiteRequest& request, cli::Run& run) {
  return cli::run_act(opening::init_site(request, cli::state_folders(*run.env)), run);
}

cli::Tool tool() {
  return {
      cli::kInitSite,
      {{.summary = cli::kInitSite.summary,
        .description =
            "A site is one folder for one token: its configuration, who may approve, and the "
            "transcript, a log that only grows and that a key in the token signs. Makes the "
            "folder, whole or not at all, and the key (Ed25519 where the token makes one that "
            "works, else EC P-256; it never leaves the token). The tools take it with --site or "
            "from KEYRITE_SITE, and log what they do.\n\nNote the vkey that is printed where "
            "nobody who can write this machine can change it: it is what an auditor verifies the "
            "log with.\n\nThe last signed checkpoint is kept outside of the folder "
            "(--last-signed): that tells "
            "a copy of the site, or one that came back from a backup, from the site itself. On a "
            "live "
            "medium name a file on a second stick; on a runner, one on a volume that stays.",
        .examples = {{"make a site",
                      "keyrite init-site site --token 'pkcs11:token=Ceremony' \\\n    --origin "
                      "keyrite.example/hsm1 --roster roster.toml"}},
        .token = cli::user_token_access,
        .dry_run = cli::DryRun::kOffered,
        .prepare = cli::prepare_with(init_site)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
