// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Where keys serve and what proves it; what people accepted by name, and until when.
#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/text.h"
#include "inventory/inventory_keys.h"
#include "report/gathering.h"

namespace keyrite::report {

namespace {

using registry::DecisionKind;

// The last entry that proved or accepted what is there: a new import begins anew.
std::optional<StateTold> proof_before(const States& states, Time before) {
  std::optional<StateTold> proof;
  for (const auto& told : states) {
    if (told.by.at >= before) continue;
    if (told.state == "imported" || told.state == "different" || told.state == "withdrawn")
      proof.reset();
    if (told.state == "proven" || told.state == "accepted") proof = told;
  }
  return proof;
}

std::string words_of(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

class Exceptions {
 public:
  Exceptions(const Account& account, const registry::Stores& stores, Names& names,
             const Period& period)
      : account_(account), stores_(stores), names_(names), period_(period) {}

  [[nodiscard]] std::optional<ExceptionFacts> of(const registry::DecisionId& id) {
    const auto decided = decided_before(account_, stores_, id, period_.to);
    if (!decided) return std::nullopt;
    ExceptionFacts facts;
    switch (id.kind) {
      case DecisionKind::kAcceptance:
        facts = acceptance(*decided);
        break;
      case DecisionKind::kPinnedKey:
        facts = pinned(*decided);
        break;
      case DecisionKind::kCampaign:
        facts = campaign(*decided);
        break;
      default:
        return std::nullopt;
    }
    facts.what = registry::word(id.kind);
    facts.told = decided->told;
    facts.ended = facts.ended || facts.until < period_.to;
    // One that was over before the period began is no exception in it.
    if (facts.until < period_.from) return std::nullopt;
    return facts;
  }

 private:
  ExceptionFacts acceptance(const DecidedDocument& decided) {
    const auto accepted = registry::acceptance(decided.document, decided.id, decided.revision);
    const auto place = account_.places().find({decided.id.subject, decided.id.number});
    const std::string key = place == account_.places().end() ? "" : place->second.key;
    const auto version = account_.versions().find({key, decided.id.number});
    return {.about = fmt::format("{} has version {} of {}", place_name(stores_, decided.id.subject),
                                 decided.id.number, names_.of_key(account_, key).text()),
            .by = accepted.by,
            .reason = accepted.reason,
            .until = accepted.until,
            // Of a version that is destroyed nothing is to be accepted any more.
            .ended = version != account_.versions().end() &&
                     is_version_over(version->second, period_.to)};
  }
  static ExceptionFacts pinned(const DecidedDocument& decided) {
    const auto pin = registry::pinned_key(decided.document, decided.id, decided.revision);
    return {.about = fmt::format("the wrapping key {}... of {} {} is not compared anew",
                                 pin.sha256.substr(0, 16), pin.provider, pin.place),
            .by = pin.by,
            .reason = pin.reason,
            .until = pin.until,
            .ended = pin.ended.has_value()};
  }
  static ExceptionFacts campaign(const DecidedDocument& decided) {
    const auto plan = registry::campaign_plan(decided.document, decided.id, decided.revision);
    return {.about = fmt::format("{} of {} keys need no approval of their own, {} times at most",
                                 words_of(plan.acts), plan.keys.size(), plan.at_most),
            .by = plan.by,
            .reason = "a plan that was approved as a whole",
            .until = plan.until,
            .ended = plan.ended.has_value()};
  }

  const Account& account_;
  const registry::Stores& stores_;
  Names& names_;
  const Period& period_;
};

}  // namespace

std::vector<PlaceFacts> places_at(const Account& account, const registry::Stores& stores,
                                  Names& names, const Period& period) {
  std::vector<PlaceFacts> places;
  for (const auto& [id, place] : account.places()) {
    const auto* end = state_at(place.states, period.to);
    if (end == nullptr) continue;
    const auto destination = stores.destinations.find(id.destination);
    places.push_back({.whose = names.of_key(account, place.key),
                      .number = id.number,
                      .where = place_name(stores, id.destination),
                      .region = destination ? destination->region : std::string(),
                      .retired = destination && destination->retired.has_value(),
                      .at_end = *end,
                      .proof = proof_before(place.states, period.to)});
  }
  std::ranges::sort(places, {}, [](const PlaceFacts& one) {
    return std::tuple(one.whose.tenant, one.whose.key, one.whose.key_id, one.where, one.number);
  });
  return places;
}

std::vector<ExceptionFacts> exceptions_of(const Account& account, const registry::Stores& stores,
                                          Names& names, const Period& period) {
  Exceptions exceptions(account, stores, names, period);
  std::vector<ExceptionFacts> found;
  for (const auto& [id, decided] : account.all_decisions()) {
    const auto kind = registry::from_word<DecisionKind>(std::get<0>(id));
    if (!kind) continue;
    if (auto facts = exceptions.of({*kind, std::get<1>(id), std::get<2>(id)}))
      found.push_back(std::move(*facts));
  }
  std::ranges::sort(found, {}, [](const ExceptionFacts& one) {
    return std::tuple(one.until, one.what, one.about);
  });
  return found;
}

}  // namespace keyrite::report
