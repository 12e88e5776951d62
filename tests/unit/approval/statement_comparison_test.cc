// A statement with each of its fields altered, compared with the one that is due.
#include "approval/statement_comparison.h"

#include <doctest/doctest.h>

#include <functional>
#include <set>

#include "base/json.h"
#include "support/failure.h"
#include "unit/approval/approval_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using approval::Statement;

struct Altered {
  const char* field;
  const char* code;
  std::function<void(Statement&)> change;
};

const std::vector<Altered>& all_altered_fields() {
  const auto hash = [] { return std::string(64, 'f'); };
  static const std::vector<Altered> all{
      {"version", "statement-old-version", [](auto& s) { s.version = 1; }},
      {"operation", "statement-other-request", [](auto& s) { s.operation = "shred"; }},
      {"request_sha256", "statement-other-request", [=](auto& s) { s.request_sha256 = hash(); }},
      {"names_sha256", "statement-other-names", [=](auto& s) { s.names_sha256 = hash(); }},
      {"script_sha256", "statement-other-script", [=](auto& s) { s.script_sha256 = hash(); }},
      {"operator", "statement-other-operator", [](auto& s) { s.operator_name = "eve"; }},
      {"tool_version", "statement-other-tool", [](auto& s) { s.tool_version = "9.9.9"; }},
      {"tenant_ref", "statement-other-key", [](auto& s) { s.tenant_ref = "sandbox"; }},
      {"kek_ref", "statement-other-key", [](auto& s) { s.kek_ref = std::string(32, '6'); }},
      {"kek_version", "statement-other-key", [](auto& s) { s.kek_version = 4; }},
      {"module_sha256", "statement-other-module", [=](auto& s) { s.module_sha256 = hash(); }},
      {"token_serial", "statement-other-token", [](auto& s) { s.token_serial = "9"; }},
      {"token_model", "statement-other-token", [](auto& s) { s.token_model = "other"; }},
      {"log_origin", "statement-other-log", [](auto& s) { s.log_origin = "example.org/other"; }},
      {"log_size", "statement-other-log", [](auto& s) { s.log_size = 42; }},
      {"log_root", "statement-other-log", [=](auto& s) { s.log_root = hash(); }},
      {"roster_sha256", "statement-other-roster", [=](auto& s) { s.roster_sha256 = hash(); }},
      {"threshold", "statement-other-threshold",
       [](auto& s) {
         s.threshold = {{"security-officer", 1}};
       }},
      {"not_before", "statement-not-yet-valid",
       [](auto& s) { s.not_before = parse_rfc3339("2026-03-01T12:00:01Z", "t"); }},
      {"not_after", "statement-expired",
       [](auto& s) { s.not_after = parse_rfc3339("2026-03-01T11:59:59Z", "t"); }},
      {"not_after", "statement-too-long",
       [](auto& s) { s.not_after = parse_rfc3339("2026-03-01T18:00:01Z", "t"); }},
  };
  return all;
}

approval::Due due_for_sample() {
  approval::Due due{.statement = sample_statement()};
  due.root_of = [](std::uint64_t size) -> std::optional<std::string> {
    if (size > 60) return std::nullopt;
    return std::string(64, size == 41 ? 'c' : '0');
  };
  due.at = parse_rfc3339("2026-03-01T12:00:00Z", "t");
  due.longest = std::chrono::hours(8);
  return due;
}

TEST_CASE("A statement with one field altered is another one, and the field is named") {
  CHECK(approval::differences(sample_statement(), due_for_sample()).empty());
  for (const auto& altered : all_altered_fields()) {
    CAPTURE(altered.field);
    Statement statement = sample_statement();
    altered.change(statement);
    const auto found = approval::differences(statement, due_for_sample());
    REQUIRE(found.size() == 1);
    CHECK(found[0].code() == altered.code);
    CHECK(found[0].kind() == Kind::kVerification);
    // Times say it in words.
    const std::string code = altered.code;
    const bool time = code == "statement-not-yet-valid" || code == "statement-expired";
    CHECK((time || found[0].message().find(altered.field) != std::string::npos));
    CHECK_FALSE(found[0].hint().empty());
  }
}

TEST_CASE("No field of the file is left out of that") {
  std::set<std::string> tried{"type", "ceremony_id"};  // a constant, and a random number
  for (const auto& altered : all_altered_fields()) tried.insert(altered.field);
  const Bytes bytes = approval::to_bytes(sample_statement());
  const Json fields = parse_json(bytes, "statement.json");
  CHECK(fields.size() == 22);
  for (const auto& one : fields.items()) {
    const std::string& name = one.key();
    CAPTURE(name);
    CHECK(tried.contains(name));
  }
}

TEST_CASE("A statement that outlives its import parameters, and a log that is shorter") {
  approval::Due due = due_for_sample();
  due.latest = parse_rfc3339("2026-03-01T17:59:59Z", "t");
  const auto late = approval::differences(sample_statement(), due);
  REQUIRE(late.size() == 1);
  CHECK(late[0].code() == "statement-past-parameters");
  CHECK(late[0].message().find("not_after") != std::string::npos);
  due.latest = parse_rfc3339("2026-03-01T18:00:00Z", "t");
  CHECK(approval::differences(sample_statement(), due).empty());
  Statement longer = sample_statement();
  longer.log_size = 61;
  const auto other = approval::differences(longer, due);
  REQUIRE(other.size() == 1);
  CHECK(other[0].code() == "statement-other-log");
}

TEST_CASE("The root is not asked for where something else differs, and only what is known counts") {
  approval::Due due = due_for_sample();
  bool asked = false;
  due.root_of = [&](std::uint64_t) -> std::optional<std::string> {
    asked = true;
    return std::nullopt;
  };
  Statement statement = sample_statement();
  statement.operation = "shred";
  statement.kek_ref = "other";
  CHECK(approval::differences(statement, due).size() == 2);
  CHECK_FALSE(asked);
  due.only = {"operation"};
  CHECK(approval::differences(statement, due).size() == 1);
  const auto failure = failure_of([&] { approval::require_due(statement, due, "entry 7: "); });
  CHECK(failure.code == "statement-other-request");
  CHECK(failure.message.starts_with("entry 7: the statement's operation is \"shred\""));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
