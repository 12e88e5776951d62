#include "acts/show_statement.h"

#include <filesystem>

#include <fmt/format.h>

#include "approval/statement_text.h"
#include "base/error.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "site/layout.h"

namespace keyrite::acts {

namespace {

constexpr FieldInfo kStatement{.name = "statement",
                               .value = "STATEMENT",
                               .help = "the approval statement, as keyrite wrote it",
                               .need = Need::kRequired,
                               .shape = Shape::kPositional};

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

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

}  // namespace

const std::vector<Field<ShowStatementRequest>>& ShowStatementRequest::table() {
  using R = ShowStatementRequest;
  static const std::vector<Field<R>> fields{{kStatement, &R::statement}};
  return fields;
}

const std::vector<Field<CountApprovalsRequest>>& CountApprovalsRequest::table() {
  using R = CountApprovalsRequest;
  static const std::vector<Field<R>> fields{
      {kStatement, &R::statement},
      {{.name = "roster",
        .value = "FILE",
        .help = "who may approve, the roster that the statement names",
        .need = Need::kRequired},
       &R::roster},
      {{.name = "approval",
        .value = "FILE",
        .help = "a signature over the statement: SSH (.sshsig) or CMS (.p7s)"},
       &R::approval},
      {{.name = "initiator",
        .value = "IDENTITY",
        .help = "who asked for the act, and so does not count"},
       &R::initiator},
  };
  return fields;
}

namespace {

// Whoever reads the statement must not be shown another request than the one it binds.
std::optional<Json> request_beside(const std::string& path, const approval::Statement& statement) {
  const auto beside = std::filesystem::path(path).parent_path() / site::kRequestName;
  if (!is_there(beside)) return std::nullopt;
  const Bytes bytes = read_file(beside);
  if (crypto::sha256_hex(bytes) == statement.script_sha256)
    return parse_json(bytes, beside.native());
  throw Error(
      Kind::kVerification, "request-other",
      fmt::format("{} is not the request that the statement names", printable(beside.native())),
      "do not sign; find out who changed it");
}

std::string request_text(const std::optional<Json>& request) {
  if (!request) return "The request itself is not beside the statement (request.json).\n";
  std::vector<std::vector<std::string>> rows{
      {"act", printable(request->value("act", std::string()))}};
  for (const char* part : {"request", "inputs"}) {
    const Json values = request->value(part, Json::object());
    for (const auto& [name, value] : values.items()) {
      rows.push_back({printable(name),
                      printable(value.is_string() ? value.get<std::string>() : value.dump())});
    }
  }
  return "What will be done, as it was asked for (request.json, which the statement names):\n" +
         format_table(rows) + "\n";
}

}  // namespace

ShownStatement show_statement(const ShowStatementRequest& request, TimePoint now) {
  const Bytes bytes = read_file(request.statement);
  const approval::Statement statement = approval::statement_from_bytes(bytes, request.statement);
  const std::string sha256 = approval::statement_sha256(bytes);
  auto asked = request_beside(request.statement, statement);
  std::string text = approval::statement_text(bytes, request.statement, now) + "\n" +
                     request_text(asked) + "\n" +
                     approval::how_to_approve(request.statement, sha256);
  return {.path = request.statement,
          .sha256 = sha256,
          .text = std::move(text),
          .state = state_name(approval::in_force(statement, now)),
          .words = approval::spoken_sha256(sha256),
          .fields = parse_json(bytes, request.statement),
          .request = std::move(asked),
          .commands = approval::signing_commands(request.statement)};
}

Json ShownStatement::to_json() const {
  return {{"file", path},
          {"sha256", sha256},
          {"words", words},
          {"state", state},
          {"statement", fields},
          {"commands", {{"ssh", commands.ssh}, {"cms", commands.cms}}},
          {"request", request.value_or(Json(nullptr))}};
}

approval::Quorum count_approvals(const CountApprovalsRequest& request, TimePoint now) {
  const Bytes bytes = read_file(request.statement);
  const approval::Statement statement = approval::statement_from_bytes(bytes, request.statement);
  const approval::QuorumPolicy policy{.needed = statement.threshold,
                                      .initiator = request.initiator.value_or(std::string()),
                                      .initiator_counts = !request.initiator.has_value(),
                                      .longest = std::chrono::floor<std::chrono::seconds>(
                                          statement.not_after - statement.not_before)};
  std::vector<approval::ApprovalFile> files;
  for (const std::string& path : request.approval) {
    files.push_back({.name = path, .content = as_text(read_file(path))});
  }
  return approval::judge_quorum(approval::read_roster(request.roster), policy, bytes, files, now);
}

Json to_json(const approval::Quorum& quorum) {
  Json json{{"statement_sha256", quorum.statement_sha256},
            {"satisfied", quorum.satisfied()},
            {"objections", Json::array()},
            {"roles", Json::array()},
            {"files", Json::array()}};
  for (const Error& error : quorum.objections) {
    json["objections"].push_back({{"code", error.code()}, {"message", error.message()}});
  }
  for (const auto& role : quorum.roles) {
    json["roles"].push_back(
        {{"role", role.role}, {"needed", role.needed}, {"identities", role.identities}});
  }
  for (const auto& file : quorum.files) {
    json["files"].push_back({{"file", file.name},
                             {"fate", approval::fate_name(file.fate)},
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

}  // namespace keyrite::acts
