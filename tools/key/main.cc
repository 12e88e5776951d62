#include <string_view>
#include <utility>
#include <vector>

#include "act/act.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"
#include "inventory/key_states.h"
#include "inventory/keys.h"
#include "keys/activate_key.h"

namespace keyrite {
namespace {

int add(const inventory::AddKeysRequest& request, cli::Run& run) {
  return cli::run_act(inventory::add_keys(request), run);
}
int change(const inventory::ChangeKeyRequest& request, cli::Run& run) {
  return cli::run_act(inventory::change_key(request), run);
}
int activate(const keys::ActivateKeyRequest& request, cli::Run& run) {
  return cli::run_act(keys::activate_key(request), run);
}
int show(const inventory::ShowKeyRequest& request, cli::Run& run) {
  const auto shown = inventory::show_key(request, run.context);
  for (const auto& text : shown.text) run.show(text);
  run.result(shown.document);
  return 0;
}

template <act::Act (*Move)(const inventory::MoveVersionRequest&)>
int move(const inventory::MoveVersionRequest& request, cli::Run& run) {
  return cli::run_act(Move(request), run);
}

template <act::Act (*Move)(const inventory::MoveVersionRequest&)>
cli::Command move_command(std::string_view name, std::string_view summary,
                          std::string_view description, const char* example) {
  return {.name = name,
          .summary = summary,
          .description = description,
          .examples = {{"for one key", example}},
          .site = cli::SiteAccess::kLogged,
          .prepare = cli::prepare_with(move<Move>)};
}

std::vector<cli::Command> move_commands() {
  return {move_command<inventory::suspend_version>(
              "suspend", "suspend a version of a key",
              "Suspends a version: it neither wraps nor unwraps until it is resumed. The log has "
              "it. Nothing changes at a cloud: keyrite prints the command that a "
              "person runs at each.",
              "keyrite key suspend payments --tenant Acme --reason 'under investigation'"),
          move_command<inventory::resume_version>(
              "resume", "let a suspended version serve again",
              "Lets a suspended version be active again. The log has it. Nothing changes at a "
              "cloud: keyrite prints the command that a "
              "person runs at each.",
              "keyrite key resume payments --tenant Acme --reason 'nothing was found'"),
          move_command<inventory::deactivate_version>(
              "set-deactivation", "deactivate a version of a key",
              "Deactivates a version: it wraps nothing new, and goes on to unwrap. The log has it. "
              "Nothing changes at a cloud: keyrite prints the command that a "
              "person runs at each.",
              "keyrite key set-deactivation payments --tenant Acme --reason replaced"),
          move_command<inventory::compromise_version>(
              "mark-compromised", "mark a version of a key as compromised",
              "Marks a version as compromised, for ever: it wraps nothing, and the policy of the "
              "key says whether services may read what it wrapped. The log has it. Nothing changes "
              "at a cloud: keyrite prints the command that a "
              "person runs at each.",
              "keyrite key mark-compromised payments --tenant Acme --reason leaked")};
}

cli::Tool tool() {
  cli::Tool made{
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
       {.name = "activate",
        .summary = "validate a version in the token and let it serve",
        .description =
            "Looks at the version in the token, compares its attributes and check values with "
            "registry and log, uses it once, and makes its canary: something that it wraps now and "
            "must open ever after. Then the version is active. Each destination of the key must be "
            "proven or accepted, or be retired, and no other version may be active: keyrite rotate "
            "moves on from one to the next.",
        .examples = {{"activate the version that waits",
                      "keyrite key activate payments --tenant Acme"}},
        .token = cli::user_token_access,
        .site = cli::SiteAccess::kApproved,
        .dry_run = cli::DryRun::kOffered,
        .prepare = cli::prepare_with(activate)},
       {.name = "show",
        .summary = "show a key, its policy and its versions",
        .description = "Shows what the registry has of a key. Its policy is compared with the log "
                       "first; exit code 6 when the registry says something else. Nothing is "
                       "logged.",
        .examples = {{"show a key", "keyrite key show payments --tenant Acme"}},
        .site = cli::SiteAccess::kLogged,
        .text_is = cli::TextIs::kResult,
        .prepare = cli::prepare_with(show)}}};
  for (auto& command : move_commands()) made.commands.push_back(std::move(command));
  return made;
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
