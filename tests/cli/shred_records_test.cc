// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// One batch of the records of a shred, as an act by itself: a shred gives out one after the other
// and does not read the log between them, so that each asks the registry whether it may.
#include <doctest/doctest.h>

#include <string>

#include "act/token_door.h"
#include "cli/runner_room.h"
#include "registry/registry.h"
#include "shredding/internal/shred_acts.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct Records {
  RunnerRoom site{};
  Records() {
    if (site.room().token == nullptr) return;
    (void)site.must("tenant", {"add", "Acme"});
    (void)site.must("key", {"add", "payments", "--tenant", "Acme", "--type", "aes-256"});
    (void)site.must("generate-kek", {"--tenant", "Acme", "--key", "payments"});
  }
  [[nodiscard]] registry::VersionId version() const {
    const registry::Registry registry(site.site("registry.sqlite"));
    const auto view = registry.read();
    return {view->keys.of(view->tenants.named("Acme")->id).front().id, 1};
  }
  // The code of a batch of this version.
  [[nodiscard]] std::string batch() {
    const shredding::ShredRequest request{.tenant = "Acme", .reason = "a test"};
    const auto erased = std::make_shared<std::vector<Bytes>>();
    act::Runner runner(site.context(), act::open_token_door());
    return failure_of([&] {
             (void)runner.run(shredding::erase_records(request, version(), erased), show_nothing);
           })
        .code;
  }
};

TEST_CASE("No batch of records leaves while a token has the key, or the tenant is on hold") {
  Records at;
  if (at.site.room().token == nullptr) return;
  CHECK(at.batch() == "copies-left");
  (void)at.site.must("tenant", {"hold", "Acme", "--reason", "a lawsuit", "--authority", "court"});
  CHECK(at.batch() == "legal-hold");
  (void)at.site.must("tenant", {"release", "Acme", "--reason", "it is over"});
  CHECK(at.batch() == "copies-left");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
