// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "ceremony/commands.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/awaits_approval.h"
#include "act/campaign.h"
#include "act/registry_rows.h"
#include "act/run_needs.h"
#include "act/tenant_key.h"
#include "base/error.h"
#include "base/text.h"
#include "ceremony/act_flow.h"
#include "ceremony/bindings.h"
#include "ceremony/file.h"
#include "ceremony/folder.h"
#include "ceremony/log_watch.h"
#include "ceremony/open_step.h"
#include "ceremony/planned_request.h"
#include "ceremony/records.h"
#include "ceremony/standing.h"
#include "ceremony/step_acts.h"

namespace keyrite::ceremony {

namespace {

constexpr std::size_t kListColumns = 80;

Json step_json(const Step& step) {
  return {{"number", step.number},  {"name", step.name}, {"kind", word_of(step.kind)},
          {"title", step.title},    {"role", step.role}, {"act", text_or_null(step.act)},
          {"minutes", step.minutes}};
}

Json summary(const Ceremony& ceremony) {
  Json steps = Json::array();
  for (const auto& step : ceremony.steps) steps.push_back(step_json(step));
  Json teardown = Json::array();
  for (const auto& step : ceremony.teardown) teardown.push_back(step_json(step));
  Json inputs = Json::array();
  for (const auto& input : ceremony.inputs) {
    inputs.push_back({{"name", input.name},
                      {"kind", kInputKindWords.at(static_cast<std::size_t>(input.kind))},
                      {"when", kBoundWhenWords.at(static_cast<std::size_t>(input.when))},
                      {"help", input.help}});
  }
  return {{"title", ceremony.title}, {"file_sha256", ceremony.sha256},
          {"inputs", inputs},        {"steps", steps},
          {"teardown", teardown},    {"planned_minutes", ceremony.planned_minutes()}};
}

using Rows = std::vector<std::vector<std::string>>;

std::string steps_table(const Ceremony& ceremony) {
  Rows rows{{"step", "role", "kind", "title"}};
  for (const auto* list : {&ceremony.steps, &ceremony.teardown}) {
    for (const auto& step : *list)
      rows.push_back(
          {fmt::format("{}{}", list == &ceremony.teardown ? "teardown " : "", step.number),
           step.role, step.act.empty() ? std::string(word_of(step.kind)) : step.act,
           printable(step.title)});
  }
  return format_table(rows);
}

std::string inputs_table(const Ceremony& ceremony) {
  Rows lines{{"--bind", "what"}};
  for (const auto& input : ceremony.inputs) {
    lines.push_back({fmt::format("{} ({})", input.name,
                                 kBoundWhenWords.at(static_cast<std::size_t>(input.when))),
                     printable(input.help)});
  }
  return lines.size() == 1 ? std::string() : format_table(lines);
}

Opening opening_of(const BeginRequest& request) {
  Opening opening{.id = act::random_id(), .file = ceremony_file(request.file), .mode = Mode::kLive};
  opening.bindings = Bindings::of(request.bind, opening.file.ceremony);
  return opening;
}

struct StepPlan {
  const Step* step{};
  bool teardown{false};  // done if the ceremony is aborted
  std::string what{};
  std::optional<Error> refusal{};
  std::optional<Error> outage{};  // nobody could be asked, so nothing is known of it
};

// An act's dry run at the token; of a command of several acts what it would do is found out when
// it runs.
StepPlan plan_step(const Step& step, bool teardown, const ValueOf& values,
                   const act::Context& context, act::Runner& runner) {
  StepPlan plan{.step = &step, .teardown = teardown};
  try {
    const auto planned = planned_request(step, values);
    if (!planned.later.empty()) {
      plan.what = fmt::format("bound later: {}", fmt::join(planned.later, ", "));
      return plan;
    }
    const ActRow& row = *find_act(step.act);
    if (!row.one_act) {
      plan.what = "what it does depends on the registry then";
      return plan;
    }
    auto flow = start_flow(row, planned.request, context);
    const auto outcome = runner.preview(flow.next().value());
    plan.what = outcome.text.empty() ? std::string("can be done") : outcome.text.front();
  } catch (const Error& error) {
    if (error.kind() == Kind::kPin || error.code() == "pin-no-source") throw;
    if (error.code() == "no-preview") {
      plan.what = "has no dry run";
    } else if (is_outage(error)) {
      plan.outage = error;
    } else {
      plan.refusal = error;
    }
  }
  return plan;
}

// What a later step needs and an earlier one makes is not there yet.
bool needs_earlier_act(const Step& step, const Ceremony& ceremony) {
  return std::ranges::any_of(ceremony.steps, [&](const Step& one) {
    return one.number < step.number && one.kind == StepKind::kAct && !find_act(one.act)->only_looks;
  });
}

Json to_json(const StepPlan& plan, bool later) {
  Json json = step_json(*plan.step);
  json["what"] = text_or_null(plan.what);
  json["refused"] = plan.refusal ? Json(plan.refusal->code()) : Json(nullptr);
  json["not_asked"] = plan.outage ? Json(plan.outage->code()) : Json(nullptr);
  json["after_earlier_step"] = later;
  json["teardown"] = plan.teardown;
  return json;
}

std::string line_of(const StepPlan& plan, bool later) {
  const std::string step = fmt::format("{}step {} ({})", plan.teardown ? "teardown " : "",
                                       plan.step->number, plan.step->act);
  if (plan.outage)
    return fmt::format("{}: could not be asked, ask again: {}", step, plan.outage->message());
  if (!plan.refusal) return fmt::format("{}: {}", step, plan.what);
  return fmt::format("{}: {}{}", step, later ? "today, before the earlier steps: " : "REFUSED: ",
                     plan.refusal->message());
}

// Where a ceremony stands, for programs and for people.
struct ListedCeremony {
  std::string title{};  // empty: the site has lost its file
  std::string stands{};
  std::string sentence{};
};

ListedCeremony listed(const Story& story, const site::Site& site, TimePoint now) {
  ListedCeremony one{.stands = story.ending, .sentence = story.ending};
  std::optional<CeremonyFile> file;
  try {
    file = CeremonyFolder(site, story.id).file(story.file_sha256);
    one.title = file->ceremony.title;
  } catch (const Error&) {
    // The log tells of it all the same.
  }
  if (!story.ending.empty()) {
    one.sentence = fmt::format("{} at {}", story.ending, story.ended);
  } else if (story.is_being_aborted()) {
    one.stands = "being-aborted";
    one.sentence = fmt::format("being aborted since {}: keyrite ceremony resume goes on with it",
                               story.abort_at);
  } else if (now > parse_rfc3339(story.until, "until")) {
    one.stands = "abort-only";
    one.sentence = fmt::format("can only be aborted: it had to end by {}", story.until);
  } else if (file && Standing(file->ceremony, story).failed_for_good() != nullptr) {
    one.stands = "abort-only";
    one.sentence = fmt::format("can only be aborted: step {} failed",
                               Standing(file->ceremony, story).failed_for_good()->number);
  } else {
    one.stands = "under-way";
    one.sentence = fmt::format("under way, until {}", story.until);
  }
  return one;
}

}  // namespace

Told check_file(const CheckFileRequest& request) {
  const auto file = ceremony_file(request.file);
  const auto& ceremony = file.ceremony;
  Told shown{.document = summary(ceremony)};
  shown.text = {printable(ceremony.title),
                fmt::format("the file is correct; {} steps, {} minutes planned",
                            ceremony.steps.size(), ceremony.planned_minutes()),
                fmt::format("SHA-256 {}", ceremony.sha256), steps_table(ceremony)};
  if (auto inputs = inputs_table(ceremony); !inputs.empty())
    shown.text.push_back(std::move(inputs));
  return shown;
}

Told plan_ceremony(const BeginRequest& request, const act::Context& context, act::Runner& runner) {
  const Opening opening = opening_of(request);
  const auto& ceremony = opening.file.ceremony;
  opening.bindings.require_fixed(ceremony);
  // Before its own site is there, nobody knows what its policy says.
  const bool makes_site = ceremony.site_step() != nullptr && !context.site;
  const bool officer = wants_officer(ceremony);
  const auto needs =
      makes_site ? act::RunNeeds{.officer_pin = officer, .logged = true, .makes_site = true}
                 : act::needs_of(context, open_ceremony(opening).prepare(context).intent, officer);
  Told shown{.document = summary(ceremony)};
  shown.text = {fmt::format("{}, SHA-256 {}", printable(ceremony.title), ceremony.sha256)};
  Json steps = Json::array();
  const auto values = fixed_values(ceremony, opening.bindings);
  for (const Step* step : ceremony.acts()) {
    const bool teardown = step->number > ceremony.steps.size();
    const auto plan =
        makes_site && step != ceremony.site_step()
            ? StepPlan{.step = step, .teardown = teardown, .what = "done when the site is there"}
            : plan_step(*step, teardown, values, context, runner);
    const bool later = teardown || needs_earlier_act(*step, ceremony);
    if (plan.refusal && !later && shown.code == 0) shown.code = static_cast<int>(Kind::kFailed);
    if (plan.outage) shown.code = plan.outage->exit_code();
    steps.push_back(to_json(plan, later));
    shown.text.push_back(line_of(plan, later));
  }
  shown.document["acts"] = std::move(steps);
  shown.document["needs"] = needs.to_json();
  for (auto& line : needs.lines()) shown.text.push_back(std::move(line));
  return shown;
}

Told approve_ceremony(const BeginRequest& request, const act::Context& context,
                      act::Runner& runner) {
  const Opening opening = opening_of(request);
  const auto act = open_ceremony(opening);
  const auto prepared = act.prepare(context);
  const auto& site = act::required_site(context);
  if (act::threshold_for(site.settings.approvals, prepared.intent).empty()) {
    return {.document = {{"needed", Json::array()}},
            .text = {"the policy of this site needs nobody's approval for this ceremony: run it"}};
  }
  if (!context.site->approvals.empty()) {
    throw Error(Kind::kUsage, "approval-too-early",
                "approve only asks for approvals, and --approval is given",
                "give the approvals to keyrite ceremony run");
  }
  try {
    (void)runner.run(act, [](const act::Outcome& /*outcome*/) {});
  } catch (const act::AwaitsApproval& waits) {
    throw act::AwaitsApproval(
        Error(waits.kind(), waits.code(), waits.message(),
              waits.hint() + "\nThat command is keyrite ceremony run, with the same --bind."),
        waits.awaited());
  }
  throw Error(Kind::kInternal, "internal", "a ceremony was opened that needs approvals",
              "this is a defect of keyrite");
}

Told list_ceremonies(const act::Context& context) {
  const auto& site = act::required_site(context);
  LogWatch log(site);
  log.read_on();
  Told shown{.document = {{"ceremonies", Json::array()}}};
  for (const auto& story : log.stories()) {
    const ListedCeremony one = listed(story, site, context.now());
    shown.document["ceremonies"].push_back({{"id", story.id},
                                            {"title", text_or_null(one.title)},
                                            {"file_sha256", story.file_sha256},
                                            {"mode", story.mode},
                                            {"begun", story.begun},
                                            {"until", story.until},
                                            {"stands", one.stands},
                                            {"ending", text_or_null(story.ending)},
                                            {"deviations", story.deviations.size()}});
    for (const auto& line :
         wrap_words(one.title.empty() ? std::string("(its file is not in the site any more)")
                                      : printable(one.title),
                    kListColumns))
      shown.text.push_back(line);
    shown.text.push_back(fmt::format("  {}, {}, begun {}", story.id, story.mode, story.begun));
    for (const auto& line : wrap_words(one.sentence, kListColumns - 2))
      shown.text.push_back("  " + line);
  }
  if (shown.text.empty()) shown.text.emplace_back("there are no ceremonies in this log");
  return shown;
}

}  // namespace keyrite::ceremony
