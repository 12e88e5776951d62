// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A site with a tenant whose key serves at clouds, and stand-ins for the clouds' clients
// (scripts/rehearsal/standin) that really open what is imported. One thread.
#pragma once

#include <string>

#include "base/json.h"
#include "cli/site_room.h"

namespace keyrite::test {

class TenantCloud {
 public:
  // Tenant "Acme" with the key "payments", which has no version yet.
  explicit TenantCloud(const std::string& type = "aes-256", const std::string& usage = "wrap");

  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] const Workshop& shop() const { return scene.room().shop; }
  [[nodiscard]] std::string path(const std::string& name) const { return scene.room().path(name); }
  // A shell line with the clouds' clients on the PATH; what it prints.
  std::string cloud(const std::string& line) const;
  // A python3 program with the words, `json`, and `db`, which is the registry.
  std::string look(const std::string& program, const std::string& words = {}) const;

  // Destinations of "payments", in eu-central-1, westeurope (declared) and europe-west3.
  void serve_at_aws() const;
  void serve_at_azure() const;
  void serve_at_google() const;
  Json make_version() const;

  // Import parameters as a person fetches them, into NAME.json; the options that name them.
  [[nodiscard]] Words aws_parameters(const std::string& name,
                                     const std::string& spec = "SYMMETRIC_DEFAULT") const;
  // A second set of the same KMS key.
  [[nodiscard]] Words aws_again(const std::string& name, const std::string& of,
                                const std::string& out) const;
  [[nodiscard]] Words azure_parameters(const std::string& name) const;
  [[nodiscard]] Words google_parameters(const std::string& name) const;

  // Of wrap-for-import CLOUD --tenant Acme --key payments.
  [[nodiscard]] ProgramRun run_wrap(const std::string& cloud, const Words& more) const;
  Json wrap(const std::string& cloud, const Words& more) const;
  // verify-import answers of the bundle in the folder, with what its import.sh saved.
  Json judge(const std::string& bundle, int exit_code) const;
  // "provider state" of each placement, in the order of the providers.
  [[nodiscard]] std::string placements() const;

  SiteRoom scene{};

 private:
  void serve(const Words& words) const;
  [[nodiscard]] std::string fingerprint(const std::string& line) const;
};

}  // namespace keyrite::test
