// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "imports/wrapping_key_basis.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/campaign.h"
#include "act/registry_replay.h"
#include "act/tenant_key.h"
#include "approval/vouching_list.h"
#include "base/file.h"
#include "base/ownership.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "provider/key_place.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::imports {

namespace {

using approval::ApprovalFile;

// Of a vouched key's evidence: the list, the roster, the signatures.
constexpr std::size_t kRosterPlace = 1;
constexpr std::size_t kFirstSignature = 2;

std::string until_text(const registry::PinnedKey& pinned) { return format_rfc3339(pinned.until); }

Error ended(const registry::PinnedKey& pinned) {
  return {Kind::kVerification, "wrapping-key-pin-ended",
          fmt::format("the wrapping key {} is not pinned at {} any more: {}", pinned.sha256,
                      printable(pinned.place),
                      pinned.ended ? "keyrite destination unpin ended it"
                                   : "it was pinned until " + until_text(pinned)),
          "compare the key over a second channel, or pin it again: keyrite destination pin"};
}

Error other_key(const std::string& place, const std::string& sha256, const std::string& pinned) {
  return Error(Kind::kVerification, "wrapping-key-not-pinned",
               fmt::format("the wrapping key of the import parameters has the fingerprint {}, and "
                           "at {} another key is pinned",
                           sha256, printable(place)),
               "if the cloud has a new key, compare it over a second channel and pin it: keyrite "
               "destination pin; if not, find out who changed the parameters")
      .with_compared({.expected = pinned, .found = sha256});
}

Error too_few_approved(const registry::PinnedKey& pinned, const std::string& role,
                       std::uint64_t needed) {
  const auto approved = pinned.threshold.find(role);
  return {Kind::kVerification, "pin-too-few",
          fmt::format("the policy wants {} of role {} for a pinned key, and {} approved that the "
                      "wrapping key {} is pinned at {}",
                      needed, printable(role),
                      approved == pinned.threshold.end() ? 0 : approved->second, pinned.sha256,
                      printable(pinned.place)),
          "keyrite destination unpin, then keyrite destination pin with the approvals that the "
          "policy wants now"};
}

// Of all that was ever pinned at this place.
PinFinding judged(const std::vector<std::pair<registry::DecisionId, registry::PinnedKey>>& all,
                  const std::string& place, const std::string& sha256,
                  const approval::Threshold& needed, TimePoint now) {
  PinFinding found;
  for (const auto& [id, pinned] : all) {
    if (pinned.place != place) continue;
    const bool holds = !pinned.ended && TimePoint(pinned.until) > now;
    const auto role = registry::lacking_role(pinned, needed);
    if (pinned.sha256 == sha256 && holds && role) {
      found.why_not = too_few_approved(pinned, *role, needed.at(*role));
      continue;
    }
    if (pinned.sha256 == sha256 && holds) {
      return {.key =
                  BelievedKey{.sha256 = sha256,
                              .basis = WrappingKeyBasis::kPinned,
                              .pin = id.subject,
                              .who = {fmt::format("{}, until {}", pinned.by, until_text(pinned))}}};
    }
    if (pinned.sha256 == sha256) found.why_not = ended(pinned);
    if (pinned.sha256 != sha256 && holds && !found.why_not)
      found.why_not = other_key(place, sha256, pinned.sha256);
  }
  return found;
}

Bytes roster_bytes(const site::Site& site) {
  const std::string path = site.path(site.settings.approvals.roster);
  if (!is_there(path)) {
    throw Error(Kind::kConfig, "roster-missing",
                fmt::format("fetchers vouch for the wrapping key, and the site has no roster {}",
                            printable(path)),
                "write the roster (docs/formats/approval.md), with the fetchers in it");
  }
  require_ours_alone(path);
  return read_file(path);
}

// Who runs the act brings the files, so that his own word is none.
std::vector<std::string> carriers(const approval::Roster& roster, const act::Context& context) {
  if (context.site->site.settings.approvals.initiator_counts) return {};
  std::vector<std::string> people{approval::require_person(roster, context.operator_name)};
  if (context.user.empty()) return people;
  people.push_back(approval::person_named(roster, context.user).value_or(context.user));
  return people;
}

[[noreturn]] void too_few(const approval::Vouchers& found, std::uint64_t needed) {
  std::string text =
      fmt::format("{} of {} fetchers signed the vouching list", found.identities.size(), needed);
  for (const auto& sentence : found.sentences) text += "\n" + sentence;
  throw Error(Kind::kVerification, "vouching-unsigned", text,
              fmt::format("each fetcher signs the list where it was fetched:\n    ssh-keygen -Y "
                          "sign -n {} -f KEY LIST",
                          approval::kVouchingNamespace));
}

std::string cloud_key_of(const provider::ImportParameters& parameters) {
  const auto* of_aws = std::get_if<provider::aws::ImportParameters>(&parameters);
  return of_aws != nullptr ? of_aws->key_id : std::string();
}

[[noreturn]] void not_in_list(const approval::VouchingList& list, const std::string& key,
                              const std::string& sha256) {
  const auto of_key = std::ranges::find(list.keys, key, &approval::VouchedKey::key);
  const bool there = of_key != list.keys.end();
  Error error(
      Kind::kVerification, "wrapping-key-not-vouched",
      fmt::format("the vouching list has {} \"{}\", not with the wrapping key {}",
                  there ? "other wrapping keys of" : "no wrapping key of", printable(key), sha256),
      "nothing was wrapped under this key; have parameters and list fetched again, and find out "
      "who "
      "changed them");
  if (!there) throw Error(std::as_const(error));
  throw std::move(error).with_compared({.expected = of_key->sha256, .found = sha256});
}

}  // namespace

std::string BelievedKey::text() const {
  const auto name = wrapping_key_basis_name(basis);
  return who.empty() ? std::string(name) : fmt::format("{}, by {}", name, fmt::join(who, " and "));
}

act::LogFacts log_facts(const std::vector<BelievedKey>& keys) {
  std::vector<act::Fact> list;
  for (const auto& key : keys) {
    act::LogFacts facts{{"sha256", act::Fact::sha256(key.sha256)},
                        {"basis", act::Words::of(key.basis)}};
    if (!key.pin.empty()) facts.add("pin", act::Fact::id(key.pin));
    if (!key.vouching_sha256.empty()) {
      std::vector<act::Fact> signatures;
      for (std::size_t i = kFirstSignature; i < key.evidence.size(); ++i)
        signatures.push_back(act::Fact::sha256(crypto::sha256_hex(key.evidence[i])));
      facts.add("vouching_sha256", act::Fact::sha256(key.vouching_sha256))
          .add("vouching_roster_sha256",
               act::Fact::sha256(crypto::sha256_hex(key.evidence.at(kRosterPlace))))
          .add("vouching_signatures", signatures)
          .add("fetchers", key.who.size());
    }
    list.emplace_back(facts);
  }
  return {{"wrapping_keys", list}};
}

void require_accepted(WrappingKeyBasis basis, const act::Context& context) {
  const auto settings =
      context.site ? context.site->site.settings.wrapping_keys : site::WrappingKeySettings{};
  if (settings.accepts(basis)) return;
  std::string words;
  for (const auto one : settings.accepted)
    words += fmt::format("{}{}", words.empty() ? "" : ", ", wrapping_key_basis_name(one));
  throw Error(Kind::kFailed, "wrapping-key-basis-refused",
              fmt::format("the wrapping key would be {}, and the site's policy accepts: {}",
                          wrapping_key_basis_name(basis), words),
              "bring what the policy accepts; docs/formats/site.md describes [wrapping-keys]");
}

PinFinding find_pin(const provider::ImportParameters& parameters, const act::Context& context) {
  const auto place = provider::wrapping_key_place(parameters);
  if (place.empty() || !context.site) return {};
  const auto& site = context.site->site;
  if (!site.settings.wrapping_keys.accepts(WrappingKeyBasis::kPinned)) return {};
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  return judged(view->decisions.checked_pinned_keys(act::decisions_of(site)), place,
                provider::wrapping_key(parameters).sha256(),
                act::threshold_for(site.settings.approvals, {.act = act::kPinAct}), context.now());
}

BelievedKey vouched_key(const BroughtVouching& brought,
                        const provider::ImportParameters& parameters, const act::Context& context) {
  const auto& site = act::required_site(context);
  require_accepted(WrappingKeyBasis::kVouched, context);
  const auto list = approval::vouching_list_from_bytes(brought.list, brought.name);
  approval::require_fresh(list, context.now());
  const auto& settings = site.settings;
  const auto roster_file = roster_bytes(site);
  const auto roster = approval::parse_roster(roster_file, site.path(settings.approvals.roster));
  const auto found = approval::vouchers_of(
      brought.list, brought.signatures, roster, site::kFetcherRole, carriers(roster, context),
      context.now(), {.user_verified = settings.approvals.require_user_verification});
  const auto needed = settings.wrapping_keys.fetchers;
  if (found.identities.size() < needed) too_few(found, needed);
  const auto sha256 = provider::wrapping_key(parameters).sha256();
  const auto key = cloud_key_of(parameters);
  if (key.empty() || !list.has(key, sha256)) not_in_list(list, key, sha256);
  BelievedKey believed{.sha256 = sha256,
                       .basis = WrappingKeyBasis::kVouched,
                       .vouching_sha256 = crypto::sha256_hex(brought.list),
                       .evidence = {brought.list, roster_file},
                       .who = found.identities};
  for (const auto& file : found.files)
    believed.evidence.emplace_back(file.content.begin(), file.content.end());
  return believed;
}

}  // namespace keyrite::imports
