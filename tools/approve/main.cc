#include <fmt/format.h>

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
  return 0;
}

void show_roles(const approval::Quorum& quorum, const cli::Run& run) {
  for (const auto& role : quorum.roles) {
    const std::string missing =
        role.reached() ? "" : fmt::format("; {} missing", role.needed - role.identities.size());
    run.show(format_table({{fmt::format("role {}: {} of {}{}", role.role, role.identities.size(),
                                        role.needed, missing),
                            fmt::format("{}", fmt::join(role.identities, ", "))}}));
  }
}

int count(const audit::CountApprovalsRequest& request, cli::Run& run) {
  const auto quorum = audit::count_approvals(request, run.context.now());
  std::vector<std::vector<std::string>> rows;
  for (const auto& file : quorum.files) {
    const std::string name = printable(file.name) + ": ";
    // What could not be read is said with the file's name already.
    rows.push_back({std::string(approval::fate_name(file.fate)),
                    (file.sentence.starts_with(name) ? "" : name) + file.sentence});
  }
  run.show(fmt::format("statement {}", quorum.statement_sha256));
  if (!rows.empty()) run.show(format_table(rows));
  show_roles(quorum, run);
  for (const Error& objection : quorum.objections) {
    run.show(fmt::format("it CANNOT be approved: {}\n  {}", printable(objection.message()),
                         printable(objection.hint())));
  }
  if (quorum.objections.empty()) {
    run.show(quorum.satisfied()
                 ? "It is approved by its own numbers; the policy of a site may ask for more."
                 : "It is NOT approved yet.");
  }
  run.result(audit::to_json(quorum));
  return audit::exit_code_of(quorum);
}

cli::Tool tool() {
  return {
      cli::kApprove,
      {{.name = "show",
        .summary = "read a statement before signing it",
        .description =
            "Shows what will be done, of which key and for which cloud key, then every field of "
            "the "
            "approval statement from the very bytes that are signed, from when to when it holds, "
            "how many must approve, its SHA-256 as hex and as words to read aloud, and the "
            "commands "
            "that sign it. request.json and names.json must stand beside it: a statement that "
            "contradicts them is refused. Run it on a second machine, with the statement's whole "
            "folder, and compare the words with the others before you sign.",
        .examples = {{"read a statement", "keyrite approve show statement.json"}},
        .prepare = cli::prepare_with(show)},
       {.name = "count",
        .summary = "count who approved a statement",
        .description =
            "Verifies signatures over a statement against a roster, says what became of each, who "
            "counts in which role, and who is missing. Counts people, not signatures, by the "
            "numbers that the statement names. Writes nothing. Exit code 0: enough; 7: somebody is "
            "missing; 6: the statement cannot be approved now or with this roster.",
        .examples = {{"count two approvals",
                      "keyrite approve count statement.json --roster roster.toml \\\n    "
                      "--approval alice.sshsig bob.p7s"}},
        .prepare = cli::prepare_with(count)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
