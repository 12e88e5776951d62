#include "approval/operation.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "approval/roster.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using approval::Policy;

TEST_CASE("Every operation has one row, whose name policy can write") {
  std::set<std::string_view> names;
  for (const auto& operation : approval::kOperations) {
    CHECK(names.insert(operation.name).second);
    CHECK(approval::is_role(operation.name));  // the same letters
    CHECK(approval::find_operation(operation.name) == &operation);
    // An act on files looks for no approval.
    if (operation.place == approval::Place::kFiles) CHECK(operation.policy == Policy::kNotAsked);
    CHECK((operation.officers == 0) == (operation.policy != Policy::kMustName));
  }
  for (const char* act : {"init-site", "resume", "token-check", "generate-kek", "wrap-for-import",
                          "trust-wrapping-key", "verify-import", "rotate", "shred", "dek"})
    CHECK(names.count(act) == 1);
}

TEST_CASE("A misspelt operation is none") {
  CHECK(approval::find_operation("shredd") == nullptr);
  CHECK(approval::find_operation("Shred") == nullptr);
  CHECK(approval::find_operation("") == nullptr);
  CHECK(approval::operation_named("shred").policy == Policy::kMustName);
  const auto failure = failure_of([] { (void)approval::operation_named("shredd"); });
  CHECK(failure.code == "operation-unknown");
  CHECK(failure.kind == Kind::kInternal);
}

TEST_CASE("By default two security officers where policy must name somebody, else nobody") {
  CHECK(approval::default_threshold(approval::operation_named("shred")) ==
        approval::Threshold{{"security-officer", 2}});
  CHECK(approval::default_threshold(approval::operation_named("trust-wrapping-key")) ==
        approval::Threshold{{"security-officer", 2}});
  CHECK(approval::default_threshold(approval::operation_named("rotate")).empty());
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
