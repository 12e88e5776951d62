#include "act/runner.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "act/act_log.h"
#include "act/internal/unfinished_acts.h"
#include "act/logged_refusal.h"
#include "act/logged_step.h"
#include "act/run_needs.h"
#include "base/error.h"

namespace keyrite::act {

namespace {

// nullptr: another act wrote the log for longer than this one was to wait, and its verdict stands
// without an entry. A person and a program are told.
std::unique_ptr<ActLog> log_of(const Context& context, const PreparedAct& prepared,
                               const approval::Operation& operation) {
  const Intent& intent = prepared.intent;
  try {
    return std::make_unique<ActLog>(context, intent.act, ActLog::new_run(),
                                    LogOpening{.registry_apart = prepared.replaces_registry});
  } catch (const Error& error) {
    if (error.code() != "transcript-in-use" || !operation.stands_without_entry) throw;
    const std::string told = fmt::format(
        "what follows is not in the log, and the registry does not know it: {}. Run the command "
        "again to have it there",
        error.message());
    if (context.warn) {
      context.warn(told);
    } else {
      context.note(told);
    }
    return nullptr;
  }
}

using WorkOnFiles = std::function<const Outcome&(const Context& context)>;

// An act on files alone: its entries are in the log and wait for the next checkpoint. The outcome
// of its result is "refused" where it found something wrong, which is shown all the same. The log
// stays locked until then.
void run_on_files(const Context& context, const PreparedAct& prepared,
                  const approval::Operation& operation, const WorkOnFiles& work,
                  const ShowLogged& show) {
  if (!context.site) {
    (void)work(context);
    show(std::nullopt);
    return;
  }
  const auto log = log_of(context, prepared, operation);
  if (!log) {
    Context without_site = context;
    without_site.site.reset();
    (void)work(without_site);
    show(std::nullopt);
    return;
  }
  const Intent& intent = prepared.intent;
  tell_unfinished(*log, context);
  hold_signals(context);
  log->intend(intent, std::nullopt);
  const Outcome& outcome = logged_step(*log, [&]() -> const Outcome& { return work(context); });
  std::optional<std::uint64_t> entry;
  if (outcome.finding) {
    log_failure(*log, *outcome.finding, outcome.facts);
  } else {
    entry = log_done(*log, intent, {outcome.facts, outcome.registry}, Signing::kLater);
  }
  show(entry);
}

// `cause` with what exists now said after it. The code of `lasting`; but "result-not-logged" keeps
// its code and hint, since resume looks for what was made.
Error unreported(const Lasting& lasting, const Error& cause) {
  std::string message = fmt::format("{}; {}", cause.message(), lasting.made);
  // The log has an intent then, and resume looks for what was made.
  if (cause.code() == "result-not-logged")
    return {Kind::kUnknownOutcome, "result-not-logged", std::move(message), cause.hint()};
  // It has the result, which resume brings into the registry.
  if (cause.code() == "registry-not-written")
    return {Kind::kUnknownOutcome, "registry-not-written", std::move(message), cause.hint()};
  return {Kind::kUnknownOutcome, lasting.code, std::move(message), lasting.hint};
}

}  // namespace

Parts& AtWork::parts() const {
  if (parts_ != nullptr) return *parts_;
  throw Error(Kind::kInternal, "no-parts", "an act that works in parts is not logged, or is none",
              "this is a defect of keyrite");
}

TokenSession& AtWork::token() const {
  if (token_ != nullptr) return *token_;
  throw Error(Kind::kInternal, "no-token", "an act on files asked for a token",
              "this is a defect of keyrite");
}

Runner::Runner(Context context, std::unique_ptr<TokenDoor> door)
    : context_(std::move(context)), door_(std::move(door)) {
  if (door_) door_->equip(context_);
}

TokenDoor& Runner::door() const {
  if (door_) return *door_;
  throw Error(Kind::kInternal, "no-token", "a runner without a token was given an act at one",
              "this is a defect of keyrite");
}

void Runner::release_signals() const {
  if (context_.release_signals) context_.release_signals();
}

void Runner::close() {
  if (door_) door_->close(context_);
}

Outcome Runner::preview(const Act& act) {
  release_signals();
  // Whoever only looks asks nobody and has nothing logged, whatever this runner does besides.
  Context looking = context_;
  looking.dry_run = true;
  const PreparedAct prepared = act.prepare(looking);
  if (!prepared.preview) {
    throw Error(Kind::kInternal, "no-preview", "this act has no dry run",
                "this is a defect of keyrite");
  }
  if (!prepared.preview_needs_token) {
    AtWork at(looking);
    return prepared.preview(at);
  }
  const auto needs = needs_of(looking, prepared.intent, static_cast<bool>(prepared.need.officer));
  Outcome outcome;
  door().look(looking, [&](TokenSession& token) {
    AtWork at(looking, &token);
    outcome = prepared.preview(at);
  });
  for (auto& line : needs.lines()) outcome.text.push_back(std::move(line));
  outcome.document["needs"] = needs.to_json();
  return outcome;
}

Outcome Runner::run(const Act& act, const Show& show) {
  release_signals();
  const PreparedAct prepared =
      with_refusals_logged(context_, act.operation.name, [&] { return act.prepare(context_); });
  Outcome outcome;
  const auto perform = [&](const Context& context, TokenSession* token,
                           Parts* parts) -> const Outcome& {
    AtWork at(context, token, parts);
    outcome = prepared.perform(at);
    return outcome;
  };
  const auto show_logged = [&](std::optional<std::uint64_t> entry) {
    if (outcome.when_logged) outcome.when_logged(outcome, entry);
    show(outcome);
  };
  try {
    if (act.operation.place == approval::Place::kToken) {
      door().work(
          context_, prepared.intent, prepared.need,
          [&](TokenSession& token, Parts* parts) {
            const Outcome& done = perform(context_, &token, parts);
            return ToLog{done.facts, done.registry};
          },
          show_logged);
    } else {
      run_on_files(
          context_, prepared, act.operation,
          [&](const Context& context) -> const Outcome& {
            return perform(context, nullptr, nullptr);
          },
          show_logged);
    }
  } catch (const Error& error) {
    if (outcome.lasting) throw unreported(*outcome.lasting, error);
    throw;
  }
  if (outcome.finding) throw Error(std::as_const(*outcome.finding));
  return outcome;
}

Outcome Runner::resume(const ResumeRequest& request, const Show& show) {
  release_signals();
  return door().resume(request, context_, show);
}

}  // namespace keyrite::act
