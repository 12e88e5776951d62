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
#include "base/json.h"
#include "ceremony/bindings.h"
#include "ceremony/dialogue.h"
#include "ceremony/file.h"
#include "ceremony/folder.h"
#include "ceremony/known_values.h"
#include "ceremony/log_watch.h"
#include "ceremony/records.h"
#include "ceremony/standing.h"

namespace keyrite::ceremony {

// What a run works with. All of it outlives the run. `use` is the one that the context's site has:
// its id is empty where no step's act is done.
struct Stage {
  const act::Context& context;
  act::Runner& runner;
  act::CeremonyUse& use;
  unsigned columns{};  // of the terminal
  // Shows what an act tells.
  std::function<void(const act::Outcome& outcome)> show{};
};

class CeremonyRun {
 public:
  // One that begins. Errors: those of Bindings::require_fixed.
  CeremonyRun(const Stage& stage, CeremonyFile file, Bindings bindings, Mode mode);
  // One that goes on, `more` bound besides. Errors: those of LogWatch::meant, CeremonyFolder and
  // Bindings::add.
  CeremonyRun(const Stage& stage, const std::optional<std::string>& id,
              const std::vector<std::string>& more);
  CeremonyRun(const CeremonyRun&) = delete;
  CeremonyRun& operator=(const CeremonyRun&) = delete;
  ~CeremonyRun() = default;

  // The act that opens it, for a dry run and for approvals.
  [[nodiscard]] act::Act opening() const;
  // Opens it where it is new, has people come in, and does step after step. Errors: those of the
  // acts; kWaiting "ceremony-left"; kFailed "ceremony-aborted" (a step failed, and the file has no
  // other way); kVerification "ceremony-over-time".
  void run();
  // Does the teardown steps, and closes it.
  void end_early(const std::string& reason);

  // {id, file_sha256, mode, ending, steps: [...], deviations}
  [[nodiscard]] Json document() const;
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] bool begun() const { return begun_; }

 private:
  void hold();
  void open();
  void tear_down(const Step& step);
  void come_in();
  void check_in(std::size_t role, std::size_t person);
  void compare_clock();
  [[nodiscard]] bool is_clock_compared();
  void settle();
  void do_steps();
  void do_step(const Step& step);
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
  // Of the acts of the step that no record of it names yet.
  [[nodiscard]] std::vector<std::string> runs_of(const Step& step) const;
  // Errors kFailed "ceremony-over", kVerification "ceremony-over-time".
  void require_under_way();
  void do_act(const Step& step);
  void act_failed(const Step& step, const Error& error);
  [[nodiscard]] bool bind_missing(const Step& step, const std::vector<std::string>& names);
  void bind(const std::string& name);
  void after_failure(const Step& step);
  // A rehearsal left out a step, on which later ones may rely.
  [[nodiscard]] bool left_out() const;
  void finish();
  [[nodiscard]] std::string last_words() const;
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
  LogWatch log_;
  std::string id_;
  bool begun_{false};
  CeremonyFile file_;
  Bindings bindings_;
  Mode mode_;
  CeremonyFolder folder_;
  std::uint32_t step_{kBeforeSteps};  // where a deviation is entered
  bool ending_{false};                // teardown steps are done
  std::optional<act::HeldFile> held_{};
  std::vector<std::string> present_{};  // who came in this time
};

}  // namespace keyrite::ceremony
