// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A custodian's word about a medium that keyrite cannot reach: a tape, a smart card, a paper. A
// JSON file about one tenant, which a person of the roster signs by SSH or CMS. A certificate has
// it as it is, and shows it as declared, apart from what is proven. Pure values; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "approval/quorum.h"
#include "approval/roster.h"
#include "base/json.h"

namespace keyrite::certificate {

// What `ssh-keygen -Y sign -n` is told.
inline constexpr std::string_view kDeclareNamespace = "keyrite-declaration@keyrite";
inline constexpr const char* kDeclarationFormat = "keyrite-medium-declaration";
inline constexpr int kDeclarationVersion = 1;

// As a certificate has it.
struct Declaration {
  std::string by{};         // identity in the roster
  std::string text{};       // the file
  std::string signature{};  // SSH armour, or base64 of CMS in DER
};

// What the file says.
struct DeclaredWord {
  std::string by{};
  std::string sha256{};  // of the file
  std::string tenant{};  // its id
  std::string medium{};
  std::string says{};
  std::string time{};  // RFC 3339
};

// Errors kConfig: those of parse_json, "declaration-unknown-field", "declaration-invalid",
// "declaration-format", "declaration-version"; kVerification "declaration-other" (another tenant).
[[nodiscard]] DeclaredWord word_of(const Declaration& declaration, std::string_view tenant);

// `path` and its signature beside it, PATH.sig or PATH.p7s, by a person whose time in the roster,
// and whose certificate's, has the declaration's. Errors: those of word_of and read_file;
// kVerification "declaration-unsigned": no such signature, or it is not good.
[[nodiscard]] Declaration read_declaration(const std::string& path, std::string_view tenant,
                                           const approval::Roster& roster);

// Again, of a certificate. Error kVerification "declaration-unsigned": not signed by whom it names.
void require_signed(const Declaration& declaration, const DeclaredWord& word,
                    const approval::Roster& roster);

[[nodiscard]] Json to_json(const Declaration& declaration);

}  // namespace keyrite::certificate
