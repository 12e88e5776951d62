// Which versions wrap and open, by their states alone.
#include <doctest/doctest.h>

#include "dek/open_kek.h"
#include "registry/scene.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using registry::Use;
using registry::VersionState;

std::optional<registry::LoggedDecision> no_decisions(const registry::DecisionId& /*id*/,
                                                     const registry::LogEntry& /*newest*/) {
  return std::nullopt;
}

struct Kept {
  Workshop shop{};
  Scene scene{
      [this] { return std::make_unique<registry::Registry>(shop.put("registry.sqlite", {})); }};
  std::string tenant = scene.tenant("Acme");
  std::string key = scene.key(tenant);
  registry::VersionId version = scene.active(key);

  void canary(const std::string& mechanism = "aes-kw") {
    scene.file([&](registry::Stores& stores, const std::string& batch) {
      stores.versions.add_canary({.version = version,
                                  .mechanism = mechanism,
                                  .content = Bytes(40),
                                  .answer_sha256 = std::string(64, 'a'),
                                  .created = at_day(20000),
                                  .batch = batch});
    });
  }
  std::string code(Use use) {
    return failure_of([&] {
             const auto view = scene.registry().read();
             (void)dek::kek_on_record(*view.operator->(), version, use, no_decisions);
           })
        .code;
  }
};

TEST_CASE("A version wraps and opens as the table of states says") {
  Kept at;
  CHECK(at.code(Use::kWrap) == "canary-missing");
  at.canary();
  CHECK(at.code(Use::kWrap) == "no error");
  CHECK(at.code(Use::kUnwrapService) == "no error");
  at.scene.move(at.version, VersionState::kSuspended);
  CHECK(at.code(Use::kWrap) == "version-not-active");
  CHECK(at.code(Use::kUnwrapService) == "version-not-opening");
  at.scene.move(at.version, VersionState::kDeactivated);
  CHECK(at.code(Use::kWrap) == "version-not-active");
  CHECK(at.code(Use::kUnwrapService) == "no error");
  // No policy in force: the strictest, which lets services read nothing of what is compromised.
  at.scene.move(at.version, VersionState::kCompromised);
  CHECK(at.code(Use::kUnwrapService) == "version-not-opening");
  CHECK(at.code(Use::kUnwrapForRewrap) == "no error");
}

TEST_CASE("A frozen version does nothing") {
  Kept at;
  at.canary();
  at.scene.act([&](registry::Stores& stores, const registry::Mark& mark) {
    stores.versions.freeze(at.version, stores.versions.find(at.version)->revision, mark.entry);
  });
  CHECK(at.code(Use::kWrap) == "version-not-active");
  CHECK(at.code(Use::kUnwrapForRewrap) == "version-not-opening");
}

TEST_CASE("A canary of another usage opens no data keys") {
  Kept at;
  at.canary("public-key");
  CHECK(at.code(Use::kWrap) == "canary-missing");
}

TEST_CASE("Without an active version nothing is wrapped") {
  Kept at;
  const auto view = at.scene.registry().read();
  auto other = view->keys.find(at.key).value();
  other.id = id_of(999);
  CHECK(failure_of([&] { (void)dek::active_kek(*view.operator->(), other, no_decisions); }).code ==
        "version-none-active");
  other.usage = registry::Usage::kEncrypt;
  CHECK(failure_of([&] { (void)dek::active_kek(*view.operator->(), other, no_decisions); }).code ==
        "key-wraps-nothing");
  CHECK(failure_of([&] {
          (void)dek::kek_on_record(*view.operator->(), {id_of(999), 1}, Use::kWrap, no_decisions);
        }).code == "kek-unknown");
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
