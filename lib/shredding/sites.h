// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// A shred at several sites under one statement. Each site lists what would go there, with every
// token that has a copy; the statement that officers approve has all of these lists, and each site
// takes that statement once, and only for the list that it has itself. Plain values; the functions
// read and write files, one thread.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/request.h"
#include "base/json.h"
#include "shredding/loss.h"

namespace keyrite::shredding {

inline constexpr int kSiteListVersion = 1;

// What shred is asked for about other sites: where things are, so no part of what is approved.
struct SitesRequest {
  std::optional<std::string> site_list{};  // a new file: what would go here
  std::vector<std::string> other_site{};   // such files of other sites
  std::vector<std::string> other_vkey{};   // the vkeys of these, as they were noted
  std::optional<std::string> statement{};  // the folder of a statement of another site
  [[nodiscard]] static const std::vector<act::Field<SitesRequest>>& table();
};

// Errors kUsage "shred-sites": two of these at once, or a site without a vkey and the other way
// round, or one of them beside what shreds nothing.
void require_sense(const SitesRequest& sites, const ShredRequest& request);

struct NamedToken {
  std::string serial{};
  std::string member{};  // of a cluster; empty: the token is one
  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the comparison with 0 for a pointer
  friend auto operator<=>(const NamedToken&, const NamedToken&) = default;
};
// Each token that has a copy of a version that is not destroyed, once.
[[nodiscard]] std::vector<NamedToken> tokens_of(const Scope& scope);
[[nodiscard]] Json to_json(const std::vector<NamedToken>& tokens);

// What a statement says of one site.
struct ListedSite {
  std::string origin{};  // of its log
  std::string vkey{};    // that signs its log
  std::string list_sha256{};
  std::int64_t versions{};
  std::int64_t deks{};
  std::string dek_list_sha256{};
  std::int64_t credentials{};
  std::vector<NamedToken> tokens{};
};
[[nodiscard]] ListedSite listed_site(const act::Context& context, const Listed& found);
[[nodiscard]] Json to_json(const ListedSite& site);

// The file of --site-list: canonical JSON and LF. Errors: those of write_new_file.
void write_site_list(const std::string& path, const ListedSite& site);

// Such a file of another site: by itself nobody vouches for it. Errors: those of read_file and
// parse_json; kConfig "shredlist-format", "shredlist-version", "shredlist-unknown-field",
// "shredlist-invalid".
[[nodiscard]] ListedSite read_site_list(const std::string& path);

// What the statement has of sites, by their origins: null where it is about this one alone. Errors:
// those of read_site_list; kUsage "shred-sites" (a site twice); kVerification "shred-site-vkey"
// (the vkey in a list is none that was given). Of a statement of another site those of
// read_statement_files and require_agreement; kVerification "shred-site-not-named",
// "shred-token-not-named" (it names other tokens of this site); kFailed "shred-changed" (this
// site's list is another one now).
[[nodiscard]] Json sites_of(const act::Context& context, const SitesRequest& sites,
                            const Listed& found);

// Puts the statement of another site, with its request and its names, where approvals of this site
// are looked for; its signatures are given as any others. Errors kVerification
// "shred-statement-other": it is no statement of a shred for several sites, or not whole; those of
// read_statement_files and require_agreement.
void take_statement(const act::Context& context, const std::string& folder);

// The other sites that the approved decisions about these versions name: their origins. Errors:
// those of transcript::read_log.
[[nodiscard]] std::vector<std::string> other_sites(const site::Site& site, const Scope& scope);

}  // namespace keyrite::shredding
