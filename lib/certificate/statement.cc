// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "certificate/statement.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "certificate/internal/sentences.h"

namespace keyrite::certificate {

namespace {

// The words of the standard form: SP 800-88 calls it cryptographic erase.
constexpr const char* kComplete =
    "Key destruction was performed and verified. This supports cryptographic erase (NIST SP "
    "800-88) "
    "if the data was never stored in clear and no plaintext data key was kept.";
constexpr const char* kIncomplete =
    "Key destruction is not complete. This interim statement says what is done and what is "
    "pending. It is not a certificate.";

// A cloud may have the version, and nobody answered that it has it no more.
bool awaits_answer(const PlaceFacts& place) {
  static const std::set<std::string> kMayHave{
      "imported", "different", "proven", "accepted", "serving", "disabled", "deletion-scheduled"};
  return !place.retired && kMayHave.contains(place.state);
}

void put_pending_version(const Facts& facts, const VersionFacts& version, const GivenNames& names,
                         Statement& statement) {
  auto& pending = statement.pending;
  std::size_t on_tokens = 0;
  for (const auto& copy : version.copies) {
    if (copy.form != "token") continue;
    ++on_tokens;
    if (!shown_absent(facts, version, copy))
      pending.push_back(copy_pending(facts, version, copy, names));
  }
  if (on_tokens == 0) {
    pending.push_back(
        fmt::format("No entry tells on which token {} was, so none shows its absence.",
                    version_words(version.id, names)));
  }
  if (version.state != "destroyed") {
    pending.push_back(fmt::format("No entry closes {}: its state is {}.",
                                  version_words(version.id, names), or_unknown(version.state)));
  }
}

void put_pending(const Facts& facts, const GivenNames& names, Statement& statement) {
  for (const auto& version : facts.versions) put_pending_version(facts, version, names, statement);
  for (const auto& other : facts.others) {
    if (other.state == "destroyed") continue;
    statement.pending.push_back(fmt::format("{} was not condemned: its state is {} (entry {}).",
                                            capital(version_words(other.id, names)),
                                            or_unknown(other.state), other.state_entry));
  }
  for (const auto& place : facts.places) {
    if (awaits_answer(place)) statement.pending.push_back(place_pending(place, names));
  }
  if (facts.versions.empty()) statement.pending.emplace_back("No version was condemned.");
}

std::string at_site(const OtherSite& site, const std::string& sentence) {
  return fmt::format("At the site {}, by its log: {}", site.named.origin, sentence);
}

void put_all_at(const OtherSite& site, const std::vector<std::string>& sentences,
                std::vector<std::string>& to) {
  for (const auto& sentence : sentences) to.push_back(at_site(site, sentence));
}

void put_other_pending(const Facts& facts, Statement& statement) {
  for (const auto& site : facts.other_sites) {
    if (site.result) {
      put_all_at(site, site.result->pending, statement.pending);
    } else {
      statement.pending.push_back(fmt::format(
          "The statement of entry {} names the site {} too, and no result of that site is here.",
          site.entry, site.named.origin));
    }
  }
}

void put_other_proven(const Facts& facts, Statement& statement) {
  for (const auto& site : facts.other_sites) {
    if (!site.result) continue;
    statement.proven.push_back(fmt::format(
        "The site {}, whose vkey the statement with SHA-256 {} names, took that statement on {} "
        "(entry {} of its log). Its log's key signed its result, which is in this document and has "
        "the SHA-256 {}.",
        site.named.origin, site.statement_sha256, site.result->time, site.result->entry,
        site.result->sha256));
    put_all_at(site, site.result->proven, statement.proven);
  }
}

// What is said of each log alike is said once.
void put_other_words(const Facts& facts, Statement& statement) {
  for (const auto& site : facts.other_sites) {
    if (!site.result) continue;
    put_all_at(site, site.result->declared, statement.declared);
    for (const auto& sentence : site.result->not_proven) {
      if (std::ranges::find(statement.not_proven, sentence) == statement.not_proven.end())
        statement.not_proven.push_back(at_site(site, sentence));
    }
  }
}

void put_proven(const Facts& facts, const GivenNames& names, Statement& statement) {
  for (const auto& decision : facts.decisions) statement.proven.push_back(decision_words(decision));
  for (const auto& run : facts.runs) {
    for (const auto& look : run.looks) statement.proven.push_back(look_words(run, look, names));
  }
  for (const auto& closing : facts.closings) statement.proven.push_back(closing_words(closing));
  for (const auto& version : facts.versions) {
    if (version.origin == "logged") {
      statement.proven.push_back(fmt::format("{} was made in a token of this log (entry {}).",
                                             capital(version_words(version.id, names)),
                                             version.made.value_or(0)));
    }
  }
}

std::string custodian_words(const DeclaredWord& word) {
  return fmt::format(
      "{} declared on {} of the medium \"{}\": \"{}\". The declaration with SHA-256 {} is signed; "
      "nothing in the log shows what became of the medium.",
      word.by, word.time, word.medium, word.says, word.sha256);
}

void put_declared(const Facts& facts, const GivenNames& names,
                  const std::vector<DeclaredWord>& words, Statement& statement) {
  auto& declared = statement.declared;
  for (const auto& word : words) declared.push_back(custodian_words(word));
  if (names.tenant || !names.keys.empty())
    declared.emplace_back("The names come from the site's registry. The log has pseudonyms.");
  for (const auto& place : facts.places) declared.push_back(place_declared(place, names));
  declared.emplace_back(
      "Who performed each act is the operator's own word. The log names who approved; the "
      "signatures are in an export of the log, not here.");
  declared.emplace_back(
      "Model, firmware and serial number are what the token says of itself. This document names "
      "no validation certificate of it.");
}

}  // namespace

std::string version_words(const VersionRef& version, const GivenNames& names) {
  constexpr std::size_t kDigits = 8;  // as many as tell keys of one tenant apart
  const auto name = names.keys.find(version.key);
  if (name == names.keys.end())
    return fmt::format("version {} of key {}", version.number, version.key);
  return fmt::format("version {} of key \"{}\" ({}...)", version.number, name->second,
                     version.key.substr(0, kDigits));
}

std::vector<std::string> pending_here(const Facts& facts, const GivenNames& names) {
  Statement statement;
  put_pending(facts, names, statement);
  return statement.pending;
}

Statement statement_of(const Facts& facts, const GivenNames& names,
                       const std::vector<DeclaredWord>& words) {
  Statement statement;
  put_pending(facts, names, statement);
  put_other_pending(facts, statement);
  put_proven(facts, names, statement);
  put_other_proven(facts, statement);
  put_declared(facts, names, words, statement);
  statement.not_proven = not_proven_words(facts, names);
  put_other_words(facts, statement);
  const bool complete = statement.is_complete();
  statement.kind = complete ? kCertificateKind : kInterimKind;
  statement.headline = complete ? kComplete : kIncomplete;
  return statement;
}

}  // namespace keyrite::certificate
