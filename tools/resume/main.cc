#include "act/resume.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"

namespace keyrite {
namespace {

cli::Tool tool() {
  return {
      cli::kResume,
      {{.summary = cli::kResume.summary,
        .description =
            "Opens the log of a site. It drops and logs a last line that was cut off, and "
            "restores a checkpoint that is older than the last one signed. It looks at the "
            "token and on the disk for what acts without a result left, reports and logs what "
            "it finds, and signs the log. It removes nothing but temporary files in the site.\n\n"
            "Every act at the token does the same before it begins, and leaves to resume what "
            "only a person can decide. An unsigned entry that keyrite did not write stops "
            "every act: --drop-unsigned removes it and logs what it was. Entries of acts at "
            "the token for which the log's key does not vouch stop every act too: version "
            "0.1.0 leaves them when it is killed, and so can anybody who can write to the "
            "site's folder. Give --sign-unsigned in an unattended job only if version 0.1.0 of "
            "that job was killed, and nobody else can write there. A clock that is behind the "
            "log also stops every act: set the clock or, if the log is wrong, confirm the time "
            "with --confirm-clock.",
        .examples = {{"after a power failure", "keyrite resume --site site"},
                     {"an entry that somebody else wrote behind the last checkpoint",
                      "keyrite resume --site site --drop-unsigned 17"},
                     {"when the disk with the last signed checkpoint is lost",
                      "keyrite resume --site site --accept-missing-last-signed"}},
        .token = cli::user_token_access,
        .site = cli::SiteAccess::kLogged,
        .prepare = cli::prepare_with(cli::run_resume)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
