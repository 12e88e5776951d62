// The record of a data key, read and compared.
#include "dek/record.h"

#include <doctest/doctest.h>

#include "base/canonical_json.h"
#include "base/json.h"
#include "crypto/digest.h"
#include "dek/internal/refusals.h"
#include "dek/record_source.h"
#include "dek/requests.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

registry::Dek dek_of(char digit) {
  registry::Dek dek{.id = std::string(32, digit),
                    .tenant = std::string(32, 'a'),
                    .version = {std::string(32, 'b'), 2},
                    .kept = registry::Kept::kHere,
                    .wrapped = Bytes(40, 7),
                    .mechanism = "aes-kw"};
  dek.wrapped_sha256 = crypto::sha256_hex(dek.wrapped);
  return dek;
}

std::string code_of(const std::string& line) {
  return failure_of([&] { (void)dek::parse_record(line, "the line"); }).code;
}

TEST_CASE("A record is read as it was written, and every field is demanded") {
  const auto record = dek::record_of(dek_of('1'));
  const std::string line = dek::to_line(record);
  CHECK(dek::to_line(dek::parse_record(line, "it")) == line);
  CHECK(canonical_json(parse_json(as_bytes(line), "it")) + "\n" == line);
  const Json json = parse_json(as_bytes(line), "it");
  for (const auto& member : json.items()) {
    const std::string& name = member.key();
    CAPTURE(name);
    Json without = json;
    without.erase(name);
    CHECK(code_of(without.dump()) == "dek-record-invalid");
    Json other = json;
    other[name] = Json::array();
    CHECK(code_of(other.dump()) == (name == "dek" ? "dek-record-version" : "dek-record-invalid"));
  }
  Json more = json;
  more["x"] = 1;
  CHECK(code_of(more.dump()) == "dek-record-invalid");
  Json changed = json;
  changed["sha256"] = std::string(64, '0');
  CHECK(code_of(changed.dump()) == "dek-record-invalid");
}

TEST_CASE("A record that says otherwise than the registry is not the data key") {
  const auto dek = dek_of('1');
  const auto code = [&](auto change) {
    auto record = dek::record_of(dek);
    change(record);
    return failure_of([&] { dek::require_same(record, dek); }).code;
  };
  CHECK(code([](dek::Record& /*same*/) {}) == "no error");
  CHECK(code([](dek::Record& r) { r.tenant = std::string(32, 'c'); }) == "dek-record-differs");
  CHECK(code([](dek::Record& r) { r.version.number = 1; }) == "dek-record-differs");
  CHECK(code([](dek::Record& r) { r.wrap = "aes-kwp"; }) == "dek-record-differs");
  CHECK(code([](dek::Record& r) { r.wrapped[0] = 8; }) == "dek-record-differs");
}

TEST_CASE("Records come a batch at a time, whatever the file ends with") {
  const Workshop shop;
  std::string text;
  for (int i = 0; i < 5; ++i) text += dek::to_line(dek::record_of(dek_of('1')));
  text.pop_back();
  dek::RecordSource source({}, shop.put("records", as_bytes(text)));
  CHECK(source.next(3).size() == 3);
  CHECK(source.next(3).size() == 2);
  CHECK(source.next(3).empty());
  dek::RecordSource ids({"a", "b"}, std::nullopt);
  CHECK(ids.next(1).size() == 1);
  CHECK(ids.next(5).size() == 1);
  CHECK(ids.next(5).empty());
  dek::RecordSource long_line({}, shop.put("long", as_bytes(std::string(9000, 'x'))));
  CHECK(failure_of([&] { (void)long_line.next(1); }).code == "dek-record-invalid");
}

TEST_CASE("A time to live has one unit") {
  CHECK(dek::parse_ttl("90d") == std::chrono::seconds(90 * 86400));
  CHECK(dek::parse_ttl("30min") == std::chrono::seconds(1800));
  for (const char* text : {"", "d", "0d", "-1d", "1", "1w", "1d ", "99999999999999999999d"}) {
    CAPTURE(text);
    CHECK(!dek::parse_ttl(text));
  }
}

TEST_CASE("That token or registry are not well is said of no record") {
  const auto says = [](Kind kind, const char* code) {
    return dek::says_of_record(Error(kind, code, "it", "do"));
  };
  CHECK(says(Kind::kFailed, "dek-expired"));
  CHECK(says(Kind::kVerification, "data-key-record-bad"));
  CHECK(!says(Kind::kFailed, "registry-failed"));
  CHECK(!says(Kind::kConfig, "registry-damaged"));
  CHECK(!says(Kind::kToken, "token-ill"));
  CHECK(!says(Kind::kToken, "token-error"));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
