// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a certificate says, as sentences: what is proven and how, what is only declared, what is
// pending, and what the document does not prove. Each sentence comes from facts.h, so that whoever
// verifies a certificate makes the same ones. While anything is pending it is an interim statement.
// Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "certificate/declaration.h"
#include "certificate/facts.h"

namespace keyrite::certificate {

inline constexpr std::string_view kCertificateKind = "certificate";
inline constexpr std::string_view kInterimKind = "interim-statement";

// By the word of the registry: the log has pseudonyms. None of a tenant that was forgotten.
struct GivenNames {
  std::optional<std::string> tenant{};
  std::map<std::string, std::string> keys{};  // by id
};

struct Statement {
  std::string kind{};
  std::string headline{};
  std::vector<std::string> proven{};
  std::vector<std::string> declared{};
  std::vector<std::string> pending{};
  std::vector<std::string> not_proven{};
  [[nodiscard]] bool is_complete() const { return pending.empty(); }
};

// What is pending in the log that these facts are of, whatever other sites say.
[[nodiscard]] std::vector<std::string> pending_here(const Facts& facts, const GivenNames& names);

[[nodiscard]] Statement statement_of(const Facts& facts, const GivenNames& names,
                                     const std::vector<DeclaredWord>& words = {});

// "version 1 of key \"payments\" (1345dc63...)", and without a name by its whole id.
[[nodiscard]] std::string version_words(const VersionRef& version, const GivenNames& names);

// Field by field, each with the number of the entry that tells of it.
[[nodiscard]] Json claims_json(const Facts& facts);

}  // namespace keyrite::certificate
