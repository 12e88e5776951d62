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
            "A site is one folder for one token: its configuration, its roster of approvers, "
            "and its transcript, an append-only log that a key in the token signs. This "
            "command makes the whole folder, or none of it, and the key: Ed25519 where the "
            "token makes one that works, else EC P-256. The key never leaves the token. The "
            "other tools take the folder with --site or from KEYRITE_SITE, and log what they "
            "do.\n\nNote the vkey that is printed, in a place that nobody who can write to this "
            "machine can change: an auditor verifies the log with it.\n\nThe last signed "
            "checkpoint is kept outside the folder (--last-signed). With it keyrite detects a "
            "site that was copied, or restored from a backup. On a live medium name a file on "
            "a second stick; on a CI runner name a file on a volume that persists.",
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
