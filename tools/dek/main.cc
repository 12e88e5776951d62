#include "act/act.h"
#include "base/error.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"
#include "dek/import.h"
#include "dek/issue.h"
#include "dek/prune.h"
#include "dek/rewrap.h"
#include "dek/unwrap.h"
#include "dek/views.h"
#include "dek/wrap.h"

namespace keyrite {
namespace {

int issue(const dek::IssueRequest& request, cli::Run& run) {
  return cli::run_act(dek::issue_deks(request), run);
}

int wrap(const dek::WrapDeksRequest& request, cli::Run& run) {
  return cli::run_act(dek::wrap_deks(request), run);
}
int import(const dek::ImportDeksRequest& request, cli::Run& run) {
  return cli::run_act(dek::import_deks(request), run);
}
int wrapping_key(const dek::WrappingKeyRequest& request, cli::Run& run) {
  return cli::run_act(dek::give_wrapping_key(request), run);
}

int unwrap(const dek::UnwrapRequest& request, cli::Run& run) {
  if (run.json && !request.out) {
    throw Error(Kind::kUsage, "json-needs-out",
                "standard output cannot have both the plaintext keys and a document",
                "give --out, or leave --json out");
  }
  return cli::run_act(dek::unwrap_deks(request), run);
}

int rewrap(const dek::RewrapRequest& request, cli::Run& run) {
  return cli::run_act(dek::rewrap_deks(request), run);
}

int prune(const dek::PruneDeksRequest& /*request*/, cli::Run& run) {
  dek::Pruning pruning;
  return cli::run_acts(
      [&] { return pruning.next(); },
      [&](cli::Run& done) {
        done.show("removed " + std::to_string(pruning.removed()) + " record(s) whose time is over");
        done.result({{"removed", pruning.removed()}});
      },
      run);
}

int shown(const dek::DekView& view, cli::Run& run) {
  for (const auto& text : view.text) run.show(text);
  run.result(view.document);
  return 0;
}
int show(const dek::ShowDekRequest& request, cli::Run& run) {
  return shown(dek::show_dek(request, run.context), run);
}
int list(const dek::ListDeksRequest& request, cli::Run& run) {
  return shown(dek::list_deks(request, run.context), run);
}

cli::Command issue_command() {
  return {
      .name = "issue",
      .summary = "make data keys in the token, wrapped under a tenant's key",
      .description =
          "Makes data keys inside the token, wraps them there under the active version of the "
          "tenant's key, and writes their records into a new file, one line each. Nobody sees a "
          "key in plaintext. The registry has each record before the log does, and the file gets "
          "it last. One log entry is written for each thousand, and nobody has to wait for the log "
          "meanwhile.\n\nkeyrite first finds out how "
          "this token wraps, with a key whose value it knows, and then that the KEK opens its "
          "canary.",
      .examples = {{"a data key for a service",
                    "keyrite dek issue --tenant Acme --key payments --holder billing \\\n"
                    "    --ttl 90d --out billing.jsonl"},
                   {"ten thousand that the service keeps itself",
                    "keyrite dek issue --tenant Acme --key payments --count 10000 \\\n"
                    "    --kept-by-caller --out records.jsonl"}},
      .token = cli::user_token_access,
      .site = cli::SiteAccess::kApproved,
      .progress = true,
      .prepare = cli::prepare_with(issue)};
}

cli::Command wrap_command() {
  return {
      .name = "wrap",
      .summary = "wrap data keys that exist under a tenant's key",
      .description =
          "Takes a data key of 1 to 128 bytes from standard input, a descriptor or a file, puts "
          "it into the token, wraps it there under the active version of the tenant's key, and "
          "opens the record again to compare. A token that takes no plaintext gets it by "
          "RSA-OAEP. With --from, takes many: lines as dek unwrap writes them; one that comes "
          "with an id keeps it, and is passed over when the registry has it.\n\nWhere the data "
          "key comes from must see to its own copy: keyrite wipes its own.",
      .examples = {{"one that a program writes",
                    "make-key | keyrite dek wrap --tenant Acme --key payments --out key.jsonl"},
                   {"many that were opened elsewhere",
                    "keyrite dek wrap --tenant Acme --key payments --from keys.jsonl \\\n"
                    "    --out records.jsonl"}},
      .token = cli::user_token_access,
      .site = cli::SiteAccess::kApproved,
      .progress = true,
      .prepare = cli::prepare_with(wrap)};
}

cli::Command import_command() {
  return {.name = "import",
          .summary = "take data keys that others wrapped under a tenant's RSA key",
          .description =
              "Takes data keys that a provider wrapped under the public half of the tenant's RSA "
              "key (dek wrapping-key), by RSA-OAEP or by RSA-OAEP of an AES key that wraps them by "
              "AES-KWP. The token opens each before its record is written. No plaintext leaves it.",
          .examples = {{"one",
                        "keyrite dek import --tenant Acme --key inbox --in wrapped.bin \\\n"
                        "    --wrap rsa-oaep-sha256 --out key.jsonl"}},
          .token = cli::user_token_access,
          .site = cli::SiteAccess::kApproved,
          .progress = true,
          .prepare = cli::prepare_with(import)};
}

cli::Command wrapping_key_command() {
  return {.name = "wrapping-key",
          .summary = "write the public half under which others wrap data keys",
          .description =
              "Writes the public half of the active version of the tenant's RSA key as PEM, and "
              "lists the wraps that the token was found to open just now, with keys whose value "
              "keyrite knows. Tell both to whoever wraps: some tokens open SHA-1 alone.",
          .examples = {{"for a provider",
                        "keyrite dek wrapping-key --tenant Acme --key inbox --out inbox.pem"}},
          .token = cli::user_token_access,
          .site = cli::SiteAccess::kApproved,
          .prepare = cli::prepare_with(wrapping_key)};
}

cli::Command unwrap_command() {
  return {
      .name = "unwrap",
      .summary = "give data keys out in plaintext, to a pipe or a new file",
      .description =
          "Opens data keys of one tenant and gives them out, one line each. The log has which, "
          "why and by whom before anybody has a byte, and each tenant's are counted by the hour. "
          "They go to a pipe, or with --out to a new file of mode 0600; never to a terminal. With "
          "--recipient they are wrapped under an RSA key, and no plaintext leaves the token. With "
          "--json, name a file: standard output has the document.\n\nA version that is suspended, "
          "destroyed or frozen opens nothing, and a data key whose time is over is not opened. A "
          "record that cannot be opened has a line that says why, and the others are opened; then "
          "the exit code is not 0.",
      .examples = {{"open one that the registry keeps",
                    "keyrite dek unwrap --tenant Acme --reason 'restore of 4 May' \\\n"
                    "    --id 019abcde0123456789abcdef01234567 | consumer"},
                   {"open the records of a file",
                    "keyrite dek unwrap --tenant Acme --reason 'restore of 4 May' \\\n"
                    "    --from records.jsonl --out keys.jsonl"}},
      .token = cli::user_token_access,
      .site = cli::SiteAccess::kApproved,
      .progress = true,
      .prepare = cli::prepare_with(unwrap)};
}

cli::Command rewrap_command() {
  return {
      .name = "rewrap",
      .summary = "move data keys from earlier versions to the active one",
      .description =
          "Opens each record under its version and wraps the data key under the active one, inside "
          "the token. Then the token opens the new record and wraps it under the old version: the "
          "same bytes must come out, which shows that it is the same data key. Records that the "
          "registry keeps are moved in place; for those that their callers keep, --from and --out "
          "give the new ones. What was moved already is passed over, so run it again after an "
          "interruption.",
      .examples = {{"move what the registry keeps",
                    "keyrite dek rewrap --tenant Acme --key payments"},
                   {"move the records of a service",
                    "keyrite dek rewrap --tenant Acme --key payments --from old.jsonl --out new"}},
      .token = cli::user_token_access,
      .site = cli::SiteAccess::kApproved,
      .progress = true,
      .prepare = cli::prepare_with(rewrap)};
}

cli::Command show_command() {
  return {.name = "show",
          .summary = "show a data key, and its record if the registry keeps it",
          .description =
              "Shows what the registry has of a data key. The record is wrapped: it is of "
              "no use without the KEK. Nothing is logged.",
          .examples = {{"show one", "keyrite dek show 019abcde0123456789abcdef01234567"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(show)};
}

cli::Command list_command() {
  return {.name = "list",
          .summary = "list the data keys under a version",
          .description =
              "Lists data keys by id, a page at a time: --after takes the last id of the "
              "page before. Nothing is logged.",
          .examples = {{"the first page", "keyrite dek list --tenant Acme --key payments"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(list)};
}

cli::Command prune_command() {
  return {.name = "prune",
          .summary = "remove the records whose time is over",
          .description =
              "Removes the records of data keys whose time to live is over. Those of "
              "tenants on legal hold stay.",
          .examples = {{"remove them", "keyrite dek prune"}},
          .site = cli::SiteAccess::kLogged,
          .prepare = cli::prepare_with(prune)};
}

cli::Tool tool() {
  return {cli::kDek,
          {issue_command(), wrap_command(), import_command(), wrapping_key_command(),
           unwrap_command(), rewrap_command(), show_command(), list_command(), prune_command()}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
