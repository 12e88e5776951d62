// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The acts of --forget, each by what registry and log have when it is performed. One thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "shredding/requests.h"
#include "shredding/scope.h"

namespace keyrite::shredding {

// Of a tenant that may be forgotten now.
struct Forgettable {
  registry::Tenant tenant{};
  Scope scope{};  // without versions, where its keys never had one
  std::size_t waived{0};
};
// Errors: those of Forgetting::next.
[[nodiscard]] Forgettable forgettable(const registry::Stores& stores, const site::Site& site,
                                      const registry::Tenant& tenant);

// What else names the tenant, and is reached from here by nobody: for people.
[[nodiscard]] std::vector<std::string> still_named(const Scope& scope);

// By its name, or by its id. Error kUsage "tenant-unknown".
[[nodiscard]] registry::Tenant tenant_meant(const registry::Stores& stores,
                                            const std::string& word);

// The copy is written, then the names leave the registry's rows. Officers approve it as they do a
// shred. Errors kUsage "copy-in-site", "shred-not-confirmed"; those of forgettable() and
// write_new_folder.
[[nodiscard]] act::Act forget(const ShredRequest& request);

// What people typed and what is beside approvals goes, where it has the name; the registry's file
// is written anew, and the site's files are searched for the name. `done`: what was found. Error
// kFailed "name-left": it is in the registry's file, and in no row.
[[nodiscard]] act::Act erase_name(const std::string& tenant, const std::string& name,
                                  const std::shared_ptr<Json>& done);

// Of the log, for which its key vouches; nullopt: the tenant was not forgotten.
struct LoggedForgetting {
  std::uint64_t entry{};
  std::string copy_sha256{};
  std::optional<std::uint64_t> finished{};  // the entry by which its files were searched
};
[[nodiscard]] std::optional<LoggedForgetting> logged_forgetting(const site::Site& site,
                                                                const std::string& tenant);

}  // namespace keyrite::shredding
