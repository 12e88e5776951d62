// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "certificate/internal/sentences.h"

namespace keyrite::certificate {

namespace {

std::string bundle_words(const VersionFacts& version, const CopyFacts& copy,
                         const GivenNames& names) {
  std::string until = "until the cloud cannot open it any more";
  if (copy.provider == "azure") {
    until = "until the wrapping key at Azure is purged, which Azure must answer";
  } else if (!copy.provider.empty()) {
    until = copy.valid_until.empty()
                ? fmt::format("until its import parameters expire, by the rule of {}",
                              provider_words(copy.provider))
                : fmt::format("until {}, when its import parameters expire, by the rule of {}",
                              copy.valid_until, provider_words(copy.provider));
  }
  return fmt::format(
      "A bundle with {} for {} was carried away (manifest SHA-256 {}, entry {}). An import of it "
      "would bring the key back, {}.",
      version_words(version.id, names), provider_words(copy.provider), copy.sha256, copy.entry,
      until);
}

void put_copies(const Facts& facts, const GivenNames& names, std::vector<std::string>& words) {
  bool any = false;
  for (const auto& version : facts.versions) {
    for (const auto& copy : version.copies) {
      if (copy.form == "bundle") {
        words.push_back(bundle_words(version, copy, names));
        any = true;
      }
      if (copy.form == "backup") {
        words.push_back(fmt::format(
            "A wrapped backup of {} was made (SHA-256 {}, entry {}; its state is {}). Whoever has "
            "it and its wrapping key has the key.",
            version_words(version.id, names), copy.sha256, copy.entry, or_unknown(copy.state)));
      }
    }
  }
  if (!any) {
    words.emplace_back(
        "Bundles: no entry here tells of one that was carried away. A wrap that was made without "
        "keyrite leaves no entry.");
  }
}

void put_origins(const Facts& facts, const GivenNames& names, std::vector<std::string>& words) {
  for (const auto& version : facts.versions) {
    if (version.origin == "logged") continue;
    words.push_back(fmt::format(
        "Origin: no entry shows that {} was made in a token of this log (the log says: {}). A copy "
        "may exist where it came from.",
        version_words(version.id, names), or_unknown(version.origin)));
  }
}

// Of these a token shows neither a check value nor the public half.
void put_curves(const Facts& facts, std::vector<std::string>& words) {
  const bool any = std::ranges::any_of(facts.keys, [](const KeyFacts& key) {
    return key.type.starts_with("ec-") || key.type.starts_with("ed25519");
  });
  if (any) {
    words.emplace_back(
        "Copies of a private key on a curve under another id and label: a token shows nothing by "
        "which they are recognised.");
  }
}

// Of other keys that tell no value, as at a token without C_DigestKey.
void put_unread(const Facts& facts, std::vector<std::string>& words) {
  for (const auto& run : facts.runs) {
    if (run.unread <= 0) continue;
    words.push_back(fmt::format(
        "Copies under another id and label in the token with serial number {}: {} of its keys told "
        "no value that could be compared (entry {}).",
        or_unknown(run.token.serial), run.unread, run.entry));
  }
}

void put_clouds(const Facts& facts, std::vector<std::string>& words) {
  if (facts.places.empty()) {
    words.emplace_back("Clouds: no entry here tells of a destination of these versions.");
    return;
  }
  words.emplace_back(
      "Clouds: what a cloud answered is its own word, as an operator brought it. A cloud that has "
      "not answered may have the key.");
}

void put_data_key_lists(const Facts& facts, std::vector<std::string>& words) {
  std::set<std::string> approved;
  for (const auto& decision : facts.decisions)
    approved.insert(fmt::format("{} {}", decision.deks, decision.dek_list_sha256));
  for (const auto& closing : facts.closings) {
    if (!closing.deks ||
        approved.contains(fmt::format("{} {}", *closing.deks, closing.dek_list_sha256)))
      continue;
    words.push_back(fmt::format(
        "Data keys: entry {} closes with another list of data keys than the one that was approved.",
        closing.entry));
  }
}

}  // namespace

std::vector<std::string> not_proven_words(const Facts& facts, const GivenNames& names) {
  std::vector<std::string> words{
      "Backups of the HSM, and tokens that were cloned from it: one that is put back has the key "
      "again.",
      "Backups of the registry: they have the wrapped data keys, which open wherever the key is."};
  put_copies(facts, names, words);
  words.emplace_back(
      "Plaintext data keys that services got before: whoever kept one still reads its data.");
  put_origins(facts, names, words);
  put_curves(facts, words);
  put_unread(facts, words);
  put_clouds(facts, words);
  put_data_key_lists(facts, words);
  words.emplace_back(
      "Operations that began before, session objects and opened data keys in other processes: they "
      "live until those end.");
  words.emplace_back(
      "Acts at the token by other programs with the same PIN: they leave no entry in this log.");
  words.emplace_back(
      "Entries that are not in this document: only the whole log shows that nothing else was done "
      "with these versions, and only a checkpoint that somebody else kept shows that there is one "
      "log.");
  return words;
}

}  // namespace keyrite::certificate
