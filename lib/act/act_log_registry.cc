// ActLog and the registry beside the log: which is written first, and how far it has come.
#include <chrono>

#include <fmt/format.h>

#include "act/act_log.h"
#include "act/logged_step.h"
#include "act/registry_changes.h"
#include "act/registry_replay.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "registry/in_order.h"
#include "transcript/outcome.h"

namespace keyrite::act {

namespace {

// resume finds the entry of an open batch, or that there is none.
constexpr const char* kWhenWritable =
    "do not repeat the command: make room on the disk, or give this user write access to the "
    "site's folder, whichever the message names; then run keyrite resume, which finishes it or "
    "takes it back";

}  // namespace

Levelled ActLog::level_registry() {
  auto levelled = level(*registry_, context_.site->site, writer_);
  registry_is_level_ = true;
  return levelled;
}

// Of an entry that tells nothing of the registry: the next act does it too, where this fails. A
// registry that is behind stays there until resume has taken over what it lacks.
void ActLog::note_position() {
  if (!registry_is_level_) return;
  try {
    note_end(*registry_, context_.site->site, writer_);
  } catch (const Error& error) {
    context_.note(
        fmt::format("the registry did not note an entry of the log: {}", error.message()));
  }
}

void ActLog::go_on() {
  if (history().open_intent(run_) == nullptr) {
    throw Error(Kind::kVerification, "act-settled",
                fmt::format("the log says that {} ended, while it was at work: another act took it "
                            "for one that was killed",
                            act_),
                "find out who removed the files of the site's folder \"under-way\"; what the log "
                "has as parts of this act was done");
  }
  intended_ = true;
}

std::uint64_t ActLog::done(const LogFacts& facts, const RegistryRows& rows) {
  return with_rows(0, facts, rows, [this](const LogFacts& told) { return result_of(told); });
}

std::uint64_t ActLog::part(std::uint64_t number, const LogFacts& facts, const RegistryRows& rows) {
  return with_rows(number, facts, rows, [&](const LogFacts& told) {
    return Json{{"run", run_}, {"part", number}, {"facts", in_side_file(told)}};
  });
}

std::uint64_t ActLog::with_rows(std::uint64_t part, const LogFacts& facts, const RegistryRows& rows,
                                const Content& content) {
  const auto event = part == 0 ? transcript::kResult : transcript::kPart;
  const site::Site& site = context_.site.value().site;
  if (opening_due_) open();
  LogFacts told = facts;
  enum class Reached { kNothing, kRows, kEntry } reached = Reached::kNothing;
  registry::OrderedWrite write{.origin = site.settings.log.origin,
                               .batch = {.id = rows.batch,
                                         .run = run_,
                                         .part = static_cast<std::int64_t>(part),
                                         .act = act_,
                                         .records = rows.records,
                                         .manifest_sha256 = rows.manifest_sha256,
                                         .opened = time_of(context_)}};
  write.rows = [&](registry::Stores& stores) {
    told.join(rows.write(stores));
    require_known_changes(told.json());
    told.add("batch", Fact::id(rows.batch));
    told.add("rows_sha256", Fact::sha256(rows.manifest_sha256));
  };
  write.append = [&] {
    reached = Reached::kRows;
    const std::uint64_t index = write_entry(event, content(told));
    reached = Reached::kEntry;
    const auto end = end_of(writer_);
    return registry::Appended{.entry = {.seq = index, .leaf = end.leaf}, .position = end};
  };
  write.states = [&](registry::Stores& stores, const registry::LogEntry& entry) {
    (void)take_over(stores, {.act = act_,
                             .batch = rows.batch,
                             // As resume reads it there.
                             .mark = {.at = std::chrono::floor<std::chrono::milliseconds>(
                                          parse_rfc3339(last_time_, "time")),
                                      .actor = printable(context_.operator_name),
                                      .entry = entry},
                             .facts = told.json()});
  };
  try {
    return registry::write_in_order(*registry_, write).seq;
  } catch (const Error& error) {
    // What is written from here on must not look as if this had been taken over.
    if (reached != Reached::kNothing) registry_is_level_ = false;
    if (reached == Reached::kEntry) {
      throw Error(Kind::kUnknownOutcome, "registry-not-written",
                  fmt::format("{} was done and logged, and the registry cannot take it over: {}",
                              act_, error.message()),
                  kWhenWritable);
    }
    if (reached == Reached::kRows) {
      throw Error(
          Kind::kUnknownOutcome, "result-not-logged",
          fmt::format("{} wrote its rows, and that cannot be logged: {}", act_, error.message()),
          kWhenWritable);
    }
    // Of a part it is the act that fails.
    if (event == transcript::kResult) log_failure(*this, error, facts);
    throw;
  }
}

void ActLog::settled(const transcript::OpenIntent& intent, const LogFacts& found) {
  const auto batches = open_batches_of(*registry_, intent.run);
  LogFacts told = found;
  if (!batches.empty()) {
    std::vector<Fact> ids;
    for (const auto& batch : batches) ids.push_back(Fact::id(batch));
    told.add("batches", ids);
  }
  append(transcript::kSettled,
         {{"run", intent.run}, {"intent", intent.index}, {"found", told.json()}});
  if (registry_is_level_ && !batches.empty())
    settle_batches(*registry_, context_.site->site, writer_, batches);
}

}  // namespace keyrite::act
