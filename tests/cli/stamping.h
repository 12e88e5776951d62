// A site with 12 signed entries, its timestamp query q.tsq, and an authority that answers it: what
// the timestamp tests share. One thread.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "cli/approved_site.h"
#include "cli/stamping_authority.h"

namespace keyrite::test {

struct Stamping {
  ApprovedSite site{};
  StampingAuthority authority{site.shop()};

  Stamping() {
    (void)site.scene().result({"timestamp", "request", "SITE", "--out", path("q.tsq")});
  }
  [[nodiscard]] std::string path(const std::string& name) { return site.scene().path(name); }
  [[nodiscard]] ProgramRun attach(const std::string& ca = {}) {
    return site.scene().run({"timestamp", "attach", "SITE", "--reply", path("r.tsr"), "--ca",
                             ca.empty() ? authority.ca() : ca, "--json"});
  }
  // The code of the error that attach ends with; nothing may be kept then.
  [[nodiscard]] std::string refusal(const std::string& ca = {}) {
    const auto run = attach(ca);
    CHECK(run.exit_code == 6);
    CHECK_FALSE(std::filesystem::exists(path("site/transcript/timestamps/12")));
    return Json::parse(run.out).at("error").at("code");
  }
};

}  // namespace keyrite::test
