// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/awaits_approval.h"
#include "base/error.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/fresh_process.h"
#include "cli/run_act.h"
#include "cli/token_access.h"
#include "keys/fresh_look.h"
#include "rotation/rotation.h"

namespace keyrite {
namespace {

int show(const rotation::Rotation& rotation, cli::Run& run) {
  if (const auto error = rotation.error()) {
    for (const auto& line : rotation.text_beside_error()) run.show(line);
    run.beside_error["keys"] = rotation.document().at("keys");
    throw Error(*error);
  }
  for (const auto& line : rotation.text()) run.show(line);
  if (run.context.dry_run) {
    run.plan(rotation.document());
  } else {
    run.result(rotation.document());
  }
  return rotation.code();
}

int rotate(const rotation::RotateRequest& request, cli::Run& run) {
  rotation::Rotation rotation(request, run.context);
  if (run.context.dry_run || request.status) {
    while (rotation.next()) continue;
    return show(rotation, run);
  }
  return cli::run_acts_each([&] { return rotation.next(); },
                            [&](const Error& error) {
                              // The rotation keeps a copy, which has the texts alone.
                              const auto* waits = dynamic_cast<const act::AwaitsApproval*>(&error);
                              if (waits != nullptr) run.beside_error = waits->to_json();
                              return rotation.failed(error);
                            },
                            [&](cli::Run& done) { return show(rotation, done); }, run);
}

cli::Tool tool() {
  return {
      cli::kRotate,
      {{.summary = cli::kRotate.summary,
        .description =
            "Takes the rotation of a key as far as it can go now, and says what it waits for and "
            "from whom. Run it again after that: what is done is not done again. The steps are: "
            "the next version is made in the token; it waits until each destination of the key is "
            "proven or accepted; then it becomes active, and in the same entry of the log the "
            "version before is deactivated; then data keys that the registry keeps move to "
            "it.\n\nA key is rotated when it is due, when its rotation is under way, when no "
            "version of it is active, or with --force. A version that was replaced is "
            "deactivated, never destroyed: it goes on to unwrap. A planned wait is exit code 0. "
            "With --due one key that fails does not stop the others, and the exit code is the "
            "worst one.\n\nFor the connected machine --output FOLDER writes fetch.sh for import "
            "parameters, --parameters FOLDER wraps for what was fetched, into bundles in the "
            "--output folder, and --answers FOLDER judges what was answered to these bundles. "
            "After the switch --output has the scripts with which the clouds switch too. --abandon "
            "destroys the version that waits. --bundle-lost says that a bundle is lost before its "
            "import, "
            "and the next run makes another one of the same version.\n\n--compromised marks a "
            "version that others may "
            "know, "
            "lets the next one become active before its destinations have it, and moves the data "
            "keys. It lists which data keys and which clouds' ciphertexts are to be replaced.",
        .examples = {{"rotate one key now", "keyrite rotate --tenant Acme --key payments --force"},
                     {"all that are due within a week", "keyrite rotate --due --within 7"},
                     {"what is to be fetched",
                      "keyrite rotate --tenant Acme --key payments --output asks"},
                     {"wrap for what was fetched",
                      "keyrite rotate --tenant Acme --key pay --parameters asks --output out"},
                     {"judge the answers, and switch",
                      "keyrite rotate --tenant Acme --key pay --answers out --output switch"},
                     {"where each rotation stands", "keyrite rotate --status"},
                     {"a version that others may know",
                      "keyrite rotate --tenant Acme --key pay --compromised --key-version 1 \\\n"
                      "    --reason 'a laptop was stolen' --output leaked"}},
        .token = cli::user_token_access,
        .site = cli::SiteAccess::kApproved,
        .dry_run = cli::DryRun::kOffered,
        .progress = true,
        .prepare = cli::prepare_with(rotate)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) {
  using namespace keyrite;
  return cli::run_tool_or_fresh(argc, argv, tool(), keys::kFreshLookWord, keys::answer_question);
}
