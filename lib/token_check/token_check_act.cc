// token-check as an act, and how its table is shown.
#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "act/act.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/text.h"
#include "token_check/token_check.h"

namespace keyrite::token_check {

namespace {

std::string how_found(const TokenCheckRow& row) {
  return printable(row.ckr ? fmt::format("{} (0x{:X}), {}", row.ckr->name, row.ckr->value, row.call)
                           : row.detail);
}

// A table for each group of rows.
void add_rows(const TokenCheckReport& report, std::vector<std::string>& text) {
  for (std::size_t from = 0; from < report.rows.size();) {
    const auto& group = report.rows.at(from).group;
    std::vector<std::vector<std::string>> table{{std::string(group.text()), "result", "how"}};
    for (; from < report.rows.size() && report.rows.at(from).group.text() == group.text(); ++from) {
      const auto& row = report.rows.at(from);
      table.push_back({row.what.text(), std::string(finding_name(row)), how_found(row)});
    }
    text.push_back("\n" + format_table(table));
  }
  const auto lying = std::count_if(report.rows.begin(), report.rows.end(), [](const auto& row) {
    return row.outcome == wrap::Outcome::kLies;
  });
  text.push_back(
      lying == 0
          ? "\nNo test found this token answering CKR_OK and doing something else."
          : fmt::format(
                "\nIn {} this token says OK and does something else. keyrite uses nothing of that.",
                counted(static_cast<std::uint64_t>(lying), "row")));
}

std::vector<std::string> text_of(const TokenCheckReport& report) {
  std::vector<std::string> text{fmt::format(
      "token \"{}\" ({} {}, firmware {}), module {} {}", printable(report.token.label),
      printable(report.token.manufacturer), printable(report.token.model),
      report.token.firmware_version, printable(report.module.description), report.module.version)};
  if (!report.rows.empty()) add_rows(report, text);
  auto clouds = text_of(report.clouds);
  text.insert(text.end(), std::make_move_iterator(clouds.begin()),
              std::make_move_iterator(clouds.end()));
  text.push_back(
      fmt::format("\ntoken-check removed everything that it made: the token holds the same {} as "
                  "before.",
                  counted(report.objects_after, "object")));
  return text;
}

// What was asked for by --for does not work without an option: not a failure of the check.
int code_of(const TokenCheckReport& report, const Scope& scope) {
  if (scope.rows) return 0;
  const bool all = std::ranges::all_of(report.clouds, [](const CloudFinding& cloud) {
    return keys::best_of(cloud.abilities) == keys::Can::kYes;
  });
  return all ? 0 : static_cast<int>(Kind::kToken);
}

act::Outcome performed(const TokenCheckRow& trusted, const Scope& scope, act::AtWork& at) {
  auto waiting = act::busy(at.context(), "keyrite tries what the token can do");
  const auto report = check_token(at.token(), trusted, at.context().note, scope);
  waiting.reset();
  return {.document = report.to_json(),
          .text = text_of(report),
          .facts = report.log_facts(),
          .code = code_of(report, scope)};
}

}  // namespace

act::Act token_check(const TokenCheckRequest& request) {
  return {approval::operation_named("token-check"), [request](const act::Context& /*context*/) {
            const Scope scope = scope_of(request);
            const auto trusted = std::make_shared<TokenCheckRow>(trusted_row());
            return act::PreparedAct{
                .intent = intent_of(request),
                .need = request.trusted ? trusting_need(*trusted) : act::TokenNeed{},
                .perform = [trusted, scope](act::AtWork& at) {
                  return performed(*trusted, scope, at);
                }};
          }};
}

}  // namespace keyrite::token_check
