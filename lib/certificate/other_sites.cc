// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/other_sites.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::certificate {

namespace {

[[noreturn]] void refuse(const char* code, const Verified& result, std::string_view why) {
  throw Error(Kind::kVerification, code,
              fmt::format("the result of the site {}: {}", printable(result.document.origin), why),
              "have that site issue its result of this very statement, and give its vkey as it was "
              "noted");
}

// The result's own decision under the statement: about the list that officers approved for it.
const DecisionFacts* decision_of(const Verified& result, const OtherSite& site,
                                 const std::vector<NamedSite>& sites) {
  const auto found = std::ranges::find_if(result.facts.decisions, [&](const DecisionFacts& one) {
    return !one.statement_sha256.empty() && one.statement_sha256 == site.statement_sha256 &&
           one.list_sha256 == site.named.list_sha256 && one.sites == sites;
  });
  return found == result.facts.decisions.end() ? nullptr : &*found;
}

// A document about one key of several would say nothing of the others.
void put_left_out(const Verified& result, const DecisionFacts& decision,
                  std::vector<std::string>& pending) {
  const auto is_there = [&](const VersionRef& version) {
    return std::ranges::find(result.facts.versions, version, &VersionFacts::id) !=
           result.facts.versions.end();
  };
  const bool all = std::ranges::all_of(decision.condemned, is_there) &&
                   static_cast<std::int64_t>(decision.condemned.size()) == decision.versions;
  if (!all)
    pending.emplace_back("Its result is not about all versions that the statement is about there.");
}

SiteResult result_of(const Verified& result, const DecisionFacts& decision) {
  const auto& document = result.document;
  SiteResult told{.sha256 = result.sha256,
                  .issued = document.issued,
                  .entry = decision.entry,
                  .time = decision.time,
                  .versions = result.facts.versions.size(),
                  .pending = pending_here(result.facts, document.names),
                  .proven = result.statement.proven,
                  .declared = result.statement.declared,
                  .not_proven = result.statement.not_proven};
  for (const auto& run : result.facts.runs) told.performers.push_back(run.by);
  put_left_out(result, decision, told.pending);
  return told;
}

bool is_of(const Verified& result, const OtherSite& site) {
  return result.document.origin == site.named.origin &&
         std::ranges::find(result.vkeys, site.named.vkey) != result.vkeys.end();
}

std::vector<OtherSite> named_by(const DecisionFacts& decision, const std::string& origin) {
  std::vector<OtherSite> others;
  for (const auto& one : decision.sites) {
    if (one.origin == origin) continue;
    others.push_back(
        {.named = one, .entry = decision.entry, .statement_sha256 = decision.statement_sha256});
  }
  return others;
}

}  // namespace

void add_other_sites(Facts& facts, const std::string& origin,
                     const std::vector<Verified>& results) {
  std::vector<std::size_t> uses(results.size(), 0);
  bool is_named = false;
  for (const auto& decision : facts.decisions) {
    for (auto& site : named_by(decision, origin)) {
      for (std::size_t i = 0; i < results.size(); ++i) {
        if (!is_of(results[i], site)) continue;
        is_named = true;
        const auto* const of_it = decision_of(results[i], site, decision.sites);
        if (of_it == nullptr) continue;
        if (site.result) refuse("destruction-site-other", results[i], "there is another one here");
        site.result = result_of(results[i], *of_it);
        ++uses[i];
      }
      facts.other_sites.push_back(std::move(site));
    }
  }
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (uses[i] != 0) continue;
    const bool named = std::ranges::any_of(
        facts.other_sites, [&](const OtherSite& site) { return is_of(results[i], site); });
    if (named && is_named)
      refuse("destruction-site-statement", results[i],
             "it is about another statement, or another list than the statement has for it");
    refuse("destruction-site-other", results[i],
           "no statement in this log names that site with the vkey that signed it");
  }
}

}  // namespace keyrite::certificate
