// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Issues a certificate of key destruction, or an interim statement while anything is pending: an
// act at the token, since the log's key signs it. What it says rests on the entries that the site's
// checkpoint signs when the act begins. It may be issued again at any time. One session, one
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/act.h"
#include "act/request.h"

namespace keyrite::certificate {

inline constexpr const char* kIssueAct = "shred-certificate";
inline constexpr const char* kDocumentName = "certificate.json";
inline constexpr const char* kPageName = "certificate.html";
inline constexpr const char* kQueryName = "certificate.tsq";  // for a timestamp authority

struct IssueRequest {
  std::string tenant{};              // its name, or its id once it is forgotten
  std::optional<std::string> key{};  // the same
  std::optional<std::uint32_t> version{};
  std::string out{};                       // a new folder
  std::vector<std::string> declaration{};  // files, each with its signature beside it
  std::vector<std::string> site_result{};  // files that other sites issued
  std::vector<std::string> site_vkey{};    // the vkeys of these
  [[nodiscard]] static const std::vector<act::Field<IssueRequest>>& table();
};

// Writes certificate.json, certificate.html and certificate.tsq, verifies what it wrote, and ends
// with exit code 7 where it is an interim statement. Errors kUsage "certificate-which" (a version
// without its key), "certificate-sites" (results without vkeys, or vkeys without results),
// "tenant-unknown", "key-unknown"; those of read_roster and read_declaration;
// kFailed "certificate-nothing" (no version of the scope was condemned by an entry that is signed);
// those of gather(), of write_new_folder, of sign_note and, of what was written, of
// verify_certificate.
[[nodiscard]] act::Act issue(const IssueRequest& request);

}  // namespace keyrite::certificate
