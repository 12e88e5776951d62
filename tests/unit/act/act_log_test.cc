// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What an act never does to the log of its site. The site is made by hand, its log has no entry
// yet.
#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

#include "act/act_log.h"
#include "act/logged_refusal.h"
#include "base/bytes.h"
#include "base/error.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "support/failure.h"
#include "unit/transcript/log_place_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr std::string_view kSiteText = "version = 2\n";

struct LogOfSite {
  LogPlaceScene scene{};
  act::Context context{};

  LogOfSite() {
    const auto& shop = scene.scene.shop();
    shop.put(site::kConfigName, as_bytes(kSiteText));
    shop.put(site::kRegistryName, as_bytes(""));
    site::Site site{.folder = shop.folder().string(),
                    .sha256 = crypto::sha256_hex(as_bytes(kSiteText)),
                    .log_key = scene.scene.ed25519()};
    site.settings.log.origin = site.log_key.name();
    site.settings.log.last_signed = "last-signed";
    site.settings.approvals.roster = site::kRosterName;
    context.now = [] { return parse_rfc3339("2026-03-01T10:00:00Z", "now"); };
    context.note = [](std::string_view /*text*/) {};
    context.operator_name = "alice";
    context.program = "/proc/self/exe";
    context.site = act::SiteBinding{.site = site};
  }
  // At a token: the first entry is written, as init-site does it.
  void open() const {
    act::ActLog log(context, act::kOpeningAct);
    log.sign_with(scene.signer.sign);
    log.at_token({}, {});
  }
};

Error some_refusal() { return {Kind::kConfig, "some-code", "a refusal", "a hint"}; }

TEST_CASE("An entry that the next act would not take is never written") {
  const LogOfSite site;
  site.open();
  const std::string before = site.scene.log();
  act::ActLog log(site.context, "generate-kek", "not a run");
  const auto failure = failure_of([&] { log.failed(some_refusal()); });
  CHECK(failure.code == "entry-form");
  CHECK(failure.kind == Kind::kInternal);
  CHECK(failure.message.find("run") != std::string::npos);
  CHECK(site.scene.log() == before);
}

TEST_CASE("A log is not signed without its token") {
  const LogOfSite site;
  site.open();
  act::ActLog log(site.context, "generate-kek");
  log.failed(some_refusal());
  const Bytes before = site.scene.scene.shop().get("last-signed");
  const auto failure = failure_of([&] { log.sign(); });
  CHECK(failure.code == "log-key-absent");
  CHECK(failure.kind == Kind::kToken);
  CHECK(site.scene.scene.shop().get("last-signed") == before);
}

TEST_CASE("Nothing stands in a log before its first entry") {
  const LogOfSite site;
  {
    act::ActLog log(site.context, "verify-import");
    const auto refused = failure_of([&] { log.failed(some_refusal()); });
    CHECK(refused.code == "log-not-opened");
    CHECK(refused.kind == Kind::kFailed);
    const auto intended = failure_of([&] { log.intend({.act = "verify-import"}, std::nullopt); });
    CHECK(intended.code == "log-not-opened");
    CHECK_FALSE(log.intended());
  }
  CHECK(site.scene.log().empty());
  const auto told = failure_of([&] {
    act::log_refusal(site.context, {.act = "verify-import", .run = act::ActLog::new_run()},
                     some_refusal());
  });
  CHECK(told.code == "some-code");
  CHECK(told.message.find("the log has no first entry yet") != std::string::npos);
  CHECK(site.scene.log().empty());
}

TEST_CASE("An act whose site.toml changed after it was read does not begin") {
  const LogOfSite site;
  site.open();
  const std::string before = site.scene.log();
  act::ActLog log(site.context, "generate-kek");
  site.scene.scene.shop().put(site::kConfigName, as_bytes("version = 1\n"));
  const auto failure = failure_of([&] { log.intend({.act = "generate-kek"}, std::nullopt); });
  CHECK(failure.code == "policy-changed");
  CHECK(failure.kind == Kind::kConfig);
  CHECK_FALSE(log.intended());
  CHECK(site.scene.log() == before);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
