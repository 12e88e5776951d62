#include <doctest/doctest.h>

#include <string>

#include "approval/statement.h"
#include "crypto/digest.h"
#include "support/failure.h"
#include "unit/approval/approval_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

std::string text_of(const approval::Statement& statement) {
  return as_text(approval::to_bytes(statement));
}

std::string refusal(const std::string& text) {
  return failure_of([&] {
           static_cast<void>(approval::statement_from_bytes(as_bytes(text), "statement.json"));
         })
      .code;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

TEST_CASE(
    "A statement's bytes are those that python3 writes, and the way back gives the statement") {
  const Workshop shop;
  approval::Statement statement = sample_statement();
  statement.tenant_ref = "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x94\x91 \"quoted\" \\ / \x7f";
  statement.token_model = "tab\t line\n return\r \b\f \x01 \x1f <&>";
  statement.log_size = (std::uint64_t{1} << 53U) - 1;
  statement.threshold = {{"security-officer", 2}, {"auditor", 1}, {"a-role", 10}};
  const Bytes bytes = approval::to_bytes(statement);
  shop.put("statement.json", bytes);
  const Bytes python = shop.must(
      "/usr/bin/python3 -c 'import json,sys; sys.stdout.buffer.write(json.dumps(json.load("
      "open(\"statement.json\",encoding=\"utf-8\")),sort_keys=True,separators=(\",\",\":\"),"
      "ensure_ascii=False).encode(\"utf-8\"))'");
  CHECK(as_text(python) == as_text(bytes));
  CHECK(approval::statement_from_bytes(bytes, "statement.json") == statement);
  CHECK(approval::statement_sha256(bytes) ==
        as_text(shop.must("sha256sum statement.json")).substr(0, 64));
}

TEST_CASE("A statement's bytes are these") {
  CHECK(text_of(sample_statement()) ==
        R"({"ceremony_id":"000102030405060708090a0b0c0d0e0f","kek_ref":")" + std::string(32, '5') +
            R"(","kek_version":3,"log_origin":"example.org/keyrite/site-1","log_root":")" +
            std::string(64, 'c') + R"(","log_size":41,"module_sha256":")" + std::string(64, 'b') +
            R"(","names_sha256":")" + std::string(64, 'e') +
            R"(","not_after":"2026-03-01T18:00:00Z","not_before":"2026-03-01T10:00:00Z",)"
            R"("operation":"wrap-for-import","operator":"olga","request_sha256":")" +
            std::string(64, 'a') + R"(","roster_sha256":")" + std::string(64, 'd') +
            R"(","script_sha256":"","tenant_ref":"acme","threshold":{"security-officer":2},)"
            R"("token_model":"SoftHSM v2","token_serial":"0123456789","tool_version":"0.1.0",)"
            R"("type":"keyrite-approval-statement","version":2})");
}

TEST_CASE("A statement of version 1 is read as it was written, and written so again") {
  const std::string text =
      R"({"ceremony_id":"000102030405060708090a0b0c0d0e0f","kek_label":"acme-payments",)"
      R"("kek_version":3,"log_origin":"example.org/keyrite/site-1","log_root":")" +
      std::string(64, 'c') + R"(","log_size":41,"module_sha256":")" + std::string(64, 'b') +
      R"(","not_after":"2026-03-01T18:00:00Z","not_before":"2026-03-01T10:00:00Z",)"
      R"("operation":"wrap-for-import","roster_sha256":")" +
      std::string(64, 'd') + R"(","script_sha256":")" + std::string(64, 'a') +
      R"(","tenant_ref":"acme","threshold":{"security-officer":2},)"
      R"("token_model":"SoftHSM v2","token_serial":"0123456789","tool_version":"0.1.0",)"
      R"("type":"keyrite-approval-statement","version":1})";
  const auto statement = approval::statement_from_bytes(as_bytes(text), "statement.json");
  CHECK(statement.version == 1);
  CHECK(statement.kek_label == "acme-payments");
  // What it called the script was the request.
  CHECK(statement.request_sha256 == std::string(64, 'a'));
  CHECK(statement.script_sha256.empty());
  CHECK(text_of(statement) == text);
  const auto with = [&](const std::string& what, const std::string& instead) {
    return refusal(replaced(text, what, instead));
  };
  CHECK(with(R"("operation":"wrap-for-import",)",
             R"("operation":"wrap-for-import","operator":"olga",)") == "statement-unknown-field");
  CHECK(with(R"("kek_label":"acme-payments",)", "") == "statement-missing-field");
}

TEST_CASE("Bytes of the same meaning in another form are refused") {
  const std::string good = text_of(sample_statement());
  const std::string other = "statement-not-canonical";
  CHECK(refusal(good) == "no error");
  CHECK(refusal(good + "\n") == other);
  CHECK(refusal(" " + good) == other);
  CHECK(refusal(replaced(good, ":3,", ": 3,")) == other);
  CHECK(refusal(replaced(good, "\"acme\"", "\"\\u0061cme\"")) == other);
  CHECK(refusal(replaced(good, "site-1", "site\\/1")) == other);
  CHECK(refusal(replaced(good, "T18:00:00Z", "T19:00:00+01:00")) == other);
  CHECK(refusal(replaced(good, "T18:00:00Z", "T18:00:00.0Z")) == other);
  std::string moved = replaced(good, "\"version\":2}", "\"zz\":1}");
  moved = replaced(moved, ",\"zz\":1", "");
  CHECK(refusal(replaced(moved, "{\"ceremony_id\"", "{\"version\":2,\"ceremony_id\"")) == other);
}

TEST_CASE("Each field that is not as it must be is refused by its code") {
  const std::string good = text_of(sample_statement());
  const auto with = [&](const std::string& what, const std::string& instead) {
    return refusal(replaced(good, what, instead));
  };
  CHECK(refusal("") == "statement-invalid");
  CHECK(refusal("[]") == "statement-invalid");
  CHECK(refusal(good + "{}") == "statement-invalid");
  CHECK(with("\"version\":2", "\"version\":2,\"version\":2") == "statement-invalid");
  CHECK(with("\"keyrite-approval-statement\"", "\"other\"") == "statement-type");
  CHECK(with("\"version\":2", "\"version\":0") == "statement-version");
  CHECK(with("\"version\":2", "\"version\":3") == "statement-version");
  CHECK(with("\"version\":2", "\"version\":2,\"zz\":1") == "statement-unknown-field");
  CHECK(with("\"version\":2", "\"version\":1") == "statement-unknown-field");
  CHECK(with(",\"tenant_ref\":\"acme\"", "") == "statement-missing-field");
  CHECK(with("\"type\":\"keyrite-approval-statement\",", "") == "statement-missing-field");
  const std::string field = "statement-field";
  CHECK(with("\"acme\"", "null") == field);
  CHECK(with(":3,", ":3.0,") == field);
  CHECK(with(":3,", ":-3,") == field);
  CHECK(with(":3,", ":9007199254740992,") == field);
  CHECK(with("000102", "00010A") == field);
  CHECK(with("000102", "0102") == field);
  CHECK(with(std::string(64, 'a'), std::string(63, 'a')) == field);
  CHECK(with("wrap-for-import", "") == field);
  CHECK(with("olga", "") == field);
  CHECK(with("\"script_sha256\":\"\"", "\"script_sha256\":\"00\"") == field);
  CHECK(with("{\"security-officer\":2}", "{}") == field);
  CHECK(with("{\"security-officer\":2}", "2") == field);
  CHECK(with("\"security-officer\":2", "\"security-officer\":0") == field);
  CHECK(with("\"security-officer\":2", "\"Officer\":2") == field);
  CHECK(with("2026-03-01T18:00:00Z", "2026-03-01T10:00:00Z") == field);
  CHECK(with("2026-03-01T18:00:00Z", "soon") == field);
}

TEST_CASE("A statement that cannot be written is refused before it is signed") {
  const auto code = [](const auto& change) {
    approval::Statement statement = sample_statement();
    change(statement);
    return failure_of([&] { static_cast<void>(approval::to_bytes(statement)); }).code;
  };
  CHECK(code([](auto& s) { s.tenant_ref = "\xff"; }) == "statement-field");
  CHECK(code([](auto& s) { s.tenant_ref = std::string(1, '\0'); }) == "statement-field");
  CHECK(code([](auto& s) { s.not_before += std::chrono::microseconds(1); }) == "statement-field");
  CHECK(code([](auto& s) { s.threshold.clear(); }) == "statement-field");
  CHECK(code([](auto& s) { s.threshold["security-officer"] = 0; }) == "statement-field");
  CHECK(code([](auto& s) { s.tenant_ref.clear(); }) == "no error");
}

TEST_CASE("A statement holds from its first second to its last") {
  const approval::Statement statement = sample_statement();
  const auto at = [&](const char* when) {
    const auto error = approval::out_of_force(statement, parse_rfc3339(when, "now"));
    return error ? error->code() : "no error";
  };
  CHECK(at("2026-03-01T09:59:59Z") == "statement-not-yet-valid");
  CHECK(at("2026-03-01T10:00:00Z") == "no error");
  CHECK(at("2026-03-01T18:00:00Z") == "no error");
  CHECK(at("2026-03-01T18:00:01Z") == "statement-expired");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
