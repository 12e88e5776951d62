#include <fmt/format.h>

#include "acts/init_site.h"
#include "base/text.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_tool.h"
#include "cli/state_folders.h"
#include "cli/token_access.h"
#include "crypto/random.h"

namespace keyrite {
namespace {

constexpr std::size_t kIdBytes = 16;

std::string last_signed_text(const site::Site& site) {
  if (!site.keeps_last_signed()) return printable(site.last_signed());
  return fmt::format("{}, in the site: a copy or a backup of the folder has it too",
                     printable(site.last_signed()));
}

void show_site(const acts::MadeSite& made, const cli::Run& run) {
  const auto& settings = made.site.settings;
  run.show(fmt::format("made site {}", printable(made.site.folder)));
  run.show(format_table(
      {{"log", printable(settings.log.origin)},
       {"signed by",
        fmt::format("{} key, id {}, never extractable", made.key_type, settings.log.key_id)},
       {"token", printable(settings.token.uri)},
       {"last signed", last_signed_text(made.site)},
       {"approvers", made.approvers == 0
                         ? std::string("none: there is no roster, and site.toml says of each "
                                       "operation that it needs nobody")
                         : fmt::format("{} in the roster", made.approvers)}}));
  // A line of its own: it is written down, and must not be broken.
  run.show(
      fmt::format("vkey, by which anybody verifies the log: note it outside of this machine\n  {}",
                  made.site.log_key.text()));
}

int init_site(const acts::InitSiteRequest& request, cli::Run& run) {
  const auto plan = acts::plan(request, run.context, crypto::random_bytes(kIdBytes),
                               cli::state_folders(*run.env));
  if (run.context.dry_run) {
    run.show(fmt::format("would make site {} for the log {}, signed by a new key in the token",
                         printable(request.folder), printable(request.origin)));
    run.show(format_table({{"last signed", printable(plan.settings.log.last_signed)}}));
    run.plan(plan.to_json());
    return 0;
  }
  const auto made = acts::perform(plan, run.context);
  show_site(made, run);
  run.result(made.to_json());
  return 0;
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
