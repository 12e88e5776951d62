#include <fmt/format.h>

#include <algorithm>

#include "acts/token_check.h"
#include "base/text.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"

namespace keyrite {
namespace {

void show(const acts::TokenCheckReport& report, const cli::Run& run) {
  run.show(fmt::format("token \"{}\" ({} {}, firmware {}), module {} {}",
                       printable(report.token.label), printable(report.token.manufacturer),
                       printable(report.token.model), report.token.firmware_version,
                       printable(report.module.description), report.module.version));
  std::vector<std::vector<std::string>> rows{{"", "tried", "result", "how"}};
  for (const auto& row : report.rows) {
    const std::string detail =
        row.ckr ? fmt::format("{} (0x{:X}), {}", row.ckr->name, row.ckr->value, row.call)
                : row.detail;
    rows.push_back({std::string(row.group.text()), row.what.text(),
                    std::string(acts::finding_name(row)), printable(detail)});
  }
  run.show(format_table(rows));
  const auto lying = std::count_if(report.rows.begin(), report.rows.end(), [](const auto& row) {
    return row.outcome == wrap::Outcome::kLies;
  });
  run.show(
      lying == 0
          ? "Nothing was found where this token says OK and does something else."
          : fmt::format(
                "In {} row(s) this token says OK and does something else. keyrite uses nothing of "
                "that.",
                lying));
  run.show(fmt::format(
      "Everything that was made is gone again: the token holds the same {} object(s) as before.",
      report.objects_after));
}

int check(const acts::TokenCheckRequest& request, cli::Run& run) {
  const auto report = acts::check_token(request, run.context);
  show(report, run);
  run.result(report.to_json());
  return 0;
}

cli::Tool tool() {
  return {
      cli::kTokenCheck,
      {{.summary = cli::kTokenCheck.summary,
        .description =
            "Tries with throw-away keys what a token really does, instead of believing "
            "its mechanism list: every "
            "wrapped key is opened outside the token, every signature and MAC is "
            "checked on the host. Each row "
            "says works, refused (with the token's answer and the call that got it), lies: the "
            "token said OK and the result is wrong, or undecided: the token gave no reason, twice. "
            "What it answers when it is not well (device, session, memory) is no result: it is "
            "asked once more, then the check stops.\n\nAll keys made are session objects and are "
            "removed; that the token is "
            "left as it was is checked by class, label and id of every object. There is "
            "nothing that a dry run could leave out.\n\nWith --trusted the security officer logs "
            "in "
            "and makes such an object for a moment. In a site that is the operation "
            "trust-wrapping-key too, and waits for whatever approvals policy demands of it.",
        .examples = {{"look at a token", "keyrite token-check --token 'pkcs11:token=Ceremony'"}},
        .token = cli::user_and_so_token_access,
        .site = cli::SiteAccess::kApproved,
        .prepare = cli::prepare_with(check)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
