#include "act/resume.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"

namespace keyrite {
namespace {

cli::Tool tool() {
  return {cli::kResume,
          {{.summary = cli::kResume.summary,
            .description =
                "Opens the log of a site: a last line that was cut off is dropped and logged, and "
                "a checkpoint that is older than the last one signed is put back. Looks at the "
                "token, and on the disk, for what acts without a result left; tells and logs what "
                "is found, and signs the log. Nothing is removed but temporary files in the site."
                "\n\nEvery act at the token does the same before it begins. What only a person can "
                "decide, it leaves to resume. An entry that is not signed and that keyrite did not "
                "write stops every act: --drop-unsigned cuts it off and logs what it was. Entries "
                "of acts at the token for which the log's key does not vouch stop every act too: "
                "a version 0.1.0 that was killed leaves them, and so does whoever can write the "
                "site's folder. --sign-unsigned is right for a job that runs by itself only where "
                "it is that job that was killed, by the version before, and nobody else can write "
                "there. A clock that is behind the log stops every act as well: set it, or, where "
                "the log is wrong, say what time it is with --confirm-clock.",
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
