// Which state follows which, and what each may do: the code, the database and the page say the
// same.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include <fmt/format.h>

#include "registry/registry.h"
#include "registry/states.h"
#include "support/command.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using namespace registry;

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) lines.insert(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::set<std::string> in_code() {
  std::set<std::string> lines;
  for (const auto& one : kLegalTransitions)
    lines.insert(fmt::format("{} {} {}", word(one.subject), one.from, one.to));
  return lines;
}

TEST_CASE("Code, database and page have the same transitions") {
  const Workshop shop;
  { const Registry made(shop.put("registry.sqlite", {})); }
  CHECK(in_code().size() == kLegalTransitions.size());
  CHECK(lines_of(as_text(shop.must(
            "python3 -c \"import sqlite3; [print(*row) for row in sqlite3.connect("
            "'registry.sqlite').execute('select * from legal_transition')]\""))) == in_code());
  shop.put("page.py", as_bytes(std::string_view(R"(
import re, sys
text = open(sys.argv[1]).read()
for kind, before, after in re.findall(r'^\| (tenant|version|copy|placement) \| ([a-z-]+) \| ([a-z, -]+) \|$', text, re.M):
    for one in after.split(', '):
        print(kind, before, one)
)")));
  CHECK(lines_of(as_text(shop.must("python3 page.py '" KEYRITE_SOURCE_DIR
                                   "/docs/formats/registry.md'"))) == in_code());
}

TEST_CASE("Code and page say the same of what a version may do") {
  const Workshop shop;
  std::set<std::string> code;
  for (const auto& row : kPermissions) {
    std::string line = fmt::format("| {} |", word(row.state));
    for (const auto& answer : row.answers) line += fmt::format(" {} |", word(answer));
    code.insert(line);
  }
  CHECK(lines_of(as_text(shop.must(
            "sed -n '/| state | prove | wrap | unwrap | rewrap |/,/^$/p' '" KEYRITE_SOURCE_DIR
            "/docs/formats/registry.md' | tail -n +3"))) == code);
}

TEST_CASE("Nothing leaves what is destroyed, deleted or forgotten, and each state can be reached") {
  std::set<std::string> reached;
  for (const auto& one : kLegalTransitions) {
    CHECK_FALSE((one.subject == Subject::kVersion && one.from == "destroyed"));
    CHECK_FALSE((one.subject == Subject::kCopy && one.from == "destroyed"));
    CHECK_FALSE((one.subject == Subject::kPlacement && one.from == "deleted"));
    CHECK_FALSE((one.subject == Subject::kTenant && one.from == "forgotten"));
    CHECK(one.to != "none");
    reached.insert(fmt::format("{} {}", word(one.subject), one.to));
  }
  CHECK(reached.size() ==
        WordTable<TenantState>::words.size() + WordTable<VersionState>::words.size() +
            WordTable<CopyState>::words.size() + WordTable<PlacementState>::words.size() - 4);
}

TEST_CASE(
    "Only active wraps, compromised is read where its key's policy says so, frozen does nothing") {
  for (const auto& row : kPermissions) {
    CHECK(may(row.state, false, Use::kWrap, WhenCompromised::kRead) ==
          (row.state == VersionState::kActive));
    for (const auto use : {Use::kProve, Use::kWrap, Use::kUnwrapService, Use::kUnwrapForRewrap})
      CHECK_FALSE(may(row.state, true, use, WhenCompromised::kRead));
  }
  const auto compromised = VersionState::kCompromised;
  CHECK(may(compromised, false, Use::kUnwrapService, WhenCompromised::kRead));
  CHECK_FALSE(may(compromised, false, Use::kUnwrapService, WhenCompromised::kStop));
  CHECK(may(compromised, false, Use::kUnwrapForRewrap, WhenCompromised::kStop));
  CHECK_FALSE(may(VersionState::kSuspended, false, Use::kUnwrapForRewrap, WhenCompromised::kRead));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
