#include "act/act.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"
#include "token_check/token_check.h"

namespace keyrite {
namespace {

int check(const token_check::TokenCheckRequest& request, cli::Run& run) {
  return cli::run_act(token_check::token_check(request), run);
}

cli::Tool tool() {
  return {
      cli::kTokenCheck,
      {{.summary = cli::kTokenCheck.summary,
        .description =
            "Tries with throw-away keys what a token really does, instead of believing its "
            "mechanism list. Every wrapped key is opened outside the token, and every "
            "signature and MAC is checked on the host. Each row says works; refused, with the "
            "token's answer and the call that got it; lies, if the token said OK and the "
            "result is wrong; or undecided, if the token gave no reason, twice. An answer "
            "about the token's own state (device, session, memory) is not a result: keyrite "
            "asks once more, then stops the check.\n\nAll keys made are session objects and are "
            "removed. keyrite checks by class, label and id of every object that the token is "
            "left as it was. There is no dry run, because it could leave nothing out.\n\nThe end "
            "is a summary: for each cloud and each thing that it can be asked for, such as a "
            "wrapping algorithm, which keys this token wraps, and which only with an option of "
            "wrap-for-import. It is what the plan of wrap-for-import would find here. With --for "
            "nothing else is tried, and the exit code is 0 if for each of these clouds something "
            "works without an option, else 4.\n\nWith "
            "--trusted the security officer logs in and makes such an object for a moment. In "
            "a site this is also the operation trust-wrapping-key, and waits for the approvals "
            "that its policy demands.",
        .examples = {{"look at a token", "keyrite token-check --token 'pkcs11:token=Ceremony'"},
                     {"can it wrap an AES key for AWS and Google?",
                      "keyrite token-check --for aws,google --type aes-256"}},
        .token = cli::user_and_so_token_access,
        .site = cli::SiteAccess::kApproved,
        .text_is = cli::TextIs::kResult,
        .prepare = cli::prepare_with(check)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
