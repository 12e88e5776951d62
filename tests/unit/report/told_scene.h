// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A registry, and what the entries of a log tell beside it, both made by hand: Acme's key payments.
// One thread.
#pragma once

#include <memory>
#include <string>

#include "base/json.h"
#include "registry/scene.h"
#include "report/gathering.h"
#include "support/command.h"

namespace keyrite::test {

struct ToldScene {
  Workshop shop{};
  std::string path{shop.put("registry.sqlite", {})};
  Scene scene{[this] { return std::make_unique<registry::Registry>(path); }};
  std::string tenant{scene.tenant("Acme")};
  std::string key{scene.key(tenant)};
  report::Reading reading{};
  std::uint64_t next{10};

  // An entry of the act on this day, with these facts.
  std::uint64_t tell(const std::string& act, std::int64_t day, const Json& facts,
                     bool vouched = true) {
    reading.account.take({.act = act,
                          .batch = "b",
                          .mark = {.at = at_day(day), .actor = "olga", .entry = {next, ""}},
                          .facts = facts},
                         vouched);
    return next++;
  }
  static Json changes(const Json& one) { return {{"changes", Json::array({one})}}; }
  void tell_made(std::int64_t day) {
    tell("tenant-add", day, changes({{"tenant", tenant}, {"state", "active"}}), false);
    tell("key-add", day,
         changes({{"key", key}, {"tenant", tenant}, {"type", "aes-256"}, {"usage", "wrap"}}),
         false);
  }
  std::uint64_t tell_version(std::int64_t number, const std::string& state, std::int64_t day,
                             const std::string& act = "key-activate", bool vouched = true) {
    return tell(act, day,
                changes({{"version", {{"key", key}, {"number", number}, {"state", state}}}}),
                vouched);
  }
  [[nodiscard]] report::Report report_of(std::int64_t from, std::int64_t to) {
    const registry::View view = scene.registry().read();
    return report::gathered(reading, reading.account, *view.operator->(),
                            {at_day(from), at_day(to)}, at_day(to));
  }
};

}  // namespace keyrite::test
