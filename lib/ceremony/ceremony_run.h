// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A ceremony that is run: people come in, each step is announced, done and recorded, and what its
// file says happens where one fails. All that it knows it has from the log, so a run that was
// killed goes on where the log ends. One Runner for all acts; one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "act/ceremony_use.h"
#include "act/context.h"
#include "act/held_file.h"
#include "act/runner.h"
#include "base/error.h"
#include "base/json.h"
#include "ceremony/bindings.h"
#include "ceremony/dialogue.h"
#include "ceremony/early_records.h"
#include "ceremony/file.h"
#include "ceremony/folder.h"
#include "ceremony/known_values.h"
#include "ceremony/log_watch.h"
#include "ceremony/planned_request.h"
#include "ceremony/records.h"
#include "ceremony/standing.h"
#include "ceremony/step_acts.h"

namespace keyrite::ceremony {

// What a run works with. All of it outlives the run. `use` is the one that the context's site has:
// its id is empty where no step's act is done.
struct Stage {
  const act::Context& context;
  act::Runner& runner;
  act::CeremonyUse& use;
  // Of the terminal at this moment; 0 or unset: nobody is at one, and lines fit 80.
  std::function<unsigned()> columns{};
  // Shows what an act tells.
  std::function<void(const act::Outcome& outcome)> show{};
  // Told that the ceremony is begun: whoever stops the process from now on can resume it. Unset:
  // nobody is told.
  std::function<void(const std::string& id)> begun{};
  // Told the folder of the site that a step made: from then on context and runner have it. Unset:
  // no step may make one.
  std::function<void(const std::string& folder)> site_made{};
};

class CeremonyRun {
 public:
  // One that begins. Without a site in the context its file must make one, and with one it must
  // not. Errors: those of Bindings::require_fixed; kUsage "site-not-given", "ceremony-makes-site".
  CeremonyRun(const Stage& stage, CeremonyFile file, Bindings bindings, Mode mode);
  // One that goes on, `more` bound besides. Errors: those of LogWatch::meant, CeremonyFolder and
  // Bindings::add.
  CeremonyRun(const Stage& stage, const std::optional<std::string>& id,
              const std::vector<std::string>& more);
  // One whose site was made, and whose log does not have all yet that was done before.
  CeremonyRun(const Stage& stage, KeptOpening kept);
  CeremonyRun(const CeremonyRun&) = delete;
  CeremonyRun& operator=(const CeremonyRun&) = delete;
  ~CeremonyRun() = default;

  // The act that opens it, for a dry run and for approvals.
  [[nodiscard]] act::Act opening() const;
  // Opens it where it is new, has people come in, and does step after step. Errors: those of the
  // acts; kWaiting "ceremony-left"; kFailed "ceremony-aborted" (a step failed, and the file has no
  // other way; or it was being aborted, and is); kVerification "ceremony-over-time".
  void run();
  // Logs that it is being aborted and why, does the teardown steps, and closes it. Of one that is
  // being aborted: goes on with that. Error kUsage "terminal-missing" before anything is logged:
  // teardown steps ask people, and nobody is there.
  void end_early(const std::string& reason);

  // {id, file_sha256, mode, ending, steps: [...], deviations}
  [[nodiscard]] Json document() const;
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] bool begun() const { return begun_; }

 private:
  void hold();
  void open();
  // Before there is a site: people come in, and do what the file has before init-site.
  void begin_without_site();
  void make_site(const Step& step);
  // What was done before the site was there.
  void enter_early_records();
  [[nodiscard]] bool has_site() const { return log_.has_value(); }
  void found_site();
  [[nodiscard]] LogWatch& log() { return log_.value(); }
  void end_aborted();
  void close(Ending ending);
  void require_people_for_teardown() const;
  void tear_down(const Step& step);
  void come_in();
  void check_in(std::size_t role, std::size_t person);
  void compare_clock();
  [[nodiscard]] bool is_clock_compared();
  void settle();
  void do_steps();
  void do_step(const Step& step);
  void do_by_kind(const Step& step);
  void announce(const Step& step);
  void pass_over(const Step& step, StepOutcome outcome);
  void by_person(const Step& step);
  void pause(const Step& step);
  void await(const Step& step);
  void choose(const Step& step);
  void compare(const Step& step);
  void record_answer(const Step& step);
  void act_step(const Step& step);
  [[nodiscard]] const ToldAct* done_before(const Step& step) const;
  [[nodiscard]] std::vector<std::string> left_in_token(const Step& step) const;
  [[nodiscard]] PlannedRequest planned(const Step& step) const;
  void put_away_leftovers(const Step& step, const PlannedRequest& planned);
  // Of the acts of the step that no record of it names yet.
  [[nodiscard]] std::vector<std::string> runs_of(const Step& step) const;
  // Errors kFailed "ceremony-over", kVerification "ceremony-over-time".
  void require_under_way();
  void show_request(const Step& step, const ActRequest& request) const;
  void do_act(const Step& step, const PlannedRequest& planned);
  void act_failed(const Step& step, const Error& error);
  [[nodiscard]] std::optional<Error> refusal_by(const Step& step) const;
  [[nodiscard]] const Step* refused_later(const Step& awaiting, std::optional<Error>& why) const;
  [[nodiscard]] bool bind_anew(const Step& step, const Error& why,
                               const std::vector<std::string>& names);
  // True: something was bound anew.
  [[nodiscard]] bool try_inputs(const Step& step);
  void keep_bound(const Bindings& more);
  [[nodiscard]] bool bind_missing(const Step& step, const std::vector<std::string>& names);
  void bind(const std::string& name);
  void after_failure(const Step& step);
  void ask_to_abort(const Step& step);
  // A rehearsal left out a step, on which later ones may rely.
  [[nodiscard]] bool left_out() const;
  void finish();
  [[nodiscard]] std::string choices() const;
  [[nodiscard]] std::string last_words() const;
  void say_at_which_token() const;
  void say_what_will_be_done(const ActRow& row, const ActRequest& request);
  void list_made() const;
  void show_fingerprint();
  void record(const StepRecord& record);
  void deviate(const Answer& answer);
  [[nodiscard]] StepRecord record_of(const Step& step, StepOutcome outcome) const;
  [[nodiscard]] const Story& story() const;
  [[nodiscard]] Standing standing() const { return {file_.ceremony, story()}; }
  [[nodiscard]] std::string shown_text(const std::string& text) const;
  [[nodiscard]] std::optional<std::string> value_of(const std::string& name) const;
  [[nodiscard]] const site::Site& site() const { return stage_.context.site.value().site; }

  Stage stage_;
  Dialogue dialogue_;
  std::optional<LogWatch> log_{};  // nullopt: there is no site yet
  std::string id_;
  bool begun_{false};
  CeremonyFile file_;
  Bindings bindings_;
  Bindings more_{};  // bound besides, and not in the log yet
  Mode mode_;
  std::optional<CeremonyFolder> folder_{};
  EarlyRecords early_{};
  std::string kept_path_{};           // of the file that has them; empty: none
  std::uint32_t step_{kBeforeSteps};  // where a deviation is entered
  bool ending_{false};                // teardown steps are done
  std::optional<act::HeldFile> held_{};
  std::vector<std::string> present_{};  // who came in this time
};

}  // namespace keyrite::ceremony
