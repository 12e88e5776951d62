#include "act/act.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "inventory/keys.h"

namespace keyrite {
namespace {

int add(const inventory::AddKeysRequest& request, cli::Run& run) {
  return cli::run_act(inventory::add_keys(request), run);
}
int change(const inventory::ChangeKeyRequest& request, cli::Run& run) {
  return cli::run_act(inventory::change_key(request), run);
}
int show(const inventory::ShowKeyRequest& request, cli::Run& run) {
  const auto shown = inventory::show_key(request, run.context);
  for (const auto& text : shown.text) run.show(text);
  run.result(shown.document);
  return 0;
}

cli::Tool tool() {
  return {
      cli::kKey,
      {{.name = "add",
        .summary = "add a key of a tenant, or many from a file",
        .description =
            "Adds keys: whose they are, of which type, what they are for, and by which policy they "
            "are kept. A key has no material yet. With --from all of the file is checked before "
            "anything is written, and all of it is written or nothing.",
        .examples = {{"add a key", "keyrite key add payments --tenant Acme --type aes-256"},
                     {"add many", "keyrite key add --from keys.toml"}},
        .site = cli::SiteAccess::kLogged,
        .prepare = cli::prepare_with(add)},
       {.name = "change",
        .summary = "change name, owner or policy of a key",
        .description = "Changes what is given and leaves the rest. The policy is compared with the "
                       "log first; exit code 6 when the registry says something else.",
        .examples = {{"rotate every 90 days",
                      "keyrite key change payments --tenant Acme --period-days 90"}},
        .site = cli::SiteAccess::kLogged,
        .prepare = cli::prepare_with(change)},
       {.name = "show",
        .summary = "show a key, its policy and its versions",
        .description = "Shows what the registry has of a key. Its policy is compared with the log "
                       "first; exit code 6 when the registry says something else. Nothing is "
                       "logged.",
        .examples = {{"show a key", "keyrite key show payments --tenant Acme"}},
        .site = cli::SiteAccess::kLogged,
        .prepare = cli::prepare_with(show)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
