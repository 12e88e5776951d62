// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The copy of a tenant's names that a controller keeps when a site forgets them (docs/formats/
// registry.md): what the registry had, what people typed that names the tenant, and the names
// beside approvals. The log has its SHA-256. Reads and writes files; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "registry/transaction.h"
#include "site/site.h"

namespace keyrite::shredding {

inline constexpr const char* kNameCopyFormat = "keyrite-forgotten-tenant";
inline constexpr int kNameCopyVersion = 1;
inline constexpr const char* kNameCopyName = "forgotten.json";

// Paths of the site's files that have the name as a word: in texts/, and approvals' names.json.
struct NamedFiles {
  std::vector<std::string> texts{};
  std::vector<std::string> approvals{};
};
// Errors: those of read_file.
[[nodiscard]] NamedFiles named_files(const site::Site& site, const std::string& name);

struct NameCopy {
  Bytes content{};  // canonical JSON
  std::string sha256{};
};
[[nodiscard]] NameCopy name_copy(const registry::Stores& stores, const site::Site& site,
                                 const registry::Tenant& tenant, const std::string& time);

// Of a copy that a run wrote into `folder`, before it was killed: when. nullopt: there is nothing.
// Error kUsage "output-exists": there is something else.
[[nodiscard]] std::optional<std::string> time_of_left_copy(const std::string& folder);
// Whether the copy in `folder` is this one.
[[nodiscard]] bool is_in(const NameCopy& copy, const std::string& folder);

// Of a copy in `folder` that has this name: the tenant's id. nullopt: there is none, or of another.
struct CopiedTenant {
  std::string id{};
  std::string sha256{};  // of the copy
};
[[nodiscard]] std::optional<CopiedTenant> tenant_in_copy(const std::string& folder,
                                                         const std::string& name);

// The tenant's name, by the copy in `folder`. Errors kVerification "name-copy-other": it is not the
// copy with this SHA-256; those of read_file.
[[nodiscard]] std::string name_in_copy(const std::string& folder, const std::string& sha256);

}  // namespace keyrite::shredding
