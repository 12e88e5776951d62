#include "act/act.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"
#include "inventory/destinations.h"
#include "inventory/pinned_keys.h"

namespace keyrite {
namespace {

int add(const inventory::AddDestinationsRequest& request, cli::Run& run) {
  return cli::run_act(inventory::add_destinations(request), run);
}
int change(const inventory::ChangeDestinationRequest& request, cli::Run& run) {
  return cli::run_act(inventory::change_destination(request), run);
}
int retire(const inventory::RetireDestinationRequest& request, cli::Run& run) {
  return cli::run_act(inventory::retire_destination(request), run);
}

int pin(const inventory::PinKeyRequest& request, cli::Run& run) {
  return cli::run_act(inventory::pin_key(request), run);
}
int unpin(const inventory::UnpinKeyRequest& request, cli::Run& run) {
  return cli::run_act(inventory::unpin_key(request), run);
}

int show_all(const inventory::Shown& shown, cli::Run& run) {
  for (const auto& text : shown.text) run.show(text);
  run.result(shown.document);
  return 0;
}
int list(const inventory::ListDestinationsRequest& request, cli::Run& run) {
  return show_all(inventory::list_destinations(request, run.context), run);
}
int show(const inventory::ShowDestinationRequest& request, cli::Run& run) {
  return show_all(inventory::show_destination(request, run.context), run);
}

int list_pinned(const inventory::ListPinnedRequest& request, cli::Run& run) {
  return show_all(inventory::list_pinned(request, run.context), run);
}

cli::Command pin_command() {
  return {.name = "pin",
          .summary = "approve a wrapping key for all imports into a vault or key ring",
          .description =
              "Pins the key-exchange key of an Azure vault, or the key of a Google import job: "
              "until the day that you give, wrap-for-import takes this key for this vault or key "
              "ring without asking anybody, if the site's policy accepts pinned keys. Compare the "
              "fingerprint over a second channel before you give it. Each AWS import has a key of "
              "its own, which cannot be pinned.",
          .examples = {{"a key-exchange key of Azure, for half a year",
                        "keyrite destination pin acme.managedhsm.azure.net \\\n    "
                        "--wrapping-key-sha256 5f2c... --until 2027-05-31T00:00:00Z \\\n    "
                        "--reason 'compared by telephone with Ada'"}},
          .token = cli::user_token_access,
          .site = cli::SiteAccess::kApproved,
          .prepare = cli::prepare_with(pin)};
}
cli::Command unpin_command() {
  return {.name = "unpin",
          .summary = "end the approval of a wrapping key",
          .description = "From now on nobody wraps under this key because it is pinned.",
          .examples = {{"a key-exchange key that was replaced",
                        "keyrite destination unpin acme.managedhsm.azure.net \\\n    "
                        "--wrapping-key-sha256 5f2c... --reason 'it was replaced'"}},
          .token = cli::user_token_access,
          .site = cli::SiteAccess::kApproved,
          .prepare = cli::prepare_with(unpin)};
}
cli::Command pinned_command() {
  return {.name = "pinned",
          .summary = "list the wrapping keys that are or were pinned",
          .description =
              "Lists each pinned key with its place, its fingerprint and its end, as "
              "compared with the log; exit code 6 when the registry says something "
              "else. Nothing is logged.",
          .examples = {{"list them", "keyrite destination pinned"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(list_pinned)};
}

cli::Command add_command() {
  return {.name = "add",
          .summary = "add a destination of a key, or many from a file",
          .description =
              "Adds destinations: what a key serves at a provider, with the wrapping algorithm and "
              "the options of wrap-for-import. They are checked by the provider's rules for the "
              "type of the key, and the region by the tenant's jurisdictions. A region that the "
              "identifier does not have is shown as declared: keyrite cannot see where a cloud "
              "keeps a key. With --from all of the file is checked before anything is written, and "
              "all of it is written or nothing.",
          .examples = {{"an alias of AWS KMS",
                        "keyrite destination add alias/acme-payments --tenant Acme \\\n    "
                        "--key payments --provider aws --account 111122223333 \\\n    "
                        "--region eu-central-1 --wrapping-algorithm RSAES_OAEP_SHA_256"},
                       {"add many", "keyrite destination add --from destinations.toml"}},
          .site = cli::SiteAccess::kLogged,
          .prepare = cli::prepare_with(add)};
}
cli::Command list_command() {
  return {.name = "list",
          .summary = "list the destinations of a tenant or of a key",
          .description =
              "Lists each destination with its provider and region. Reads the registry "
              "alone; nothing is logged.",
          .examples = {{"list them", "keyrite destination list --tenant Acme"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(list)};
}
cli::Command show_command() {
  return {.name = "show",
          .summary = "show a destination, and which versions are there",
          .description =
              "Shows the place, the options of its imports, whether its region is one of the "
              "tenant's jurisdictions, and what became of each version there. What was decided is "
              "compared with the log first; exit code 6 when the registry says something else.",
          .examples = {{"show one",
                        "keyrite destination show alias/acme-payments --tenant Acme "
                        "\\\n    --key payments"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(show)};
}
cli::Command change_command() {
  return {.name = "change",
          .summary = "change a declared region or the options of a destination",
          .description =
              "Changes what is given and leaves the rest; --without takes an option away. Another "
              "account, vault, key ring or name is another destination: add that one, and retire "
              "this one.",
          .examples = {{"wrap by another algorithm",
                        "keyrite destination change alias/acme-payments --tenant Acme \\\n    "
                        "--key payments --wrapping-algorithm RSA_AES_KEY_WRAP_SHA_256"}},
          .site = cli::SiteAccess::kLogged,
          .prepare = cli::prepare_with(change)};
}
cli::Command retire_command() {
  return {.name = "retire",
          .summary = "retire a destination, or end its retirement",
          .description =
              "A retired destination gets no new versions, and no activation or rotation waits for "
              "it. What is there stays in the registry. With --end it serves again.",
          .examples = {{"a vault that is gone",
                        "keyrite destination retire alias/acme-payments --tenant Acme \\\n    "
                        "--key payments --reason 'the account was closed'"}},
          .site = cli::SiteAccess::kLogged,
          .prepare = cli::prepare_with(retire)};
}

cli::Tool tool() {
  return {cli::kDestination,
          {add_command(), list_command(), show_command(), change_command(), retire_command(),
           pin_command(), unpin_command(), pinned_command()}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
