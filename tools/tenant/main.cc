#include "act/act.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "inventory/tenants.h"

namespace keyrite {
namespace {

int add(const inventory::AddTenantsRequest& request, cli::Run& run) {
  return cli::run_act(inventory::add_tenants(request), run);
}
int change(const inventory::ChangeTenantRequest& request, cli::Run& run) {
  return cli::run_act(inventory::change_tenant(request), run);
}
int offboard(const inventory::OffboardTenantRequest& request, cli::Run& run) {
  return cli::run_act(inventory::offboard_tenant(request), run);
}
int suspend(const inventory::SuspendTenantRequest& request, cli::Run& run) {
  return cli::run_act(inventory::suspend_tenant(request), run);
}
int hold(const inventory::HoldTenantRequest& request, cli::Run& run) {
  return cli::run_act(inventory::hold_tenant(request), run);
}
int release(const inventory::ReleaseTenantRequest& request, cli::Run& run) {
  return cli::run_act(inventory::release_tenant(request), run);
}

int show_all(const inventory::Shown& shown, cli::Run& run) {
  for (const auto& text : shown.text) run.show(text);
  run.result(shown.document);
  return 0;
}
int list(const inventory::ListTenantsRequest& /*request*/, cli::Run& run) {
  return show_all(inventory::list_tenants(run.context), run);
}
int show(const inventory::ShowTenantRequest& request, cli::Run& run) {
  return show_all(inventory::show_tenant(request, run.context), run);
}

cli::Command add_command() {
  return {.name = "add",
          .summary = "add a tenant, or many from a file",
          .description =
              "Adds tenants: customers whose keys are kept apart. The name stands in the registry "
              "alone, and the log has a random pseudonym for it. With --from all of the file is "
              "checked before anything is written, and all of it is written or nothing.",
          .examples = {{"add a tenant",
                        "keyrite tenant add Acme --owner 'Ada Byron' \\\n    "
                        "--contact ada@acme.example --jurisdiction eu-central-1"},
                       {"add many", "keyrite tenant add --from tenants.toml"}},
          .site = cli::SiteAccess::kLogged,
          .prepare = cli::prepare_with(add)};
}
cli::Command list_command() {
  return {.name = "list",
          .summary = "list the tenants of a site",
          .description =
              "Lists each tenant with its state, whether it is on legal hold, how many "
              "keys it has, and its owner. Reads the registry alone; nothing is logged.",
          .examples = {{"list them", "keyrite tenant list"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(list)};
}
cli::Command show_command() {
  return {.name = "show",
          .summary = "show one tenant",
          .description =
              "Shows owner, contact, jurisdictions, legal hold, keys, and each change of state "
              "with the log entry that made it. What was decided over the tenant is compared with "
              "the log first; exit code 6 when the registry says something else.",
          .examples = {{"show a tenant", "keyrite tenant show Acme"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(show)};
}
cli::Command change_command() {
  return {.name = "change",
          .summary = "change owner, contact or jurisdictions",
          .description =
              "Changes what is given and leaves the rest. Jurisdictions are set as a "
              "whole: give all of them.",
          .examples = {{"let the keys go into two regions",
                        "keyrite tenant change Acme --jurisdiction eu-central-1 \\\n    "
                        "--jurisdiction eu-west-1"}},
          .site = cli::SiteAccess::kLogged,
          .prepare = cli::prepare_with(change)};
}
cli::Command offboard_command() {
  return {
      .name = "offboard",
      .summary = "begin the end of a tenant: its credentials are revoked",
      .description =
          "The tenant leaves. It gets no new keys, data keys or credentials, and its credentials "
          "are revoked: their data keys are erased, unless it is on legal hold. Its keys stay "
          "what they are, and open what they wrapped. With --end the tenant is active again; "
          "what was revoked stays revoked.",
      .examples = {{"a contract ended",
                    "keyrite tenant offboard Acme --reason 'the contract ended'"}},
      .site = cli::SiteAccess::kLogged,
      .prepare = cli::prepare_with(offboard)};
}

cli::Command suspend_command() {
  return {.name = "suspend",
          .summary = "suspend a tenant, or end its suspension",
          .description = "Suspends a tenant. With --end the tenant is active again.",
          .examples = {{"suspend a tenant", "keyrite tenant suspend Acme --reason 'unpaid'"},
                       {"end it", "keyrite tenant suspend Acme --end --reason 'paid'"}},
          .site = cli::SiteAccess::kLogged,
          .prepare = cli::prepare_with(suspend)};
}
cli::Command hold_command() {
  return {.name = "hold",
          .summary = "put a tenant on legal hold",
          .description =
              "On legal hold nothing of the tenant is destroyed or forgotten, whoever "
              "approves it. Authority and reason are kept in the registry; the log has "
              "the SHA-256 of the decision.",
          .examples = {{"hold a tenant",
                        "keyrite tenant hold Acme --authority 'Court of Hamburg' "
                        "\\\n    --reason 'case 12 of 2026'"}},
          .site = cli::SiteAccess::kLogged,
          .prepare = cli::prepare_with(hold)};
}
cli::Command release_command() {
  return {.name = "release",
          .summary = "end a legal hold",
          .description =
              "Ends the legal hold of a tenant. The hold is compared with the log "
              "first; exit code 6 when the registry says something else.",
          .examples = {{"end it", "keyrite tenant release Acme --reason 'the case is closed'"}},
          .site = cli::SiteAccess::kLogged,
          .prepare = cli::prepare_with(release)};
}

cli::Tool tool() {
  return {cli::kTenant,
          {add_command(), list_command(), show_command(), change_command(), suspend_command(),
           offboard_command(), hold_command(), release_command()}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
