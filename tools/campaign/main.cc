#include "act/act.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"
#include "inventory/campaigns.h"

namespace keyrite {
namespace {

int open(const inventory::OpenCampaignRequest& request, cli::Run& run) {
  return cli::run_act(inventory::open_campaign(request), run);
}
int close(const inventory::CloseCampaignRequest& request, cli::Run& run) {
  return cli::run_act(inventory::close_campaign(request), run);
}
int list(const inventory::ListCampaignsRequest& request, cli::Run& run) {
  const auto shown = inventory::list_campaigns(request, run.context);
  for (const auto& text : shown.text) run.show(text);
  run.result(shown.document);
  return 0;
}

cli::Tool tool() {
  return {
      cli::kCampaign,
      {{.name = "open",
        .summary = "have a plan of many acts approved once",
        .description =
            "Reads a plan: which acts, on which keys, for which destinations, under wrapping keys "
            "of "
            "which bases, from when to when, and how many acts at most. It needs the approvals of "
            "each of these acts, once. From then on an act with --campaign ID asks nobody, if the "
            "plan covers it; the log counts each use. keyrite approve show says to approvers that "
            "the statement is a campaign's.",
        .examples = {{"the rotations of one night", "keyrite campaign open plan.toml"}},
        .token = cli::user_token_access,
        .site = cli::SiteAccess::kApproved,
        .prepare = cli::prepare_with(open)},
       {.name = "close",
        .summary = "end a campaign before its time",
        .description = "From now on no act under the campaign is allowed.",
        .examples = {{"close one",
                      "keyrite campaign close 0f1e2d3c4b5a69788796a5b4c3d2e1f0 \\\n    --reason "
                      "'an approver left'"}},
        .token = cli::user_token_access,
        .site = cli::SiteAccess::kApproved,
        .prepare = cli::prepare_with(close)},
       {.name = "list",
        .summary = "list the campaigns, and how many acts there were under each",
        .description =
            "Compares each plan with the log; exit code 6 when the registry says something "
            "else. Nothing is logged.",
        .examples = {{"list them", "keyrite campaign list"}},
        .site = cli::SiteAccess::kLogged,
        .text_is = cli::TextIs::kResult,
        .prepare = cli::prepare_with(list)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
