// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// At one token. What the log has as the version is destroyed, and nothing that only bears its id.
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "act/change_facts.h"
#include "act/registry_rows.h"
#include "act/tenant_key.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/text.h"
#include "keys/fresh_look.h"
#include "keys/version_objects.h"
#include "shredding/internal/shred_acts.h"

namespace keyrite::shredding {

namespace {

using keys::CanaryTried;
using keys::Seen;
using keys::Sought;
using registry::CopyState;

// One version at this token.
struct Fate {
  DoomedVersion version{};
  std::vector<std::string> copies{};  // ids of the copies here
  std::size_t destroyed{0};           // objects
  bool canary_opened{false};          // by the key itself, before it was destroyed
  std::optional<Error> refused{};     // why the token keeps one
  std::optional<Seen> seen{};         // nullopt: nobody looked
  [[nodiscard]] bool is_gone() const { return !refused && seen && seen->is_absent(); }
};

// A copy that came on record after the decision is in no list that anybody approved. One on a
// member of a cluster is reached by no serial number alone.
bool is_here(const DoomedVersion& one, const registry::Copy& copy, const std::string& serial) {
  if (!is_on_token(copy) || copy.token_serial != serial || !copy.member.empty()) return false;
  if (copy.state == CopyState::kDestructionPending) return true;
  throw Error(Kind::kVerification, "shred-token-not-named",
              fmt::format("what was approved names no copy of {} on token {}", one.text(),
                          printable(serial)),
              "nothing was destroyed there: run the same command again, and have the new list "
              "approved");
}

std::vector<Fate> fates_at(const Scope& scope, const std::string& serial) {
  std::vector<Fate> fates;
  for (const auto& one : scope.versions) {
    if (!is_condemned(one) || one.is_destroyed()) continue;
    Fate fate{.version = one};
    for (const auto& copy : one.copies) {
      if (is_here(one, copy, serial)) fate.copies.push_back(copy.id);
    }
    if (!fate.copies.empty()) fates.push_back(std::move(fate));
  }
  return fates;
}

keys::VersionOnRecord on_record(const DoomedVersion& one) {
  return {.key = one.key,
          .version = one.version,
          .check_values = one.check_values,
          .canary = one.canary};
}

// Before the first is destroyed: none of them is another key.
void require_theirs(const std::vector<Fate>& fates, act::TokenSession& token,
                    const site::Site& site) {
  for (const auto& fate : fates) keys::require_objects_of(token, on_record(fate.version), site);
}

void try_canary_of(Fate& fate, pkcs11::Session& session) {
  const auto objects = keys::objects_of(session, fate.version.version.cka_id);
  if (objects.empty()) return;
  fate.canary_opened =
      keys::try_canary(session, sought(on_record(fate.version))) == CanaryTried::kOpened;
}

// A token that keeps one does not keep the others from being destroyed.
void destroy_at(Fate& fate, pkcs11::Session& session) {
  for (const auto handle : keys::objects_of(session, fate.version.version.cka_id)) {
    try {
      session.destroy_object(handle, "shredding the key");
      ++fate.destroyed;
    } catch (const Error& error) {
      if (!fate.refused) fate.refused = error;
    }
  }
}

// How many keys the fresh process saw, and of how many of them the token told no value: a copy
// under another id and label is not recognised among these.
struct Surveyed {
  std::uint64_t objects{0};
  std::uint64_t unread{0};
};

// Nothing is said of a token at which nobody could look.
std::optional<Error> look_for(std::vector<Fate>& fates, act::AtWork& at, Surveyed& surveyed) {
  std::vector<Sought> list;
  for (const auto& fate : fates) {
    list.push_back(sought(on_record(fate.version)));
    // One that its own key did not open would open nowhere, whatever the token has.
    if (!fate.canary_opened) list.back().canary_mechanism.clear();
  }
  try {
    auto answer = keys::look_afresh(at.token(), at.context(), list);
    surveyed = {.objects = answer.objects_seen, .unread = answer.unread};
    for (std::size_t i = 0; i < fates.size(); ++i) fates[i].seen = std::move(answer.seen[i]);
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

act::Words outcome_word(const Fate& fate) {
  if (!fate.seen) return act::Words("not-looked");
  if (fate.refused) return act::Words("not-destroyed");
  return fate.seen->is_absent() ? act::Words("absent") : act::Words("still-there");
}

act::Words canary_word(const Fate& fate) {
  if (!fate.seen || fate.seen->canary == CanaryTried::kNotTried) return act::Words("not-tried");
  return fate.seen->canary == CanaryTried::kOpened ? act::Words("opened")
                                                   : act::Words("opens-nowhere");
}

act::Fact fact_of(const Fate& fate) {
  std::vector<act::Fact> found;
  if (fate.seen) {
    for (const auto& object : fate.seen->objects)
      found.push_back(act::LogFacts{
          {"id", act::Fact::id(object.id)},
          {"by", act::Words::listed(object.by, {"id", "label", "check-value", "public-half"})}});
  }
  act::LogFacts facts{{"key", act::Fact::id(fate.version.version.id.key)},
                      {"number", fate.version.version.id.number},
                      {"cka_id", act::Fact::id(to_hex(fate.version.version.cka_id))},
                      {"destroyed", fate.destroyed},
                      {"outcome", outcome_word(fate)},
                      {"found", found},
                      {"canary", canary_word(fate)}};
  if (fate.refused && fate.refused->ckr()) facts.add("answer", act::Fact::of(*fate.refused->ckr()));
  return facts;
}

std::vector<act::Fact> moves_of(const std::vector<Fate>& fates) {
  std::vector<act::Fact> list;
  for (const auto& fate : fates) {
    if (!fate.is_gone()) continue;
    for (const auto& copy : fate.copies) list.push_back(act::moved(copy, CopyState::kDestroyed));
  }
  return list;
}

std::string found_text(const Seen& seen) {
  std::vector<std::string> found;
  for (const auto& object : seen.objects)
    found.push_back(
        fmt::format("id {} (by its {})", object.id.empty() ? "none" : object.id, object.by));
  if (seen.canary == CanaryTried::kOpened) found.emplace_back("a key that opens its canary");
  return fmt::format("{}", fmt::join(found, ", "));
}

std::string sentence(const Fate& fate, const std::optional<Error>& not_looked,
                     const Surveyed& surveyed) {
  if (fate.is_gone() && surveyed.unread > 0) {
    return fmt::format(
        "destroyed, and a fresh process finds none of it; {} of {} keys there tell no value by "
        "which a copy under another id and label is recognised",
        surveyed.unread, surveyed.objects);
  }
  if (fate.is_gone()) return "destroyed, and a fresh process finds none of it";
  if (fate.refused) return "destruction pending: " + fate.refused->message();
  if (not_looked) return "destruction pending: " + not_looked->message();
  return "destruction pending: a fresh process still finds " + found_text(*fate.seen);
}

Json error_code(const Fate& fate, const std::optional<Error>& not_looked) {
  if (fate.refused) return fate.refused->code();
  return not_looked ? Json(not_looked->code()) : Json();
}

Json document_of(const std::vector<Fate>& fates, const std::string& serial,
                 const std::optional<Error>& not_looked, const Surveyed& surveyed) {
  Json list = Json::array();
  for (const auto& fate : fates) {
    Json one = act::LogFacts{{"told", fact_of(fate)}}.json().at("told");
    one["token_serial"] = serial;
    one["place"] = fmt::format("{}, token {}", fate.version.text(), printable(serial));
    one["text"] = sentence(fate, not_looked, surveyed);
    one["error"] = error_code(fate, not_looked);
    list.push_back(std::move(one));
  }
  return list;
}

act::RegistryRows rows_of(const std::vector<act::Fact>& moves) {
  return act::rows_of(kDestroyAct, Json{moves.size()}, moves.size(),
                      [moves](registry::Stores& /*stores*/, const std::string& /*batch*/) {
                        return act::changes(moves);
                      });
}

act::Outcome performed(const ShredRequest& request, const std::shared_ptr<Json>& done,
                       act::AtWork& at) {
  const auto serial = at.token().info().serial;
  const auto& site = act::required_site(at.context());
  auto fates = fates_at(read_scope(at.context(), request, logged_versions(site)), serial);
  require_theirs(fates, at.token(), site);
  for (auto& fate : fates) try_canary_of(fate, at.token().session());
  for (auto& fate : fates) destroy_at(fate, at.token().session());
  Surveyed surveyed;
  const auto not_looked = fates.empty() ? std::nullopt : look_for(fates, at, surveyed);
  std::vector<act::Fact> versions;
  for (const auto& fate : fates) versions.push_back(fact_of(fate));
  act::Outcome outcome{
      .document = document_of(fates, serial, not_looked, surveyed),
      .facts = {
          {"objects_seen", surveyed.objects}, {"unread", surveyed.unread}, {"versions", versions}}};
  const auto moves = moves_of(fates);
  if (!moves.empty()) outcome.registry = rows_of(moves);
  outcome.when_logged = [done](act::Outcome& logged, std::optional<std::uint64_t> /*entry*/) {
    for (const auto& one : logged.document) done->push_back(one);
  };
  return outcome;
}

}  // namespace

bool has_token_copy(const DoomedVersion& version) {
  return std::ranges::any_of(version.copies, is_on_token);
}

act::Act destroy(const ShredRequest& request, const std::shared_ptr<Json>& done) {
  return {approval::operation_named(kDestroyAct), [=](const act::Context& /*context*/) {
            return act::PreparedAct{
                .intent = {.act = kDestroyAct, .request = act::record(request)},
                .perform = [=](act::AtWork& at) { return performed(request, done, at); }};
          }};
}

}  // namespace keyrite::shredding
