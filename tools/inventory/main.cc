#include "act/act.h"
#include "base/error.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/member_token.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"
#include "inventory/accept.h"
#include "inventory/access.h"
#include "inventory/alerts.h"
#include "inventory/backup.h"
#include "inventory/due.h"
#include "inventory/export.h"
#include "inventory/inventory.h"
#include "keys/adopt_key.h"
#include "keys/reconcile.h"
#include "report/show_leaving.h"
#include "report/write_report.h"

namespace keyrite {
namespace {

int show_all(const inventory::Shown& shown, cli::Run& run) {
  for (const auto& text : shown.text) run.show(text);
  if (shown.table) {
    *run.env->out << *shown.table;
  } else {
    run.result(shown.document);
  }
  return shown.code;
}
int list(const inventory::ListKeysRequest& request, cli::Run& run) {
  return show_all(inventory::list_keys(request, run.context, run.json), run);
}
int show(const inventory::ShowHeldKeyRequest& request, cli::Run& run) {
  return show_all(inventory::show_held_key(request, run.context), run);
}
int due(const inventory::ListDueRequest& request, cli::Run& run) {
  return show_all(inventory::list_due(request, run.context, run.json), run);
}
int export_all(const inventory::ExportRequest& request, cli::Run& run) {
  return show_all(inventory::export_inventory(request, run.context, run.json), run);
}
int backup(const inventory::BackUpRequest& request, cli::Run& run) {
  return show_all(inventory::back_up_registry(request, run.context), run);
}
int restore(const inventory::RestoreRequest& request, cli::Run& run) {
  return cli::run_act(inventory::restore_registry(request), run);
}
int access(const inventory::AccessRequest& request, cli::Run& run) {
  if (request.sign_off) return cli::run_act(inventory::sign_off_access(request), run);
  return show_all(inventory::show_access(request, run.context), run);
}
int alerts(const inventory::AlertsRequest& request, cli::Run& run) {
  return show_all(inventory::show_alerts(request, run.context), run);
}
int report_on(const report::ReportRequest& request, cli::Run& run) {
  return show_all(report::write_report(request, run.context), run);
}
int offboard(const report::LeavingRequest& request, cli::Run& run) {
  return show_all(report::show_leaving(request, run.context), run);
}

int accept(const inventory::AcceptRequest& request, cli::Run& run) {
  return cli::run_act(inventory::accept_placement(request), run);
}
int adopt(const keys::AdoptKeyRequest& request, cli::Run& run) {
  return cli::run_act(keys::adopt_key(request), run);
}
int reconcile(const keys::ReconcileRequest& request, const cli::MemberRequest& members,
              cli::Run& run) {
  const auto tokens = cli::tokens_of(members, run);
  if (tokens.size() > 2) {
    throw Error(Kind::kUsage, "value-given-twice", "--member is given more than once",
                "reconcile compares one token: run it for each");
  }
  run.context.token = tokens.back();
  return cli::run_act(keys::reconcile(request), run);
}

cli::Command reconcile_command() {
  return {
      .name = "reconcile",
      .summary = "compare the whole token with registry and log",
      .description =
          "Reads every key in the token and compares it with what registry and log have: keys "
          "that nobody logged, keys that are missing, keys that are another key or once more "
          "under another id, attributes and labels that changed, and anything that has the id, "
          "the check value or the public half of a destroyed version. Nothing is made or "
          "destroyed; what was found is logged, and the registry learns which copies are "
          "missing, and which versions have a copy here that it did not know: another member of a "
          "cluster is compared with --member. A key that the log knows is adopted with keyrite "
          "inventory adopt. Exit code "
          "6 when something is wrong.",
      .examples = {{"each night", "keyrite inventory reconcile --json"},
                   {"another member of the cluster",
                    "keyrite inventory reconcile --member 'pkcs11:serial=2a1d1007eba29521'"}},
      .token = cli::user_token_access,
      .site = cli::SiteAccess::kApproved,
      .dry_run = cli::DryRun::kOffered,
      .prepare = cli::prepare_with_all<keys::ReconcileRequest, cli::MemberRequest>(reconcile)};
}
cli::Command adopt_command() {
  return {
      .name = "adopt",
      .summary = "make a key of no tenant a tenant's",
      .description =
          "Finds a key in the token that belongs to no tenant, compares it with what registry "
          "and log have of it, and makes it a key of the tenant. A key that was made or wrapped "
          "without --tenant becomes a key of its own, with its bundles. A key that only the "
          "log knows, because its making was interrupted, becomes the next version of a key "
          "that the tenant has. The version waits for its activation. Exit code 6 for a key "
          "that is destroyed by the registry.",
      .examples = {{"a key that was made without --tenant",
                    "keyrite inventory adopt --label old-payments --tenant Acme --key payments"}},
      .token = cli::user_token_access,
      .site = cli::SiteAccess::kApproved,
      .prepare = cli::prepare_with(adopt)};
}
cli::Command accept_command() {
  return {.name = "accept",
          .summary = "accept that a cloud holds a version, where nothing proves it",
          .description =
              "An officer accepts by name what cannot be proven: that a destination holds a "
              "version. The acceptance has a reason, ends within 365 days, and is a decision in "
              "the log. It proves nothing. It decides that a version may become active, so the "
              "log's key in the token vouches for its entry, and policy may ask approvals.",
          .examples = {{"for half a year",
                        "keyrite inventory accept --tenant Acme --key payments \\\n"
                        "    --destination alias/acme --until 2027-05-31T00:00:00Z \\\n"
                        "    --reason 'AWS gives no answer'"}},
          .token = cli::user_token_access,
          .site = cli::SiteAccess::kApproved,
          .prepare = cli::prepare_with(accept)};
}
cli::Command list_command() {
  return {.name = "list",
          .summary = "list keys, their states and where they serve",
          .description =
              "Lists each key with its tenant, type and usage, the active version and the states "
              "of all, the day of the next rotation, where the key serves and what proves that, "
              "and whether nobody owns it. Reads the registry alone; nothing is logged.",
          .examples = {{"list all keys", "keyrite inventory list"},
                       {"a table for a spreadsheet",
                        "keyrite inventory list --tenant Acme --csv > keys.csv"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(list)};
}
cli::Command show_command() {
  return {.name = "show",
          .summary = "show everything of one key",
          .description =
              "Shows each version with its transitions and the log entries that made them, the "
              "copies on tokens and the bundles, the destinations with what proves each import, "
              "and how many wrapped keys are under each version. Reads the registry alone; nothing "
              "is logged.",
          .examples = {{"show a key", "keyrite inventory show payments --tenant Acme"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(show)};
}
cli::Command due_command() {
  return {.name = "due",
          .summary = "list what is due: rotations, expiries, sign-offs, owners",
          .description =
              "Lists rotations that are due, material that is about to expire at a cloud, "
              "acceptances about to end, credentials that expire or are to be rotated, keys whose "
              "access nobody has signed off for 90 days, and keys and credentials without an "
              "owner. Reads the registry alone; nothing is logged. The exit code is 0 whatever is "
              "due; keyrite inventory alerts is for monitoring.",
          .examples = {{"what is due in a week", "keyrite inventory due --within 7"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(due)};
}
cli::Command export_command() {
  return {
      .name = "export",
      .summary = "write out all versions for other programs",
      .description =
          "Writes the complete population of keys to standard output: as a cryptography bill "
          "of materials (CycloneDX 1.6, with the states of SP 800-57), or as a table with a "
          "row for each version. Both name tenants and keys in clear, and neither has a value "
          "of a key. Reads the registry alone; nothing is logged.",
      .examples = {{"for a bill of materials", "keyrite inventory export --cbom > keys.cdx.json"},
                   {"a table of one tenant's versions",
                    "keyrite inventory export --csv --tenant Acme > versions.csv"}},
      .site = cli::SiteAccess::kLogged,
      .prepare = cli::prepare_with(export_all)};
}

cli::Command backup_command() {
  return {.name = "backup",
          .summary = "copy the registry into a new file",
          .description =
              "Copies the registry as it is now into a new file of mode 0600, while others go on "
              "with their work. The file is there whole or not at all, and one that is there "
              "already is never overwritten. It has every name in clear, those of tenants that "
              "are forgotten later too.",
          .examples = {{"back it up", "keyrite inventory backup /backup/registry.sqlite"}},
          .site = cli::SiteAccess::kLogged,
          .prepare = cli::prepare_with(backup)};
}
cli::Command restore_command() {
  return {.name = "restore",
          .summary = "put a backup in the place of the registry",
          .description =
              "Checks a backup as a whole, compares each of its decisions with the log, and puts "
              "it in the place of the registry, which may be damaged or missing. What is refused "
              "changes nothing. This is an act in the log. After it every command but keyrite "
              "resume refuses; resume brings the registry up to the log, and lists what nobody "
              "can know any more.",
          .examples = {{"restore, then bring it up to the log",
                        "keyrite inventory restore /backup/registry.sqlite && keyrite resume"}},
          .site = cli::SiteAccess::kLogged,
          .prepare = cli::prepare_with(restore)};
}
cli::Command access_command() {
  return {.name = "access",
          .summary = "show who and what may use which key; sign it off",
          .description =
              "Shows for each key what each version may do, the tokens that hold it, the places "
              "where it serves, and the services that hold data keys or credentials under it; and "
              "for the site who may have acts done, and whose approval each needs. With --sign-off "
              "the owner's word that this is right goes into the log, with the SHA-256 of the "
              "report. It is due again after 90 days.",
          .examples = {{"one key", "keyrite inventory access --tenant Acme --key payments"},
                       {"sign off all keys of a tenant",
                        "keyrite inventory access --tenant Acme --sign-off --owner 'Ada Byron'"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(access)};
}
cli::Command alerts_command() {
  return {.name = "alerts",
          .summary = "say what is wrong now, by the exit code too",
          .description =
              "Lists credentials that are expired, overdue or ownerless, acceptances past their "
              "end, what still holds a destroyed version, and hours in which a tenant's unwraps "
              "were unusual: more than 100, and more than three times those of the busiest hour of "
              "the 28 days before. Each decision in the registry is compared with the log first. "
              "Exit code 6 when something is wrong, 0 when nothing is.",
          .examples = {{"in a monitoring job", "keyrite inventory alerts --json"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(alerts)};
}
cli::Command report_command() {
  return {
      .name = "report",
      .summary = "write a report on the keys for people, as one HTML page",
      .description =
          "Verifies the log and makes one page of it, for the screen and for paper: all keys at "
          "both ends of the period, each key's rotations against its period and what is "
          "overdue, destinations and what proves them, alerts, exceptions that somebody "
          "accepted, pending shreds, missing owners, and unwraps per day. Each statement has "
          "its number in the log, and those for which the log's key does not vouch are marked. "
          "Only what the checkpoint signs counts. The page has names in clear, no script, and "
          "nothing from elsewhere. Nothing is logged.\n\nA log that does not verify gives no "
          "page. Exit code 6 when registry and log do not agree: the page says where. The vkey "
          "of the site itself proves no more than the site's own word: give the one that you "
          "noted.",
      .examples = {{"the first quarter, with the vkey that was noted",
                    "keyrite inventory report --from 2027-01-01 --to 2027-03-31 \\\n"
                    "    --vkey noted/vkeys --out report-2027-q1.html"},
                   {"evidence towards a framework",
                    "keyrite inventory report --framework iso27001 --out report.html"}},
      .site = cli::SiteAccess::kLogged,
      .progress = true,
      .prepare = cli::prepare_with(report_on)};
}
cli::Command offboard_command() {
  return {
      .name = "offboard",
      .summary = "list what must happen before a tenant has left",
      .description =
          "A checklist: the tenant is offboarded, no legal hold, credentials revoked, holders of "
          "data keys told, each key destroyed, each destination deleted, bundles that left, the "
          "certificate, and the names. Each item has its state by log and registry, the day by "
          "which the law may want it, and the command that does it next. Do that, and run this "
          "again. What keyrite cannot see is marked as outside. Nothing is changed or logged.\n\n"
          "Exit code 7 while something is left, 0 when nothing is, and 6 when registry and log "
          "do not agree.",
      .examples = {{"what is left", "keyrite inventory offboard Acme"},
                   {"with the day of a request that the log does not have",
                    "keyrite inventory offboard Acme --requested-at 2027-03-01"}},
      .site = cli::SiteAccess::kLogged,
      .progress = true,
      .text_is = cli::TextIs::kResult,
      .prepare = cli::prepare_with(offboard)};
}

cli::Tool tool() {
  return {cli::kInventory,
          {list_command(), show_command(), due_command(), alerts_command(), access_command(),
           export_command(), backup_command(), restore_command(), accept_command(), adopt_command(),
           reconcile_command(), report_command(), offboard_command()}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
