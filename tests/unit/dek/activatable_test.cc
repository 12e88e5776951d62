// What the registry asks of a version before it is activated.
#include <doctest/doctest.h>

#include "keys/validate_version.h"
#include "registry/scene.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using registry::PlacementState;
using registry::Stores;

std::optional<registry::LoggedDecision> logged_nothing(const registry::DecisionId& /*id*/,
                                                       const registry::LogEntry& /*newest*/) {
  return std::nullopt;
}

struct Waiting {
  Workshop shop{};
  Scene scene{
      [this] { return std::make_unique<registry::Registry>(shop.put("registry.sqlite", {})); }};
  std::string tenant = scene.tenant("Acme");
  std::string key = scene.key(tenant);
  registry::VersionId version = scene.waiting(key);

  void copy(registry::CopyState state) {
    scene.act([&](Stores& stores, const registry::Mark& mark) {
      stores.copies.add({.id = scene.fresh(),
                         .version = version,
                         .form = registry::CopyForm::kToken,
                         .token_serial = "serial",
                         .cka_id = from_hex(scene.fresh()),
                         .state = state},
                        mark);
    });
  }
  void place(const std::string& destination, PlacementState to,
             const registry::PlacementFacts& facts = {}) {
    const registry::PlacementId id{destination, version.number};
    scene.act([&](Stores& stores, const registry::Mark& mark) {
      const auto now = stores.placements.find(id);
      if (!now) {
        stores.placements.add({.id = id, .key = key, .state = to}, mark);
        return;
      }
      stores.placements.move(id, to, now->revision, mark, facts);
    });
  }
  std::string code(std::optional<std::int64_t> number = std::nullopt,
                   keys::Beside beside = keys::Beside::kNoActive) {
    return failure_of([&] {
             const auto view = scene.registry().read();
             (void)keys::require_activatable(*view.operator->(), view->tenants.find(tenant).value(),
                                             view->keys.find(key).value(), number, beside,
                                             at_day(20001), logged_nothing);
           })
        .code;
  }
};

TEST_CASE("A version is activated when it is on its token, and alone") {
  Waiting at;
  CHECK(at.code() == "copies-too-few");
  at.copy(registry::CopyState::kExpected);
  CHECK(at.code() == "copies-too-few");
  at.copy(registry::CopyState::kPresent);
  CHECK(at.code() == "no error");
  CHECK(at.code(7) == "version-unknown");
  at.scene.move(at.version, registry::VersionState::kActive);
  CHECK(at.code() == "version-unknown");
  CHECK(at.code(1) == "version-not-waiting");
  at.version = at.scene.waiting(at.key);
  at.copy(registry::CopyState::kPresent);
  CHECK(at.code() == "version-not-alone");
  at.scene.act([&](Stores& stores, const registry::Mark& mark) {
    stores.versions.freeze(at.version, stores.versions.find(at.version)->revision, mark.entry);
  });
  CHECK(at.code() == "version-frozen");
}

TEST_CASE("After a compromise no destination is waited for, and only then") {
  Waiting at;
  using enum registry::VersionState;
  constexpr auto kAhead = keys::Beside::kCompromised;
  const auto first = at.version;
  (void)at.scene.destination(at.key);
  at.copy(registry::CopyState::kPresent);
  CHECK(at.code({}, kAhead) == "version-not-compromised");  // there is none before
  at.scene.move(first, kActive);
  at.version = at.scene.waiting(at.key);
  CHECK(at.code({}, kAhead) == "version-not-alone");
  at.scene.move(first, kSuspended);
  CHECK(at.code({}, kAhead) == "copies-too-few");
  at.copy(registry::CopyState::kPresent);
  CHECK(at.code({}, kAhead) == "version-not-compromised");
  at.scene.move(first, kCompromised);
  CHECK(at.code({}, kAhead) == "no error");
  CHECK(at.code() == "destination-unproven");
}

TEST_CASE("Each destination has the version, proven as the policy asks, or is retired") {
  Waiting at;
  at.copy(registry::CopyState::kPresent);
  const auto first = at.scene.destination(at.key);
  CHECK(at.code() == "destination-unproven");
  at.place(first, PlacementState::kWrapped);
  at.place(first, PlacementState::kImported);
  CHECK(at.code() == "destination-unproven");
  // The strictest policy takes a cryptographic proof alone.
  at.place(first, PlacementState::kProven, {.basis = registry::Basis::kStatement});
  CHECK(at.code() == "destination-unproven");
  const auto second = at.scene.destination(at.key, "alias/other");
  at.place(second, PlacementState::kWrapped);
  at.place(second, PlacementState::kImported);
  at.place(second, PlacementState::kProven, {.basis = registry::Basis::kCryptographic});
  CHECK(at.code() == "destination-unproven");
  at.scene.act([&](Stores& stores, const registry::Mark& /*mark*/) {
    stores.destinations.retire(first, "the vault is gone", at_day(20000),
                               stores.destinations.find(first)->revision);
  });
  CHECK(at.code() == "no error");
}

TEST_CASE("An acceptance without a decision that the log has accepts nothing") {
  Waiting at;
  at.copy(registry::CopyState::kPresent);
  const auto place = at.scene.destination(at.key);
  at.place(place, PlacementState::kWrapped);
  at.place(place, PlacementState::kImported);
  at.place(place, PlacementState::kAccepted,
           {.basis = registry::Basis::kOfficer, .until = at_day(20200)});
  CHECK(at.code() == "destination-unproven");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
