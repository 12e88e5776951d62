#include "audit/show_statement.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "approval/approval_file.h"
#include "approval/statement_comparison.h"
#include "approval/statement_text.h"
#include "audit/statement_files.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "site/layout.h"

namespace keyrite::audit {

namespace {

constexpr act::FieldInfo kStatement{.name = "statement",
                                    .value = "STATEMENT",
                                    .help = "the approval statement, as keyrite wrote it",
                                    .need = act::Need::kRequired,
                                    .shape = act::Shape::kPositional,
                                    .binds = act::Binds::input()};

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

Json error_parts(const Error& error) {
  return {{"code", error.code()}, {"message", error.message()}};
}

}  // namespace

const std::vector<act::Field<ShowStatementRequest>>& ShowStatementRequest::table() {
  using R = ShowStatementRequest;
  static const std::vector<act::Field<R>> fields{
      {kStatement, &R::statement},
      {{.name = "without-request",
        .help = "show a statement without request.json: it does not tell what will be done, or "
                "where anything goes",
        .binds = act::Binds::plain()},
       &R::without_request},
      {{.name = "without-names",
        .help = "show a statement without names.json: it has pseudonyms in place of names, and "
                "does not tell whose key it is",
        .binds = act::Binds::plain()},
       &R::without_names},
  };
  return fields;
}

const std::vector<act::Field<CountApprovalsRequest>>& CountApprovalsRequest::table() {
  using R = CountApprovalsRequest;
  static const std::vector<act::Field<R>> fields{
      {kStatement, &R::statement},
      {{.name = "roster",
        .value = "FILE",
        .help = "roster of who may approve: the one that the statement names",
        .need = act::Need::kRequired,
        .binds = act::Binds::input()},
       &R::roster},
      {{.name = "approval",
        .value = "FILE",
        .help = "signature over the statement: SSH (.sshsig) or CMS (.p7s)",
        .binds = act::Binds::input()},
       &R::approval},
      {{.name = "initiator",
        .value = "IDENTITY",
        .help = "another person who asked for the act and so does not count, besides the one whom "
                "the statement names",
        .binds = act::Binds::plain()},
       &R::initiator},
      {{.name = "initiator-counts",
        .help = "also count the person who asked for the act, as the policy of some sites does",
        .binds = act::Binds::plain()},
       &R::initiator_counts},
  };
  return fields;
}

namespace {

[[noreturn]] void refuse_missing(const char* code, const StatementFiles& files, const char* name,
                                 const char* option, const char* unknown) {
  throw Error(Kind::kVerification, code,
              fmt::format("{} is missing beside {}: {}", name, printable(files.path), unknown),
              fmt::format("get the whole folder of the statement. {} shows the statement anyway, "
                          "to read it and not to sign it",
                          option));
}

void require_whole(const StatementFiles& files, const ShowStatementRequest& request) {
  if (!files.request && !request.without_request) {
    refuse_missing("request-missing", files, site::kRequestName, "--without-request",
                   "nobody can tell what will be done, or where anything goes");
  }
  if (files.statement.version > 1 && !files.names && !request.without_names) {
    refuse_missing("names-missing", files, site::kNamesName, "--without-names",
                   "nobody can tell whose key it is, or which cloud key is meant");
  }
}

// The request in words, name by name.
class RequestText {
 public:
  explicit RequestText(const StatementFiles& files) : files_(files) {}

  [[nodiscard]] std::string text() {
    const auto& statement = files_.statement;
    if (!statement.operator_name.empty())
      row("who asks", fmt::format("\"{}\"", printable(statement.operator_name)));
    row("what", printable(statement.operation));
    const std::string key =
        statement.version == 1 ? statement.kek_label : named(Json(statement.kek_ref));
    if (!key.empty()) row("of the key", fmt::format("\"{}\"", printable(key)));
    if (!files_.request) {
      return "request.json is MISSING beside the statement. What will be done, with which "
             "options,\nunder which wrapping key and for which cloud key, is UNKNOWN.\n" +
             rows_;
    }
    part("inputs", "");
    part("request", "--");
    outputs();
    return "What will be done (request.json, which the statement names):\n" + rows_;
  }

 private:
  // A value that does not fit has a line of its own and is not broken: it is compared.
  void row(std::string_view name, std::string_view value) {
    const std::string line = fmt::format("  {:<{}}{}\n", name, kNameColumns, value);
    const bool fits = name.size() < kNameColumns && line.size() <= kColumns + 1;
    rows_ += fits ? line : fmt::format("  {}\n    {}\n", name, value);
  }

  // A pseudonym as the name that it stands for; empty: it has none.
  [[nodiscard]] std::string named(const Json& value) const {
    if (!files_.names || !value.is_string()) return {};
    const auto found = files_.names->find(value.get<std::string>());
    return found == files_.names->end() ? std::string() : found->second;
  }

  [[nodiscard]] std::string words(const Json& value) const {
    if (const std::string name = named(value); !name.empty())
      return fmt::format("\"{}\"", printable(name));
    if (value.is_string()) return printable(value.get<std::string>());
    if (value.is_object() && value.size() == 1 && value.contains("sha256"))
      return "the file with SHA-256 " + words(value.at("sha256"));
    if (!value.is_array()) return printable(value.dump());
    std::string all;
    for (const auto& one : value) all += (all.empty() ? "" : ", ") + words(one);
    return all;
  }

  void part(const char* member, const char* prefix) {
    const Json values = files_.request->value(member, Json::object());
    for (const auto& [name, value] : values.items()) {
      std::string said = prefix + printable(name);
      if (*prefix == '\0') std::ranges::replace(said, '_', ' ');
      row(said, words(value));
    }
  }

  void outputs() {
    for (const auto& output : files_.request->value("outputs", Json::array()))
      row("makes", words(output));
  }

  static constexpr std::size_t kNameColumns = 20;

  const StatementFiles& files_;
  std::string rows_{};
};

}  // namespace

namespace {

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
bool is_whole(const StatementFiles& files) { return files.request && files.names; }

std::string what_to_do(const StatementFiles& files, const std::optional<Error>& objection) {
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
  const StatementFiles files = read_statement_files(request.statement);
  require_agreement(files);
  require_whole(files, request);
  const auto objection = never_approved(files.statement, now);
  std::string text = RequestText(files).text() + "\n" +
                     approval::statement_text(files.bytes, request.statement, now) + "\n" +
                     what_to_do(files, objection);
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
          {"objection", objection ? error_parts(*objection) : Json(nullptr)},
          {"request", request.value_or(Json(nullptr))},
          {"names", names.value_or(Json(nullptr))}};
}

approval::Quorum count_approvals(const CountApprovalsRequest& request, TimePoint now) {
  const StatementFiles beside = read_statement_files(request.statement);
  require_agreement(beside);
  const approval::Statement& statement = beside.statement;
  approval::QuorumPolicy policy{.needed = statement.threshold,
                                .longest = std::chrono::floor<std::chrono::seconds>(
                                    statement.not_after - statement.not_before)};
  if (request.initiator) policy.initiators.push_back(*request.initiator);
  // Whoever asks does not count by default, as in a site.
  if (!statement.operator_name.empty() && !request.initiator_counts)
    policy.initiators.push_back(statement.operator_name);
  policy.initiator_counts = policy.initiators.empty();
  std::vector<approval::ApprovalFile> files;
  for (const std::string& path : request.approval) {
    files.push_back(approval::approval_file(path, read_file(path)));
  }
  return approval::judge_quorum(approval::read_roster(request.roster), policy, beside.bytes, files,
                                now);
}

Json to_json(const approval::Quorum& quorum) {
  Json json{{"statement_sha256", quorum.statement_sha256},
            {"satisfied", quorum.satisfied()},
            {"objections", Json::array()},
            {"roles", Json::array()},
            {"files", Json::array()}};
  for (const Error& error : quorum.objections) json["objections"].push_back(error_parts(error));
  for (const auto& role : quorum.roles) {
    json["roles"].push_back(
        {{"role", role.role}, {"needed", role.needed}, {"identities", role.identities}});
  }
  for (const auto& file : quorum.files) {
    json["files"].push_back({{"file", file.name},
                             {"fate", approval::file_status_name(file.status)},
                             {"identity", text_or_null(file.identity)},
                             {"fingerprint", text_or_null(file.fingerprint)},
                             {"sentence", file.sentence}});
  }
  return json;
}

int exit_code_of(const approval::Quorum& quorum) {
  if (!quorum.objections.empty()) return static_cast<int>(Kind::kVerification);
  return quorum.satisfied() ? 0 : static_cast<int>(Kind::kWaiting);
}

}  // namespace keyrite::audit
