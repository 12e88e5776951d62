#include <fmt/format.h>

#include "audit/count_approvals.h"
#include "audit/show_statement.h"
#include "base/text.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_tool.h"

namespace keyrite {
namespace {

int show(const audit::ShowStatementRequest& request, cli::Run& run) {
  const auto shown = audit::show_statement(request, run.context.now());
  run.show(shown.text);
  run.result(shown.to_json());
  return shown.objection ? shown.objection->exit_code() : 0;
}

std::string verdict_of(const approval::Quorum& quorum) {
  if (!quorum.objections.empty()) return "cannot be approved";
  if (quorum.satisfied()) return "approved (by its own numbers)";
  std::vector<std::string> missing;
  for (const auto& role : quorum.roles) {
    if (!role.reached())
      missing.push_back(
          fmt::format("{} of role {}", role.needed - role.identities.size(), role.role));
  }
  return fmt::format("not yet approved: {} missing", fmt::join(missing, ", "));
}

void show_roles(const approval::Quorum& quorum, const cli::Run& run) {
  for (const auto& role : quorum.roles) {
    const std::string people =
        role.identities.empty() ? "" : fmt::format(" ({})", fmt::join(role.identities, ", "));
    run.show(fmt::format("  role {}: {} of {}{}", role.role, role.identities.size(), role.needed,
                         people));
  }
}

int count(const audit::CountApprovalsRequest& request, cli::Run& run) {
  const auto quorum = audit::count_approvals(request, run.context.now());
  std::vector<std::vector<std::string>> rows;
  for (const auto& file : quorum.files) {
    const std::string name = printable(file.name) + ": ";
    // What could not be read is said with the file's name already.
    rows.push_back({fmt::format("  {}", approval::file_status_name(file.status)),
                    (file.sentence.starts_with(name) ? "" : name) + file.sentence});
  }
  run.show(fmt::format("verdict: {}", verdict_of(quorum)));
  for (const Error& objection : quorum.objections) {
    run.show(fmt::format("  {}", printable(objection.message())));
    if (!objection.hint().empty()) run.show(fmt::format("  hint: {}", printable(objection.hint())));
  }
  if (quorum.objections.empty() && quorum.satisfied())
    run.show("  the policy of a site may demand more");
  show_roles(quorum, run);
  if (!rows.empty()) run.show(format_table(rows));
  run.show(fmt::format("  statement {}", quorum.statement_sha256));
  run.result(audit::to_json(quorum));
  return audit::exit_code_of(quorum);
}

cli::Tool tool() {
  return {
      cli::kApprove,
      {{.name = "show",
        .summary = "read a statement before signing it",
        .description =
            "Shows what the act will do, with which key and for which cloud key. Then it shows "
            "every field of the approval statement, read from the bytes that you sign: from when "
            "to when the statement is valid, how many people must approve, its SHA-256 as hex and "
            "as words to read aloud, and the commands that sign it. For a statement that can no "
            "longer be approved it shows no commands and ends with exit code 6. request.json and "
            "names.json must be beside the statement; a statement that contradicts them is "
            "refused. Run it on a second machine, with the statement's whole folder, and compare "
            "the words with the other officers before you sign.",
        .examples = {{"read a statement", "keyrite approve show statement.json"}},
        .text_is = cli::TextIs::kResult,
        .prepare = cli::prepare_with(show)},
       {.name = "count",
        .summary = "count who approved a statement",
        .description =
            "Verifies signatures over a statement against a roster. It says of each signature "
            "whether it counts and why, who counts in which role, and how many people are missing. "
            "It counts people, not signatures, by the numbers in the statement, and writes "
            "nothing. Exit code 0: enough people approved; 7: people are missing; 6: the statement "
            "cannot be approved now, or not with this roster.",
        .examples = {{"count two approvals",
                      "keyrite approve count statement.json --roster roster.toml \\\n    "
                      "--approval alice.sshsig bob.p7s"}},
        .text_is = cli::TextIs::kResult,
        .prepare = cli::prepare_with(count)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
