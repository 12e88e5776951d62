#include "base/error.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"
#include "credential/change.h"
#include "credential/open.h"
#include "credential/revoke.h"
#include "credential/seal.h"
#include "credential/views.h"

namespace keyrite {
namespace {

int seal(const credential::SealRequest& request, cli::Run& run) {
  return cli::run_act(credential::seal_credential(request), run);
}
int rotate(const credential::RotateRequest& request, cli::Run& run) {
  return cli::run_act(credential::rotate_credential(request), run);
}
int change(const credential::ChangeRequest& request, cli::Run& run) {
  return cli::run_act(credential::change_credential(request), run);
}
int revoke(const credential::RevokeRequest& request, cli::Run& run) {
  return cli::run_act(credential::revoke_credential(request), run);
}
int open(const credential::OpenRequest& request, cli::Run& run) {
  if (run.json && !request.out) {
    throw Error(Kind::kUsage, "json-needs-out",
                "standard output cannot have both the secret and a document",
                "give --out, or leave --json out");
  }
  return cli::run_act(credential::open_credential(request), run);
}

int shown(const credential::CredentialView& view, cli::Run& run) {
  for (const auto& text : view.text) run.show(text);
  run.result(view.document);
  return 0;
}
int show(const credential::ShowCredentialRequest& request, cli::Run& run) {
  return shown(credential::show_credential(request, run.context), run);
}
int list(const credential::ListCredentialsRequest& request, cli::Run& run) {
  return shown(credential::list_credentials(request, run.context), run);
}

cli::Command seal_command() {
  return {
      .name = "seal",
      .summary = "seal a new credential under a tenant's key",
      .description =
          "Takes an API credential that a customer supplies to a service, and seals it in the "
          "token: AES-256-GCM under a data key of its own, which is made there and wrapped under "
          "the active version of the tenant's key. Tenant, service, environment, scope and expiry "
          "are bound to it: where the registry says another of them, it does not open.\n\nThe "
          "secret comes from standard input, a descriptor or a file, of at most 8 KiB, and every "
          "byte is kept as it is, a newline at the end too. A service has one credential in each "
          "environment.",
      .examples = {{"seal the key of a payment service",
                    "printf %s \"$SECRET\" | keyrite credential seal --tenant Acme \\\n"
                    "    --key payments --service stripe --environment production \\\n"
                    "    --owner 'Ada Lovelace' --rotate-by 2027-03-01T00:00:00Z"},
                   {"seal what is in a file",
                    "keyrite credential seal --tenant Acme --key payments \\\n"
                    "    --service gcs --environment test --secret-file account.json"}},
      .token = cli::user_token_access,
      .site = cli::SiteAccess::kApproved,
      .prepare = cli::prepare_with(seal)};
}

cli::Command open_command() {
  return {
      .name = "open",
      .summary = "give a credential out, to a pipe or a new file",
      .description =
          "Opens a credential and gives it out as it was sealed. The log has which, why and by "
          "whom before anybody has a byte, and it counts as an unwrap of its tenant. It goes to a "
          "pipe, or with --out to a new file of mode 0600; never to a terminal. With --json, name "
          "a file: standard output has the document.\n\nWhat is revoked or expired is not opened, "
          "and nothing under a version that is suspended, destroyed or frozen.",
      .examples = {{"give it to a service",
                    "keyrite credential open --tenant Acme --service stripe \\\n"
                    "    --environment production --reason 'deployment 812' | consumer"}},
      .token = cli::user_token_access,
      .site = cli::SiteAccess::kApproved,
      .prepare = cli::prepare_with(open)};
}

cli::Command rotate_command() {
  return {
      .name = "rotate",
      .summary = "give a credential its new secret",
      .description =
          "Seals a new secret in the place of the one that there is: under a data key of its own, "
          "which is wrapped under the active version of the same key. The earlier secret is erased "
          "from the registry. Owner and scope stay unless they are given; expiry and the next "
          "rotation are those of the new secret.\n\nWhere the tenant is on legal hold, keyrite "
          "refuses: revoke the credential, which then stays sealed, and seal the new one.",
      .examples = {{"a new secret for a year",
                    "printf %s \"$SECRET\" | keyrite credential rotate --tenant Acme \\\n"
                    "    --service stripe --environment production \\\n"
                    "    --rotate-by 2028-03-01T00:00:00Z"}},
      .token = cli::user_token_access,
      .site = cli::SiteAccess::kApproved,
      .prepare = cli::prepare_with(rotate)};
}

cli::Command change_command() {
  return {
      .name = "change",
      .summary = "say who answers for a credential",
      .description =
          "Gives a credential another owner. What is sealed stays as it is, and no token is asked. "
          "The name stands in the registry, where it can be erased; the log has that it was "
          "changed. A credential that was revoked is not changed.",
      .examples = {{"another owner",
                    "keyrite credential change --tenant Acme --service stripe \\\n"
                    "    --environment production --owner 'Grace Hopper'"}},
      .site = cli::SiteAccess::kLogged,
      .prepare = cli::prepare_with(change)};
}

cli::Command revoke_command() {
  return {
      .name = "revoke",
      .summary = "end a credential: it is never opened again",
      .description =
          "Marks a credential as revoked and erases its data key in the registry, so that nothing "
          "opens it again, whatever becomes of its row. Where the tenant is on legal hold, the "
          "data key stays. keyrite does not speak to the service: revoke the credential there too.",
      .examples = {{"end one",
                    "keyrite credential revoke --tenant Acme --service stripe \\\n"
                    "    --environment production --reason 'contract ended'"}},
      .site = cli::SiteAccess::kLogged,
      .prepare = cli::prepare_with(revoke)};
}

cli::Command list_command() {
  return {.name = "list",
          .summary = "list the credentials of a tenant",
          .description =
              "Lists services and environments, and whether each credential is good, overdue (a "
              "new secret is due), expired or revoked. Nothing is logged.",
          .examples = {{"list them", "keyrite credential list --tenant Acme"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(list)};
}

cli::Command show_command() {
  return {.name = "show",
          .summary = "show a credential, without its secret",
          .description =
              "Shows what the registry has of a credential. With --json its sealed record too, "
              "which is of no use without the KEK. Nothing is logged.",
          .examples = {{"show one",
                        "keyrite credential show --tenant Acme --service stripe \\\n"
                        "    --environment production"}},
          .site = cli::SiteAccess::kLogged,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(show)};
}

cli::Tool tool() {
  return {cli::kCredential,
          {seal_command(), open_command(), rotate_command(), change_command(), revoke_command(),
           list_command(), show_command()}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
