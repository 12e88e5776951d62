// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/issue.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/fresh_process.h"
#include "cli/member_token.h"
#include "cli/run_act.h"
#include "cli/token_access.h"
#include "keys/fresh_look.h"
#include "shredding/forgetting.h"
#include "shredding/shredding.h"
#include "shredding/sites.h"

namespace keyrite {
namespace {

template <class Steps>
int show(const Steps& steps, cli::Run& run) {
  for (const auto& line : steps.text()) run.show(line);
  if (run.context.dry_run) {
    run.plan(steps.document());
  } else {
    run.result(steps.document());
  }
  return steps.code();
}

// Approvals that are missing end the run that froze what is to go.
void show_before(const shredding::Shredding& steps, cli::Run& run) {
  for (const auto& line : steps.text_beside_error()) run.show(line);
}

int forget(const shredding::ShredRequest& request, cli::Run& run) {
  shredding::Forgetting steps(request, run.context);
  if (run.context.dry_run) return show(steps, run);
  return cli::run_acts_each([&] { return steps.next(); },
                            [&](const Error& error) -> bool { throw Error(error); },
                            [&](cli::Run& done) { return show(steps, done); }, run);
}

int destroy(const shredding::ShredRequest& request, const shredding::SitesRequest& sites,
            const cli::MemberRequest& members, cli::Run& run) {
  const auto tokens = cli::tokens_of(members, run);
  // Its signatures are over the statement of another site, which this one takes.
  if (sites.statement && run.context.site) run.context.site->approvals.push_back(*sites.statement);
  shredding::Shredding steps(request, run.context, sites, members.member);
  if (run.context.dry_run) return show(steps, run);
  return cli::run_acts_at([&] { return steps.next(); },
                          [&]() -> const act::TokenBinding& { return tokens[steps.place()]; },
                          [&](const Error& error) -> bool {
                            if (steps.failed(error)) return true;
                            show_before(steps, run);
                            throw Error(error);
                          },
                          [&](cli::Run& done) { return show(steps, done); }, run);
}

int shred(const shredding::ShredRequest& request, const shredding::SitesRequest& sites,
          const cli::MemberRequest& members, cli::Run& run) {
  if (request.waive || request.forget || request.copy) require_sense(sites, request);
  if (request.waive) return cli::run_act(shredding::waive(request), run);
  if (request.forget || request.copy) return forget(request, run);
  return destroy(request, sites, members, run);
}

int certify(const certificate::IssueRequest& request, cli::Run& run) {
  return cli::run_act(certificate::issue(request), run);
}

cli::Tool tool() {
  return {
      cli::kShred,
      {{.summary = cli::kShred.summary,
        .description =
            "Destroys every version of a tenant's keys, of one key, or one version, and says what "
            "is proven of it. The first run freezes them: they wrap and open nothing from then on. "
            "Then it lists what becomes unreadable, and what it cannot reach, and waits until "
            "officers have approved that very list. With --unfreeze all is as it was, as long as "
            "nobody approved.\n\nThe approved run destroys what this token has. A process that is "
            "started for it logs in anew and looks for each version by its id, label, check value "
            "and public half, and tries its canary under every key that unwraps. Only what it does "
            "not find is called destroyed. Anything else is pending, with exit code 7: run the "
            "same command again. Each token of a cluster that has a copy is named with --member; "
            "what the run was not at is named. Then the wrapped data keys leave the "
            "registry.\n\nSeveral sites take one statement: each other site writes --site-list "
            "FILE, the site that asks for the approvals takes the files with --other-site and "
            "--other-vkey, and the others take the approved statement with --statement "
            "FOLDER.\n\nFor the connected machine --output FOLDER writes scripts "
            "with which the clouds delete the key, and --answers FOLDER records what they "
            "answered. Backups of the token and of the registry, bundles that were carried away, "
            "and data keys that were given out are not reached.\n\nWhen every cloud has answered "
            "that the key is gone, or --waive ID gave that up, --forget takes the names of an "
            "offboarding tenant out of the site. A copy that has them is written to --copy FOLDER "
            "before, for the controller. The log, and certificates, go on with the tenant's id.",
        .examples = {{"what would go", "keyrite shred --tenant Acme --reason 'left us' --dry-run"},
                     {"all keys of a tenant",
                      "keyrite shred --tenant Acme --reason 'left us' \\\n"
                      "    --requested-at 2026-05-04T10:00:00Z --request-ref 4711"},
                     {"go on when officers approved",
                      "keyrite shred --tenant Acme --reason 'left us' --approval signed"},
                     {"one version",
                      "keyrite shred --tenant Acme --key pay --key-version 1 \\\n"
                      "    --reason 'replaced'"},
                     {"a cluster of two tokens",
                      "keyrite shred --tenant Acme --reason 'left us' \\\n"
                      "    --member 'pkcs11:serial=2a1d1007eba29521'"},
                     {"the names of a shredded tenant go",
                      "keyrite shred --tenant Acme --reason 'case 4711' --forget \\\n"
                      "    --copy /media/controller/acme"}},
        .token = cli::user_token_access,
        .site = cli::SiteAccess::kApproved,
        .dry_run = cli::DryRun::kOffered,
        .prepare = cli::prepare_with_all<shredding::ShredRequest, shredding::SitesRequest,
                                         cli::MemberRequest>(shred)},
       {.name = "certificate",
        .summary = "certify what was destroyed, and how that was shown",
        .description =
            "Writes a new folder with certificate.json and certificate.html: what the signed log "
            "proves of a shred, what is only declared, and what the document does not prove. The "
            "log's key signs it, so the act is at the token. Whoever has the log's vkey checks it "
            "alone, with keyrite verify-certificate, or with openssl and python3. While anything "
            "is pending it is an interim statement, and the exit code is 7. It may be issued again "
            "at any time.",
        .examples = {{"of all keys of a tenant",
                      "keyrite shred certificate --tenant Acme --out acme-destroyed"}},
        .token = cli::user_token_access,
        .site = cli::SiteAccess::kApproved,
        .prepare = cli::prepare_with(certify)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) {
  using namespace keyrite;
  return cli::run_tool_or_fresh(argc, argv, tool(), keys::kFreshLookWord, keys::answer_question);
}
