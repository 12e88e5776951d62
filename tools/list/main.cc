#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"
#include "keys/list_keys.h"

namespace keyrite {
namespace {

int list(const keys::ListTokenRequest& /*request*/, cli::Run& run) {
  return cli::run_look(keys::list_token, run);
}

cli::Tool tool() {
  return {cli::kList,
          {{.summary = cli::kList.summary,
            .description =
                "Shows each key in the token: its label, type and usage, whether it may leave the "
                "token wrapped, its id, and whether it was made here: an entry of this site's log "
                "made a key pair with this id and public half, or a secret key with this id, which "
                "shows nothing more to compare; no entry did; or keyrite cannot tell, because no "
                "site is given. Private keys are invisible without a login, so it logs in. It uses "
                "no key, and changes and logs nothing. What a token holds that it should not, "
                "keyrite inventory reconcile finds.",
            .examples = {{"the keys in the token of a site", "keyrite list"},
                         {"without a site", "keyrite list --token 'pkcs11:token=Ceremony'"}},
            .token = cli::user_token_access,
            .site = cli::SiteAccess::kLogged,
            .text_is = cli::TextIs::kResult,
            .prepare = cli::prepare_with(list)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
