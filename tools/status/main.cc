#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"
#include "status/status.h"

namespace keyrite {
namespace {

int show(const status::StatusRequest& request, cli::Run& run) {
  status::Status status = status::status_of(request, run.context);
  const auto outcome_of = [&] {
    return act::Outcome{
        .document = status.to_json(), .text = status.text(), .code = status.exit_code()};
  };
  if (request.login) {
    return cli::run_look(
        [&](act::AtWork& at) {
          status.token = status::opened_token(at.token());
          return outcome_of();
        },
        run);
  }
  status.token = status::seen_token(run.context.token);
  return cli::show_found(outcome_of(), run);
}

cli::Tool tool() {
  return {cli::kStatus,
          {{.summary = cli::kStatus.summary,
            .description =
                "Says on one screen where a site stands: whether its log verifies and when it was "
                "last signed, entries that nobody signed, acts without a result, statements that "
                "wait for approvals, and what ends or is due next: rotations, material in clouds, "
                "pinned wrapping keys, campaigns, acceptances, credentials. It reads the files of "
                "the site and what the token says of itself. It asks for a PIN only with --login, "
                "changes and logs nothing, and says what it cannot know. Exit code 0: nothing "
                "needs attention; 7: something waits for somebody; 6: something is wrong, such as "
                "a log that does not verify. The vkeys are the site's own: compare them with those "
                "that were noted elsewhere, with keyrite transcript verify.",
            .examples = {{"where does the site stand?", "keyrite status"},
                         {"for monitoring", "keyrite status --within 60 --json"}},
            .token = cli::user_token_access,
            .site = cli::SiteAccess::kLogged,
            .progress = true,
            .text_is = cli::TextIs::kResult,
            .prepare = cli::prepare_with(show)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
