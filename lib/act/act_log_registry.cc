// ActLog and the registry beside the log: which is written first, and how far it has come.
#include <chrono>

#include <fmt/format.h>

#include "act/act_log.h"
#include "act/logged_step.h"
#include "act/registry_replay.h"
#include "base/error.h"
#include "base/text.h"
#include "registry/in_order.h"
#include "transcript/outcome.h"

namespace keyrite::act {

Levelled ActLog::level_registry() {
  auto levelled = level(registry_, context_.site->site, writer_);
  registry_is_level_ = true;
  return levelled;
}

// Of an entry that tells nothing of the registry: the next act does it too, where this fails. A
// registry that is behind stays there until resume has taken over what it lacks.
void ActLog::note_position() {
  if (!registry_is_level_) return;
  try {
    note_end(registry_, context_.site->site, writer_);
  } catch (const Error& error) {
    context_.note(
        fmt::format("the registry did not note an entry of the log: {}", error.message()));
  }
}

std::uint64_t ActLog::done(const LogFacts& facts, const RegistryRows& rows) {
  const site::Site& site = context_.site.value().site;
  if (opening_due_) open();
  LogFacts told = facts;
  enum class Reached { kNothing, kRows, kEntry } reached = Reached::kNothing;
  registry::OrderedWrite write{
      .origin = site.settings.log.origin,
      .batch = {.id = rows.batch,
                .run = run_,
                .act = act_,
                .records = rows.records,
                .manifest_sha256 = rows.manifest_sha256,
                .opened = std::chrono::floor<std::chrono::milliseconds>(context_.now())}};
  write.rows = [&](registry::Stores& stores) {
    told.join(rows.write(stores));
    told.add("batch", Fact::id(rows.batch));
    told.add("rows_sha256", Fact::sha256(rows.manifest_sha256));
  };
  write.append = [&] {
    reached = Reached::kRows;
    const std::uint64_t index = write_entry(transcript::kResult, result_of(told));
    reached = Reached::kEntry;
    const auto end = end_of(writer_);
    return registry::Appended{.entry = {.seq = index, .leaf = end.leaf}, .position = end};
  };
  write.states = [&](registry::Stores& stores, const registry::LogEntry& entry) {
    (void)take_over(stores, {.act = act_,
                             .batch = rows.batch,
                             .mark = {.at = std::chrono::floor<std::chrono::milliseconds>(
                                          std::chrono::floor<std::chrono::seconds>(context_.now())),
                                      .actor = printable(context_.operator_name),
                                      .entry = entry},
                             .facts = told.json()});
  };
  try {
    return registry::write_in_order(registry_, write).seq;
  } catch (const Error& error) {
    if (reached == Reached::kEntry) {
      throw Error(Kind::kUnknownOutcome, "registry-not-written",
                  fmt::format("{} was done and logged, and the registry cannot take it over: {}",
                              act_, error.message()),
                  "mend what is said last, then run keyrite resume");
    }
    if (reached == Reached::kRows) {
      throw Error(
          Kind::kUnknownOutcome, "result-not-logged",
          fmt::format("{} wrote its rows, and that cannot be logged: {}", act_, error.message()),
          "mend what is said last, then run keyrite resume");
    }
    log_failure(*this, error);
    throw;
  }
}

}  // namespace keyrite::act
