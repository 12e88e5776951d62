// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "shredding/sites.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/statement_files.h"
#include "act/tenant_key.h"
#include "approval/statement.h"
#include "base/canonical_json.h"
#include "base/document.h"
#include "base/error.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "base/text_file.h"
#include "site/layout.h"
#include "transcript/entry_fields.h"
#include "transcript/layout.h"
#include "transcript/log_reader.h"
#include "transcript/note.h"
#include "transcript/vkey_file.h"

namespace keyrite::shredding {

namespace {

namespace fs = std::filesystem;

constexpr DocumentKind kListKind{"keyrite-shred-list", kSiteListVersion, "shredlist"};

[[noreturn]] void refuse_request(const std::string& why) {
  throw Error(
      Kind::kUsage, "shred-sites", why,
      "give --site-list FILE where another site asks for the approvals; there --other-site "
      "FILE with --other-vkey VKEY; and --statement FOLDER where it was approved elsewhere");
}

std::int64_t number_in(const JsonView& value) {
  const std::int64_t number = value.integer();
  if (number < 0 || number > kLargestJsonInteger) refuse_value(value, kListKind, "no such number");
  return number;
}

std::vector<NamedToken> tokens_in(const JsonView& value) {
  std::vector<NamedToken> tokens;
  for (const auto& item : value.items()) {
    require_only(item, kListKind, {"serial", "member"});
    tokens.push_back({.serial = one_line_text(item.at("serial"), kListKind),
                      .member = text_or_empty(item, "member", kListKind)});
  }
  if (!std::ranges::is_sorted(tokens) || std::ranges::adjacent_find(tokens) != tokens.end())
    refuse_value(value, kListKind, "not in order, or one twice");
  return tokens;
}

ListedSite site_in(const JsonView& value) {
  require_only(value, kListKind,
               {"credentials", "data_key_list_sha256", "data_keys", "list_sha256", "origin",
                "tokens", "versions", "vkey"});
  return {.origin = one_line_text(value.at("origin"), kListKind),
          .vkey = one_line_text(value.at("vkey"), kListKind),
          .list_sha256 = sha256_text(value.at("list_sha256"), kListKind),
          .versions = number_in(value.at("versions")),
          .deks = number_in(value.at("data_keys")),
          .dek_list_sha256 = sha256_text(value.at("data_key_list_sha256"), kListKind),
          .credentials = number_in(value.at("credentials")),
          .tokens = tokens_in(value.at("tokens"))};
}

std::set<std::string> given_vkeys(const SitesRequest& sites) {
  std::set<std::string> vkeys;
  for (const auto& one : sites.other_vkey) {
    for (const auto& key : transcript::vkeys_given(one)) vkeys.insert(key.text());
  }
  return vkeys;
}

// Whoever carried the list could have put a key of his own into it.
void require_vkey(const ListedSite& site, const std::string& path,
                  const std::set<std::string>& given) {
  const auto of_it = transcript::NoteKey::parse(site.vkey);
  if (given.contains(site.vkey) && of_it.name() == site.origin) return;
  throw Error(Kind::kVerification, "shred-site-vkey",
              fmt::format("{} names the site {} with a vkey that was not given", printable(path),
                          printable(site.origin)),
              "give with --other-vkey the vkey that was noted when that site was made, and find "
              "out who changed the list if it has another");
}

Json sorted(std::vector<ListedSite> all) {
  std::ranges::sort(all, {}, &ListedSite::origin);
  if (std::ranges::adjacent_find(all, {}, &ListedSite::origin) != all.end())
    refuse_request("one site is given twice");
  Json list = Json::array();
  for (const auto& one : all) list.push_back(to_json(one));
  return list;
}

[[noreturn]] void not_named(std::string code, const std::string& why) {
  throw Error(Kind::kVerification, std::move(code), why,
              "nothing was destroyed: have a statement approved that names what is there now");
}

// What the statement says of this site is what this site has.
void require_named(const Json& list, const ListedSite& here) {
  std::vector<std::string> origins;
  for (const auto& item : list) {
    const ListedSite named = site_in(JsonView(item, "the statement's list of sites"));
    origins.push_back(printable(named.origin));
    if (named.origin != here.origin || named.vkey != here.vkey) continue;
    if (named.tokens != here.tokens)
      not_named("shred-token-not-named",
                fmt::format("the statement names the tokens {} of {}, and copies are on {}",
                            to_json(named.tokens).dump(), printable(here.origin),
                            to_json(here.tokens).dump()));
    if (to_json(named) == to_json(here)) return;
    throw Error(Kind::kFailed, "shred-changed",
                fmt::format("what would be shredded at {} is not what was approved",
                            printable(here.origin)),
                "nothing was destroyed: write the list of this site anew, and have it approved");
  }
  not_named("shred-site-not-named",
            fmt::format("the statement is for the sites {}, and not for {} with the vkey of its "
                        "log",
                        fmt::join(origins, ", "), printable(here.origin)));
}

constexpr const char* kCopyAnew =
    "copy the folder of the statement anew from the site that asked for the approvals";

[[noreturn]] void other_statement(const std::string& folder, std::string_view why) {
  throw Error(Kind::kVerification, "shred-statement-other",
              fmt::format("{}: {}", printable(folder), why), kCopyAnew);
}

// The statement of another site, whole.
act::StatementFiles statement_in(const std::string& folder) {
  auto files =
      act::read_statement_files((fs::path(folder) / site::kStatementName).native(), kCopyAnew);
  act::require_agreement(files, kCopyAnew);
  if (!files.request || !files.names)
    other_statement(folder, "its request.json or its names.json is not there");
  if (files.statement.version != approval::kStatementVersion)
    other_statement(folder, "it is of a version that names no names.json");
  return files;
}

Json sites_in(const act::StatementFiles& files, const std::string& folder) {
  Json list = transcript::entry_object(*files.request, "inputs").value("sites", Json());
  if (!list.is_array() || list.empty() ||
      transcript::entry_text(*files.request, "act") != kShredAct)
    other_statement(folder, "it is no statement of a shred for several sites");
  return list;
}

}  // namespace

void require_sense(const SitesRequest& sites, const ShredRequest& request) {
  const bool others = !sites.other_site.empty();
  if (others == sites.other_vkey.empty())
    refuse_request("--other-site and --other-vkey are given together, or not at all");
  const int ways = (sites.site_list ? 1 : 0) + (others ? 1 : 0) + (sites.statement ? 1 : 0);
  const bool shreds = !request.unfreeze && !request.waive && !request.forget;
  if (ways > 1 || (ways == 1 && !shreds))
    refuse_request("only one thing about other sites is done at once, and only by a shred");
}

std::vector<NamedToken> tokens_of(const Scope& scope) {
  std::set<NamedToken> tokens;
  for (const auto& one : scope.versions) {
    if (one.is_destroyed()) continue;
    for (const auto& copy : one.copies) {
      if (is_on_token(copy)) tokens.insert({copy.token_serial, copy.member});
    }
  }
  return {tokens.begin(), tokens.end()};
}

Json to_json(const std::vector<NamedToken>& tokens) {
  Json list = Json::array();
  for (const auto& one : tokens) {
    Json token{{"serial", one.serial}};
    if (!one.member.empty()) token["member"] = one.member;
    list.push_back(std::move(token));
  }
  return list;
}

ListedSite listed_site(const act::Context& context, const Listed& found) {
  const auto& site = act::required_site(context);
  return {.origin = site.settings.log.origin,
          .vkey = site.log_key.text(),
          .list_sha256 = found.loss.list_sha256,
          .versions = found.loss.versions,
          .deks = found.loss.deks,
          .dek_list_sha256 = found.loss.dek_list_sha256,
          .credentials = found.loss.credentials,
          .tokens = tokens_of(found.scope)};
}

Json to_json(const ListedSite& site) {
  return {{"origin", site.origin},           {"vkey", site.vkey},
          {"list_sha256", site.list_sha256}, {"versions", site.versions},
          {"data_keys", site.deks},          {"data_key_list_sha256", site.dek_list_sha256},
          {"credentials", site.credentials}, {"tokens", to_json(site.tokens)}};
}

void write_site_list(const std::string& path, const ListedSite& site) {
  const Json whole{
      {"format", kListKind.format}, {"version", kListKind.version}, {"site", to_json(site)}};
  write_new_file(path, as_bytes(canonical_json(whole) + "\n"));
}

ListedSite read_site_list(const std::string& path) {
  const Json json = parse_json(read_file(path), path);
  const JsonView whole(json, path);
  require_kind(whole, kListKind);
  require_only(whole, kListKind, {"format", "site", "version"});
  return site_in(whole.at("site"));
}

Json sites_of(const act::Context& context, const SitesRequest& sites, const Listed& found) {
  const ListedSite here = listed_site(context, found);
  if (sites.statement) {
    Json list = sites_in(statement_in(*sites.statement), *sites.statement);
    require_named(list, here);
    return list;
  }
  if (sites.other_site.empty()) return {};
  const auto vkeys = given_vkeys(sites);
  std::vector<ListedSite> all{here};
  for (const auto& path : sites.other_site) {
    all.push_back(read_site_list(path));
    require_vkey(all.back(), path, vkeys);
  }
  return sorted(std::move(all));
}

void take_statement(const act::Context& context, const std::string& folder) {
  const auto files = statement_in(folder);
  (void)sites_in(files, folder);
  const fs::path own =
      fs::path(act::required_site(context).path(site::kApprovalsName)) / files.sha256;
  if (is_there(own / site::kStatementName)) return;
  write_new_folder(own, {{.name = site::kStatementName, .content = files.bytes},
                         {.name = site::kRequestName, .content = *files.request_bytes},
                         {.name = site::kNamesName, .content = *files.names_bytes}});
}

namespace {

// Of the intents of shred that name sites, those whose result is one of `decided`.
class SitesTold {
 public:
  SitesTold(std::set<std::uint64_t> decided, std::string own)
      : decided_(std::move(decided)), own_(std::move(own)) {}

  void take(std::uint64_t index, std::string_view line) {
    if (line.find("\"shred\"") == std::string_view::npos) return;
    const Json entry = parse_json(as_bytes(line), "entry");
    const std::string run = transcript::entry_text(entry, "run");
    const Json sites = transcript::entry_object(entry, "inputs").value("sites", Json::array());
    for (const auto& one : sites) by_run_[run].insert(transcript::entry_text(one, "origin"));
    if (!decided_.contains(index)) return;
    for (const auto& origin : by_run_[run]) {
      if (origin != own_) found_.insert(origin);
    }
  }
  [[nodiscard]] std::vector<std::string> found() const { return {found_.begin(), found_.end()}; }

 private:
  std::set<std::uint64_t> decided_;
  std::string own_;
  std::map<std::string, std::set<std::string>> by_run_{};
  std::set<std::string> found_{};
};

}  // namespace

std::vector<std::string> other_sites(const site::Site& site, const Scope& scope) {
  std::set<std::uint64_t> decided;
  for (const auto& one : scope.versions) {
    if (one.condemned_by) decided.insert(*one.condemned_by);
  }
  if (decided.empty()) return {};
  SitesTold told(std::move(decided), site.settings.log.origin);
  transcript::read_log(transcript::log_of(site.path(site::kTranscriptName)),
                       [&](std::uint64_t index, std::string_view line) {
                         told.take(index, line);
                         return true;
                       });
  return told.found();
}

}  // namespace keyrite::shredding
