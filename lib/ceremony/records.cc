// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/records.h"

#include <utility>

#include "act/ceremony_use.h"
#include "act/typed_text.h"
#include "approval/operation.h"
#include "base/error.h"
#include "site/layout.h"

namespace keyrite::ceremony {

namespace {

using act::Fact;
using act::LogFacts;
using act::Words;

act::KeptText kept(const act::AtWork& at, const std::string& text) {
  return act::keep_text(at.context().site.value().site.path(site::kTextsName), text);
}

// An act at the token that does nothing there but to have the log's key vouch for what it records.
act::Act recording(const char* name, act::RecordedRequest request, std::vector<Bytes> evidence,
                   std::function<LogFacts(act::AtWork& at)> facts) {
  return {approval::operation_named(name),
          [name, request = std::move(request), evidence = std::move(evidence),
           facts = std::move(facts)](const act::Context& /*context*/) {
            act::PreparedAct prepared;
            prepared.intent.act = name;
            prepared.intent.request = request;
            prepared.intent.evidence = evidence;
            prepared.need.access = pkcs11::Access::kReadOnly;
            prepared.perform = [facts](act::AtWork& at) {
              return act::Outcome{.facts = facts(at)};
            };
            return prepared;
          }};
}

act::RecordedRequest request_of(const std::string& ceremony, std::uint32_t step) {
  return {{.name = "ceremony", .value = ceremony}, {.name = "step", .value = step}};
}

void add_person(LogFacts& facts, const StepRecord& record) {
  if (record.role) facts.add("role", *record.role);
  if (record.person) facts.add("person", *record.person);
  if (record.signature_sha256)
    facts.add("signature_sha256", Fact::sha256(*record.signature_sha256));
}

LogFacts facts_of(const StepRecord& record) {
  LogFacts facts{{"ceremony", Fact::id(record.ceremony)},
                 {"step", record.step},
                 {"kind", record.kind},
                 {"outcome", words_of(record.outcome)}};
  if (record.asked) facts.add("asked_at", *record.asked);
  if (record.answered) facts.add("answered_at", *record.answered);
  if (record.choice) facts.add("choice", *record.choice);
  add_person(facts, record);
  std::vector<Fact> runs;
  for (const auto& run : record.runs) runs.push_back(Fact::id(run));
  if (!runs.empty()) facts.add("runs", runs);
  if (record.failure) facts.add("failure", *record.failure);
  return facts;
}

}  // namespace

Words words_of(StepKind kind) {
  switch (kind) {
    case StepKind::kAct:
      return {"act"};
    case StepKind::kConfirm:
      return {"confirm"};
    case StepKind::kCompare:
      return {"compare"};
    case StepKind::kRecord:
      return {"record"};
    case StepKind::kWitness:
      return {"witness"};
    case StepKind::kNote:
      return {"note"};
    case StepKind::kPause:
      return {"pause"};
    case StepKind::kAwait:
      return {"await"};
    case StepKind::kChoose:
      return {"choose"};
  }
  throw Error(Kind::kInternal, "value-outside-table", "a step has no kind");
}

Words words_of(StepOutcome outcome) {
  switch (outcome) {
    case StepOutcome::kDone:
      return {"done"};
    case StepOutcome::kFailed:
      return {"failed"};
    case StepOutcome::kNotChosen:
      return {"not-chosen"};
    case StepOutcome::kNotNeeded:
      return {"not-needed"};
    case StepOutcome::kNotRehearsed:
      return {"not-rehearsed"};
  }
  throw Error(Kind::kInternal, "value-outside-table", "a step has no outcome");
}

act::Act record_step(const StepRecord& record) {
  return recording(act::kCeremonyStepAct, request_of(record.ceremony, record.step), record.evidence,
                   [record](act::AtWork& at) {
                     LogFacts facts = facts_of(record);
                     if (record.text) facts.join(kept(at, *record.text).log_facts());
                     return facts;
                   });
}

act::Act record_deviation(const DeviationRecord& deviation) {
  return recording(act::kDeviationAct, request_of(deviation.ceremony, deviation.step), {},
                   [deviation](act::AtWork& at) {
                     LogFacts facts{{"ceremony", Fact::id(deviation.ceremony)},
                                    {"step", deviation.step},
                                    {"deviation", deviation.number},
                                    {"asked_at", deviation.asked},
                                    {"answered_at", deviation.answered}};
                     facts.join(kept(at, deviation.text).log_facts());
                     return facts;
                   });
}

act::Act close_ceremony(const Closing& closing) {
  return recording(act::kCloseCeremonyAct, {{.name = "ceremony", .value = closing.ceremony}}, {},
                   [closing](act::AtWork& /*at*/) {
                     const Words ending = closing.ending == Ending::kAborted ? Words("aborted")
                                          : closing.ending == Ending::kCompleted
                                              ? Words("completed")
                                              : Words("completed-with-deviations");
                     return LogFacts{{"ceremony", Fact::id(closing.ceremony)},
                                     {"ending", ending},
                                     {"deviations", closing.deviations}};
                   });
}

}  // namespace keyrite::ceremony
