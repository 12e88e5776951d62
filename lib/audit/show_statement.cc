#include "audit/show_statement.h"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "act/statement_files.h"
#include "approval/statement_comparison.h"
#include "approval/statement_text.h"
#include "audit/internal/request_text.h"
#include "base/error.h"
#include "base/text.h"
#include "site/layout.h"

namespace keyrite::audit {

namespace {

std::string state_name(approval::InForce state) {
  switch (state) {
    case approval::InForce::kNotYet:
      return "not-yet-valid";
    case approval::InForce::kNow:
      return "holds";
    case approval::InForce::kNoLonger:
      break;
  }
  return "expired";
}

Json objection_parts(const Error& error) {
  return {{"code", error.code()}, {"message", error.message()}};
}

[[noreturn]] void refuse_missing(const char* code, const act::StatementFiles& files,
                                 const char* name, const char* option, const char* unknown) {
  throw Error(Kind::kVerification, code,
              fmt::format("{} is missing beside {}: {}", name, printable(files.path), unknown),
              fmt::format("get the whole folder of the statement. {} shows the statement anyway, "
                          "to read it and not to sign it",
                          option));
}

void require_whole(const act::StatementFiles& files, const ShowStatementRequest& request) {
  if (!files.request && !request.without_request) {
    refuse_missing("request-missing", files, site::kRequestName, "--without-request",
                   "nobody can tell what will be done, or where anything goes");
  }
  if (files.statement.version > 1 && !files.names && !request.without_names) {
    refuse_missing("names-missing", files, site::kNamesName, "--without-names",
                   "nobody can tell whose key it is, or which cloud key is meant");
  }
}

// What no time to come and no roster changes.
std::optional<Error> never_approved(const approval::Statement& statement, TimePoint now) {
  approval::Due due;
  due.only = std::set<std::string, std::less<>>{"version"};
  auto found = approval::differences(statement, due);
  if (!found.empty()) return std::move(found.front());
  if (approval::in_force(statement, now) != approval::InForce::kNoLonger) return std::nullopt;
  return approval::out_of_force(statement, now);
}

// Everything that an approver must have read before signing.
bool is_whole(const act::StatementFiles& files) { return files.request && files.names; }

std::string what_to_do(const act::StatementFiles& files, const std::optional<Error>& objection) {
  if (objection) return objection_text(*objection);
  if (is_whole(files)) return approval::how_to_approve(files.path, files.sha256);
  return "It is shown for reading. Do NOT sign it: bring the whole folder of the statement "
         "first.\n";
}

}  // namespace

std::string objection_text(const Error& objection) {
  return format_table(
             {{fmt::format("It CANNOT be approved: {}", printable(objection.message()))}}) +
         format_table({{"", printable(objection.hint())}});
}

ShownStatement show_statement(const ShowStatementRequest& request, TimePoint now) {
  const act::StatementFiles files = act::read_statement_files(request.statement);
  act::require_agreement(files);
  require_whole(files, request);
  const auto objection = never_approved(files.statement, now);
  const auto people = objection ? std::nullopt : still_approving(files, request.roster, now);
  std::string text =
      request_text(files) + "\n" + approval::statement_text(files.bytes, request.statement, now) +
      "\n" + (people ? people->text() + "\n" : std::string()) + what_to_do(files, objection);
  std::optional<Json> names;
  if (files.names) names = Json(*files.names);
  std::optional<approval::SigningCommands> commands;
  if (!objection && is_whole(files)) commands = approval::signing_commands(request.statement);
  return {.path = request.statement,
          .sha256 = files.sha256,
          .text = std::move(text),
          .state = state_name(approval::in_force(files.statement, now)),
          .words = approval::spoken_sha256(files.sha256),
          .fields = parse_json(files.bytes, request.statement),
          .request = files.request,
          .names = std::move(names),
          .people = people,
          .commands = std::move(commands),
          .objection = objection};
}

Json ShownStatement::to_json() const {
  Json signing(nullptr);
  if (commands) signing = {{"ssh", commands->ssh}, {"cms", commands->cms}};
  return {{"file", path},
          {"sha256", sha256},
          {"words", words},
          {"state", state},
          {"statement", fields},
          {"commands", std::move(signing)},
          {"objection", objection ? objection_parts(*objection) : Json(nullptr)},
          {"approvers", people ? people->to_json() : Json(nullptr)},
          {"request", request.value_or(Json(nullptr))},
          {"names", names.value_or(Json(nullptr))}};
}

}  // namespace keyrite::audit
