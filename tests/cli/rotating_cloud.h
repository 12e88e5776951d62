// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The key "payments" of TenantCloud on its rotations: what an operator runs at the token, and what
// a person runs at the connected machine with what came from there. One thread.
#pragma once

#include <string>

#include "cli/tenant_cloud.h"

namespace keyrite::test {

struct RotatingCloud {
  TenantCloud site;
  std::string clock{};  // "+25h": rotate, fetch.sh and import.sh run then, by libfaketime
  explicit RotatingCloud(const std::string& type = "aes-256", const std::string& usage = "wrap")
      : site(type, usage) {}

  [[nodiscard]] bool ready() const { return site.ready(); }
  // Destinations of a MAC key of 32 bytes, besides AWS.
  void mac_at_azure() const;
  void mac_at_google() const;
  [[nodiscard]] Words in(const std::string& option, const std::string& folder) const {
    return {option, site.path(folder)};
  }
  // rotate --tenant Acme --key payments, and what it says of the key.
  [[nodiscard]] ProgramRun run(const Words& words) const;
  Json rotate(const Words& words, int exit_code = 0) const;
  // The same words with the approvals of two officers, after a run that waited for them.
  [[nodiscard]] Words approved(const Words& words) const;
  // fetch.sh of each folder in `asks`; the fingerprints as the connected machine shows them.
  [[nodiscard]] Words fetch(const std::string& asks) const;
  // --output ASKS, fetch.sh, --parameters ASKS --output OUT.
  Json ask_and_make(const std::string& asks, const std::string& out) const;
  Json make(const std::string& asks, const std::string& out) const;
  // import.sh of each bundle but those that verify another, or are the switch.
  void import(const std::string& bundles) const;
  // One script of the connected machine; whether it ended well.
  [[nodiscard]] bool runs(const std::string& script) const;
  // An officer accepts the waiting version there.
  void accept(const std::string& provider, const std::string& destination) const;
  // "1 active; 2 pre-activation;"
  [[nodiscard]] std::string states() const;

 private:
  [[nodiscard]] std::string shell() const;
};

}  // namespace keyrite::test
