// init-site as an act: the founding one, which has no log before it. What a dry run tells, and how
// the site that was made is shown.
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "act/act.h"
#include "act/run_needs.h"
#include "base/text.h"
#include "crypto/random.h"
#include "opening/init_site.h"

namespace keyrite::opening {

namespace {

constexpr std::size_t kIdBytes = 16;

std::string last_signed_text(const site::Site& site) {
  if (!site.keeps_last_signed()) return printable(site.last_signed());
  return fmt::format("{}, in the site: a copy or a backup of the folder has it too",
                     printable(site.last_signed()));
}

std::vector<std::string> text_of(const MadeSite& made, const InitSitePlan& plan,
                                 const act::Context& context) {
  const auto& settings = made.site.settings;
  std::vector<std::string> text{fmt::format("made site {}", printable(made.site.folder))};
  text.push_back(format_table(
      {{"log", printable(settings.log.origin)},
       {"signed by",
        fmt::format("{} key, id {}, never extractable", made.key_type, settings.log.key_id)},
       {"token", printable(settings.token.uri)},
       {"last signed", last_signed_text(made.site)},
       {"approvers", made.approvers == 0
                         ? std::string("none: there is no roster, and site.toml says of each "
                                       "operation that it needs nobody")
                         : fmt::format("{} in the roster", made.approvers)}}));
  const auto& roster = plan.roster;
  text.push_back(closing_of(
      made,
      roster ? std::optional(approval::parse_roster(*roster, plan.request.roster.value_or("")))
             : std::nullopt,
      context));
  return text;
}

act::Outcome previewed(const InitSitePlan& plan) {
  act::Outcome outcome{
      .document = plan.to_json(),
      .text = {fmt::format("would make site {} for the log {}, signed by a new key in the token",
                           printable(plan.request.folder), printable(plan.request.origin)),
               format_table({{"last signed", printable(plan.settings.log.last_signed)}})}};
  // No policy is in force before there is a site, and the act is the first that its log tells of.
  const act::RunNeeds needs{.logged = true};
  for (auto& line : needs.lines()) outcome.text.push_back(std::move(line));
  outcome.document["needs"] = needs.to_json();
  return outcome;
}

act::Outcome performed(const InitSitePlan& plan, act::AtWork& at) {
  auto waiting = act::busy(at.context(), "the token makes the key of the log");
  const MadeSite made = perform(plan, at.context(), at.token());
  waiting.reset();
  const std::string folder = printable(made.site.folder);
  return {
      .document = made.to_json(),
      .text = text_of(made, plan, at.context()),
      .lasting = act::Lasting{.made = fmt::format("the site {} was made", folder),
                              .code = "site-made-unreported",
                              .hint = fmt::format("the site {} is complete: note the vkey in {}/{}",
                                                  folder, folder, site::kVkeysName)}};
}

}  // namespace

act::Act init_site(const InitSiteRequest& request, const std::vector<site::StateFolder>& state) {
  return {
      approval::operation_named("init-site"), [request, state](const act::Context& context) {
        const auto plan = opening::plan(request, context, crypto::random_bytes(kIdBytes), state);
        return act::PreparedAct{.intent = {.act = "init-site"},
                                .preview = [plan](act::AtWork& /*at*/) { return previewed(plan); },
                                .preview_needs_token = false,
                                .perform = [plan](act::AtWork& at) { return performed(plan, at); }};
      }};
}

}  // namespace keyrite::opening
