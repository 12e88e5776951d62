// Lists of wrapping keys that somebody vouches for: what is read, how old one may be, whose
// signatures count. Signed by ssh-keygen.
#include "approval/vouching_list.h"

#include <doctest/doctest.h>

#include <string>

#include "support/failure.h"
#include "unit/approval/approval_fixture.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using approval::ApprovalFile;
using std::chrono::hours;
using std::chrono::minutes;

const std::string kHash(64, 'a');
const std::string kRow =
    R"({"key": "arn:aws:kms:eu-west-1:111122223333:key/k", "sha256": ")" + kHash + R"("})";

std::string list_of(const std::string& rows, const std::string& more = {}) {
  return R"({"format": "keyrite-vouching", "version": 1, "fetched": "2026-09-20T12:00:00Z", "keys": [)" +
         rows + "]" + more + "}";
}
std::string refusal(const std::string& text) {
  return failure_of([&] { (void)approval::vouching_list_from_bytes(as_bytes(text), "list"); }).code;
}

TEST_CASE("A vouching list is read whole or refused") {
  const auto list = approval::vouching_list_from_bytes(as_bytes(list_of(kRow)), "list");
  CHECK(list.has("arn:aws:kms:eu-west-1:111122223333:key/k", kHash));
  CHECK_FALSE(list.has("arn:aws:kms:eu-west-1:111122223333:key/k", std::string(64, 'b')));
  CHECK_FALSE(list.has("arn:aws:kms:eu-west-1:111122223333:key/l", kHash));
  CHECK(refusal(list_of(kRow, R"(, "extra": 1)")) == "vouching-unknown-field");
  CHECK(refusal(list_of("")) == "vouching-invalid");
  CHECK(refusal(list_of(kRow + ", " + kRow)) == "vouching-invalid");
  CHECK(refusal(list_of(R"({"key": "k", "sha256": "AA"})")) == "vouching-invalid");
  CHECK(refusal(R"({"format": "keyrite-vouched"})") == "vouching-format");
  CHECK(refusal(R"({"format": "keyrite-vouching", "version": 2})") == "vouching-version");
  CHECK(refusal("[]") == "json-wrong-type");
}

TEST_CASE("A list is good for 24 hours, and clocks may differ by ten minutes") {
  const auto list = approval::vouching_list_from_bytes(as_bytes(list_of(kRow)), "list");
  const auto code_at = [&](auto later) {
    return failure_of([&] { approval::require_fresh(list, list.fetched + later); }).code;
  };
  CHECK(code_at(hours(0)) == "no error");
  CHECK(code_at(hours(24)) == "no error");
  CHECK(code_at(hours(24) + minutes(1)) == "vouching-expired");
  CHECK(code_at(-minutes(10)) == "no error");
  CHECK(code_at(-minutes(11)) == "vouching-not-yet");
}

TEST_CASE("Only people of the role count, each once, for these bytes and this purpose") {
  const Signers signers;
  const auto person = [&](const std::string& name, const std::string& role,
                          const std::string& more = {}) {
    return "[[approver]]\nidentity = \"" + name + "@example.org\"\nroles = [\"" + role +
           "\"]\nkeys = [\"" + signers.key(name) + "\"]\n" + more;
  };
  const auto roster = approval::parse_roster(
      as_bytes(person("fay", "fetcher") + person("fred", "fetcher") +
               person("alice", "security-officer") +
               person("old", "fetcher", "valid_until = \"2026-01-01T00:00:00Z\"\n") +
               person("young", "fetcher", "valid_from = \"2027-01-01T00:00:00Z\"\n")),
      "roster");
  (void)signers.key("mallory");
  const std::string text = list_of(kRow);
  const auto now = parse_rfc3339("2026-09-20T12:00:00Z", "now");
  const std::string space(approval::kVouchingNamespace);
  const auto by = [&](const std::string& name, const std::string& of, const std::string& purpose) {
    return ApprovalFile{name + ".sig", signers.sign(name, as_bytes(of), purpose)};
  };
  const auto count = [&](const std::vector<ApprovalFile>& files,
                         const std::vector<std::string>& excluded = {}) {
    return approval::vouchers_of(as_bytes(text), files, roster, "fetcher", excluded, now);
  };
  const auto good = count({by("fay", text, space), by("fred", text, space)});
  CHECK(good.identities == std::vector<std::string>{"fay@example.org", "fred@example.org"});
  CHECK(good.sentences.empty());
  CHECK(count({by("fay", text, space), by("fay", text, space)}).identities.size() == 1);
  CHECK(count({by("fay", text, space)}, {"FAY@example.org"}).identities.empty());
  for (const auto& file :
       {by("fay", text, "keyrite-approval@keyrite"), by("fay", text + " ", space),
        by("alice", text, space), by("mallory", text, space), by("old", text, space),
        by("young", text, space), ApprovalFile{"x", "no signature"}}) {
    CAPTURE(file.name);
    const auto found = count({file});
    CHECK(found.identities.empty());
    CHECK(found.sentences.size() == 1);
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
