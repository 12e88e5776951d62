// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <fmt/format.h>

#include "act/ceremony_use.h"
#include "act/pins.h"
#include "act/registry_rows.h"
#include "act/runner.h"
#include "act/tenant_key.h"
#include "act/token_door.h"
#include "base/error.h"
#include "base/text.h"
#include "ceremony/ceremony_run.h"
#include "ceremony/commands.h"
#include "ceremony/early_records.h"
#include "ceremony/papers.h"
#include "ceremony/rehearsal.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/fresh_process.h"
#include "cli/pin_source.h"
#include "cli/run_tool.h"
#include "cli/signal_guard.h"
#include "cli/throwaway_token.h"
#include "cli/token_access.h"
#include "keys/fresh_look.h"
#include "opening/init_site.h"
#include "site/layout.h"

namespace keyrite {
namespace {

int show(const ceremony::Told& shown, cli::Run& run) {
  for (const auto& text : shown.text) run.show(text);
  run.result(shown.document);
  return shown.code;
}

int check(const ceremony::CheckFileRequest& request, cli::Run& run) {
  return show(ceremony::check_file(request), run);
}

int plan(const ceremony::BeginRequest& request, cli::Run& run) {
  act::Runner runner(run.context, run.door());
  return show(ceremony::plan_ceremony(request, run.context, runner), run);
}

int approve(const ceremony::BeginRequest& request, cli::Run& run) {
  act::Runner runner(run.context, run.door());
  return show(ceremony::approve_ceremony(request, run.context, runner), run);
}

int print(const ceremony::PrintRequest& request, cli::Run& run) {
  return show(ceremony::print_script(request, run.context), run);
}

int report(const ceremony::ReportRequest& request, cli::Run& run) {
  return show(ceremony::write_minutes(request, run.context), run);
}

int verify(const ceremony::VerifyRequest& request, cli::Run& run) {
  return show(ceremony::verify_ceremony(request, run.context.progress), run);
}

int list(const ceremony::ListRequest& /*request*/, cli::Run& run) {
  return show(ceremony::list_ceremonies(run.context), run);
}

// The acts of a ceremony name it while they are done; the site of the context says so.
class Room {
 public:
  explicit Room(cli::Run& run) : run_(run) {
    // The script is read where the answers are typed, wherever standard error goes.
    if (run.env->err_columns == 0) run.context.show = run.env->terminal.show;
    run.context.pins = &pins_.emplace(run.context.token.pin);
    run.context.in_ceremony = true;
    enter();
  }

  [[nodiscard]] ceremony::Stage stage() {
    return {.context = run_.context,
            .runner = *runner_,
            .use = use_,
            .columns = run_.env->terminal.columns,
            .show =
                [this](const act::Outcome& outcome) {
                  for (const auto& text : outcome.text) run_.context.show(text + "\n");
                  if (outcome.finding) return;
                  for (const auto& text : outcome.text_if_good) run_.context.show(text + "\n");
                },
            .begun =
                [](const std::string& id) {
                  cli::tell_way_on(fmt::format("keyrite ceremony resume {} goes on with it", id));
                },
            .site_made =
                [this](const std::string& folder) {
                  runner_->close();
                  run_.context.site = {.site = site::read_site(folder)};
                  enter();
                }};
  }

  // What came of it, also where it ends by an error.
  int tell(ceremony::CeremonyRun& ceremony, const std::function<void()>& work) {
    try {
      work();
    } catch (const Error&) {
      runner_->close();
      if (ceremony.begun()) run_.beside_error = {{"ceremony", ceremony.document()}};
      throw;
    }
    runner_->close();
    run_.result(ceremony.document());
    return 0;
  }

 private:
  // With the site, where there is one by now.
  void enter() {
    if (run_.context.site) run_.context.site->ceremony = &use_;
    runner_.emplace(run_.context, run_.door());
  }

  cli::Run& run_;
  act::CeremonyUse use_{};
  std::optional<act::Pins> pins_{};  // a PIN is typed once, before the site and after
  std::optional<act::Runner> runner_{};
};

int begin(const ceremony::BeginRequest& request, cli::Run& run) {
  auto file = ceremony::ceremony_file(request.file);
  auto bindings = ceremony::Bindings::of(request.bind, file.ceremony);
  Room room(run);
  ceremony::CeremonyRun ceremony(room.stage(), std::move(file), std::move(bindings),
                                 ceremony::Mode::kLive);
  return room.tell(ceremony, [&] { ceremony.run(); });
}

// A site of its own, at a token of its own, whose log's key no live site has.
act::SiteBinding rehearsal_site(const std::string& folder, cli::Run& run) {
  const std::string site = folder + "/site";
  act::Runner founder(run.context, act::open_token_door());
  (void)founder.run(opening::init_site({.folder = site,
                                        .origin = "rehearsal.example/" + act::random_id(),
                                        .last_signed = site::kInSite},
                                       {}),
                    [](const act::Outcome& /*outcome*/) {});
  founder.close();
  return {.site = site::read_site(site)};
}

int rehearse(const ceremony::RehearseRequest& request, cli::Run& run) {
  auto file = ceremony::ceremony_file(request.file);
  const auto given = ceremony::Bindings::of(request.bind, file.ceremony);
  const auto token = cli::make_throwaway_token(request.out, request.module);
  run.context.token = {.uri = token.uri,
                       .module = token.module,
                       .pin = cli::make_pin_source({.user = {.file = token.pin_file},
                                                    .so = {.file = token.so_pin_file},
                                                    .terminal = run.env->terminal})};
  run.door = act::open_token_door;
  const bool makes_site = file.ceremony.site_step() != nullptr;
  if (!makes_site) run.context.site = rehearsal_site(request.out, run);
  auto bindings =
      ceremony::rehearsed_bindings(file.ceremony, given, request.out, run.context.now());
  Room room(run);
  ceremony::set_up(file.ceremony, bindings, run.context, room.stage().runner);
  ceremony::CeremonyRun ceremony(room.stage(), std::move(file), std::move(bindings),
                                 ceremony::Mode::kRehearsal);
  return room.tell(ceremony, [&] {
    ceremony.run();
    run.show(
        fmt::format("its minutes:\n    keyrite ceremony report {} --site {} --out minutes.html",
                    ceremony.id(), shell_quote(run.context.site.value().site.folder)));
  });
}

int resume(const ceremony::ResumeRequest& request, cli::Run& run) {
  Room room(run);
  const auto& site = act::required_site(run.context);
  if (auto kept = ceremony::kept_opening(ceremony::kept_opening_path(site.folder))) {
    ceremony::CeremonyRun opening(room.stage(), *std::move(kept));
    return room.tell(opening, [&] { opening.run(); });
  }
  ceremony::CeremonyRun ceremony(room.stage(), request.id, request.bind);
  return room.tell(ceremony, [&] { ceremony.run(); });
}

int abort(const ceremony::AbortRequest& request, cli::Run& run) {
  Room room(run);
  ceremony::CeremonyRun ceremony(room.stage(), request.id, {});
  return room.tell(ceremony, [&] { ceremony.end_early(request.reason); });
}

// What is done with the file alone, and before the day.
std::vector<cli::Command> before() {
  return {
      {.name = "check",
       .summary = "check a ceremony's file, without a token",
       .description = "Names every error of the file, with line and column. Prints the SHA-256 "
                      "by which people know the file, its steps, and the inputs that are bound "
                      "outside of it.",
       .examples = {{"check one", "keyrite ceremony check aws-symmetric.toml"}},
       .prepare = cli::prepare_with(check)},
      {.name = "print",
       .summary = "write the paper script of a ceremony",
       .description = "Writes one HTML page that needs nothing else, for A4 or Letter: cover with "
                      "the file's SHA-256, people, materials, each step with boxes for initials "
                      "and time, exception sheets and sign-off. Print it from a browser.",
       .examples = {{"for the room",
                     "keyrite ceremony print aws-symmetric.toml --bind label=acme-v3 \\\n"
                     "    --out script.html"}},
       .prepare = cli::prepare_with(print)},
      {.name = "plan",
       .summary = "find out at the token what can be known before a ceremony",
       .description = "Does the dry run of each act: labels and ids that are free, mechanisms "
                      "that were tried, outputs that are new; and says who must approve. Nothing "
                      "is logged or made.",
       .examples = {{"with the label that is to be free",
                     "keyrite ceremony plan aws-symmetric.toml --bind label=acme-v3 \\\n"
                     "    --bind bundle=acme-v3.aws"}},
       .token = cli::user_token_access,
       .site = cli::SiteAccess::kLogged,
       .prepare = cli::prepare_with(plan)}};
}

// What is done in the room.
std::vector<cli::Command> in_the_room() {
  return {
      {.name = "approve",
       .summary = "ask for the approvals of a ceremony",
       .description = "Writes the statement that officers sign: the file's SHA-256, each fixed "
                      "input, and the request of each act. keyrite approve show shows it. One "
                      "approval covers all acts of the ceremony but the decision of a shred, "
                      "whose officers approve the list of what becomes unreadable.",
       .examples = {{"ask",
                     "keyrite ceremony approve aws-symmetric.toml --bind label=acme-v3 \\\n"
                     "    --bind bundle=acme-v3.aws"}},
       .token = cli::user_token_access,
       .site = cli::SiteAccess::kApproved,
       .prepare = cli::prepare_with(approve)},
      {.name = "rehearse",
       .summary = "run a ceremony for practice, at a throw-away token",
       .description = "Makes a token of SoftHSM, a site and import parameters in a new folder, and "
                      "runs the ceremony there: people type what they will type. Each screen says "
                      "REHEARSAL, and the log is signed by a key that no live site has. Steps "
                      "that need a cloud's answer are left out, and the log says so.",
       .examples = {{"practise", "keyrite ceremony rehearse aws-symmetric.toml --out practice"}},
       .prepare = cli::prepare_with(rehearse)},
      {.name = "run",
       .summary = "run a ceremony, step by step",
       .description =
           "Opens the ceremony in the log, has people come in, and does step after step: it says "
           "what will happen and what cannot be undone, and waits for exact words. Each answer "
           "and each act is logged. At a prompt \"!\" enters a deviation, and \"q\" leaves. A run "
           "that was left, killed or cut off goes on with keyrite ceremony resume. Needs a "
           "terminal.",
       .examples = {{"with the approvals",
                     "keyrite ceremony run aws-symmetric.toml --bind label=acme-v3 \\\n"
                     "    --bind bundle=acme-v3.aws --approval alice.sshsig"}},
       .token = cli::user_and_so_token_access,
       .site = cli::SiteAccess::kApproved,
       .makes_site = true,
       .prepare = cli::prepare_with(begin)},
      {.name = "resume",
       .summary = "go on with a ceremony that was left",
       .description = "Settles at the token what an interrupted act left, has people come in "
                      "again, and goes on with the step that the log does not have.",
       .examples = {{"the only one that is under way", "keyrite ceremony resume"},
                    {"with what came from outside",
                     "keyrite ceremony resume --bind parameters=params.json"}},
       .token = cli::user_and_so_token_access,
       .site = cli::SiteAccess::kApproved,
       .prepare = cli::prepare_with(resume)}};
}

std::vector<cli::Command> afterwards() {
  return {
      {.name = "abort",
       .summary = "end a ceremony before its end",
       .description = "Does the teardown steps of the file, closes the ceremony in the log, and "
                      "says what its acts left.",
       .examples = {{"end one", "keyrite ceremony abort --reason 'the HSM failed'"}},
       .token = cli::user_and_so_token_access,
       .site = cli::SiteAccess::kApproved,
       .prepare = cli::prepare_with(abort)},
      {.name = "report",
       .summary = "write the minutes of a ceremony",
       .description = "Verifies the log, and writes one HTML page from it: who was there, what "
                      "came of each step with its entries, deviations, differences from the file, "
                      "and the transcript's fingerprint. Exit code 6 where the log differs from "
                      "the file. Without an id it takes the ceremony that was begun last.",
       .examples = {{"of the last one", "keyrite ceremony report --out minutes.html"},
                    {"of another one",
                     "keyrite ceremony report 0f1e2d3c4b5a69788796a5b4c3d2e1f0 \\\n"
                     "    --out minutes.html"}},
       .site = cli::SiteAccess::kLogged,
       .progress = true,
       .prepare = cli::prepare_with(report)},
      {.name = "verify",
       .summary = "show by the log that a ceremony's file was run",
       .description =
           "The same as keyrite verify-ceremony, which needs no token and no PKCS#11: an "
           "auditor runs that one.",
       .examples = {{"with the vkey that was noted",
                     "keyrite ceremony verify aws-symmetric.toml site --vkey VKEY"}},
       .progress = true,
       .prepare = cli::prepare_with(verify)},
      {.name = "list",
       .summary = "list the ceremonies of a site",
       .description = "Those that the log tells of, by their titles, and where each stands.",
       .examples = {{"list them", "keyrite ceremony list"}},
       .site = cli::SiteAccess::kLogged,
       .prepare = cli::prepare_with(list)}};
}

cli::Tool tool() {
  cli::Tool tool{cli::kCeremony, before()};
  for (auto& command : in_the_room()) tool.commands.push_back(std::move(command));
  for (auto& command : afterwards()) tool.commands.push_back(std::move(command));
  return tool;
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) {
  namespace keys = keyrite::keys;
  if (argc == 2 && std::string_view(argv[1]) == keys::kFreshLookWord)
    return keyrite::cli::run_fresh(keys::answer_question);
  return keyrite::cli::run_tool(argc, argv, keyrite::tool());
}
