// Which acts work on files stands twice: a log is verified without policy, and a policy is read
// without a log.
#include <doctest/doctest.h>

#include "approval/operation.h"
#include "transcript/event.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("A log and a policy know the same acts on files") {
  for (const auto& operation : approval::kOperations) {
    CAPTURE(operation.name);
    CHECK(transcript::is_act_on_files(operation.name) ==
          (operation.place == approval::Place::kFiles));
  }
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
