// token-check as an act, and how its table is shown.
#include <algorithm>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "act/act.h"
#include "base/counted.h"
#include "base/text.h"
#include "token_check/token_check.h"

namespace keyrite::token_check {

namespace {

std::vector<std::string> text_of(const TokenCheckReport& report) {
  std::vector<std::string> text{fmt::format(
      "token \"{}\" ({} {}, firmware {}), module {} {}", printable(report.token.label),
      printable(report.token.manufacturer), printable(report.token.model),
      report.token.firmware_version, printable(report.module.description), report.module.version)};
  std::vector<std::vector<std::string>> rows{{"", "tried", "result", "how"}};
  for (const auto& row : report.rows) {
    const std::string detail =
        row.ckr ? fmt::format("{} (0x{:X}), {}", row.ckr->name, row.ckr->value, row.call)
                : row.detail;
    rows.push_back({std::string(row.group.text()), row.what.text(), std::string(finding_name(row)),
                    printable(detail)});
  }
  text.push_back(format_table(rows));
  const auto lying = std::count_if(report.rows.begin(), report.rows.end(), [](const auto& row) {
    return row.outcome == wrap::Outcome::kLies;
  });
  text.push_back(
      lying == 0
          ? "No test found this token answering CKR_OK and doing something else."
          : fmt::format(
                "In {} this token says OK and does something else. keyrite uses nothing of that.",
                counted(static_cast<std::uint64_t>(lying), "row")));
  text.push_back(
      fmt::format("token-check removed everything that it made: the token holds the same {} as "
                  "before.",
                  counted(report.objects_after, "object")));
  return text;
}

act::Outcome performed(const TokenCheckRow& trusted, act::AtWork& at) {
  auto waiting = act::busy(at.context(), "keyrite tries what the token can do");
  const auto report = check_token(at.token(), trusted, at.context().note);
  waiting.reset();
  return {.document = report.to_json(), .text = text_of(report), .facts = report.log_facts()};
}

}  // namespace

act::Act token_check(const TokenCheckRequest& request) {
  return {approval::operation_named("token-check"), [request](const act::Context& /*context*/) {
            const auto trusted = std::make_shared<TokenCheckRow>(trusted_row());
            return act::PreparedAct{
                .intent = intent_of(request),
                .need = request.trusted ? trusting_need(*trusted) : act::TokenNeed{},
                .perform = [trusted](act::AtWork& at) { return performed(*trusted, at); }};
          }};
}

}  // namespace keyrite::token_check
