#include "act/runner.h"

#include <string>
#include <utility>

#include "act/logged_refusal.h"
#include "act/run_needs.h"
#include "base/error.h"

namespace keyrite::act {

Runner::Runner(Context context, std::unique_ptr<TokenDoor> door)
    : context_(std::move(context)), door_(std::move(door)) {
  if (door_) door_->equip(context_);
}

TokenDoor& Runner::door() const {
  if (door_) return *door_;
  throw Error(Kind::kInternal, "no-token", "a runner without a token was given an act at one",
              "this is a defect of keyrite");
}

Outcome Runner::preview(const Act& act) {
  const PreparedAct prepared = act.prepare(context_);
  if (!prepared.preview) {
    throw Error(Kind::kInternal, "no-preview", "this act has no dry run",
                "this is a defect of keyrite");
  }
  if (!prepared.preview_needs_token) {
    AtWork at(context_);
    return prepared.preview(at);
  }
  const auto needs = needs_of(context_, prepared.intent, static_cast<bool>(prepared.need.officer));
  Outcome outcome;
  door().look(context_, [&](TokenSession& token) {
    AtWork at(context_, &token);
    outcome = prepared.preview(at);
  });
  for (auto& line : needs.lines()) outcome.text.push_back(std::move(line));
  outcome.document["needs"] = needs.to_json();
  return outcome;
}

Outcome Runner::run(const Act& act, const Show& show) {
  const PreparedAct prepared =
      with_refusals_logged(context_, act.operation.name, [&] { return act.prepare(context_); });
  Outcome outcome;
  const auto perform = [&](TokenSession* token) {
    AtWork at(context_, token);
    outcome = prepared.perform(at);
    return outcome.facts;
  };
  try {
    if (act.operation.place == approval::Place::kToken) {
      const auto entry = door().work(context_, prepared.intent, prepared.need,
                                     [&](TokenSession& token) { return perform(&token); });
      if (outcome.when_logged) outcome.when_logged(outcome, entry);
    } else {
      run_on_files(context_, prepared.intent, [&] {
        LogFacts facts = perform(nullptr);
        return FileResult{.facts = std::move(facts), .refused = outcome.finding};
      });
    }
    show(outcome);
  } catch (const Error& error) {
    if (outcome.lasting) throw made_but(*outcome.lasting, error);
    throw;
  }
  if (outcome.finding) throw Error(std::as_const(*outcome.finding));
  return outcome;
}

}  // namespace keyrite::act
