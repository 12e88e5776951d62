// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "inventory/pinned_keys.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "act/campaign.h"
#include "act/option_words.h"
#include "act/registry_replay.h"
#include "approval/operation.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/fingerprint.h"
#include "inventory/internal/rows.h"
#include "provider/key_place.h"
#include "site/layout.h"

namespace keyrite::inventory {

namespace {

using registry::DecisionId;
using registry::DecisionKind;
using registry::PinnedKey;

constexpr auto kLongestPin = std::chrono::days(366);

registry::Time pinned_until(const PinKeyRequest& request, TimePoint now) {
  const TimePoint until = act::time_given(request.until, "--until", act::DayMeans::kEnd);
  if (until > now && until - now <= kLongestPin)
    return std::chrono::floor<std::chrono::milliseconds>(until);
  throw Error(Kind::kUsage, "pin-until",
              fmt::format("--until {} is {}", format_rfc3339(until),
                          until <= now ? "in the past" : "more than 366 days ahead"),
              "give a day within 366 days; pin the key again before that day");
}

PinnedKey key_meant(const std::string& place, const std::string& sha256) {
  const auto where = provider::parse_wrapping_key_place(place);
  return {.provider = std::string(provider::provider_name(where.provider)),
          .place = where.place,
          .sha256 = crypto::plain_fingerprint(sha256, "--wrapping-key-sha256")};
}

bool is_same(const PinnedKey& one, const PinnedKey& other) {
  return one.place == other.place && one.sha256 == other.sha256;
}

// The one that was pinned for this key and place and was not ended by anybody.
std::optional<std::pair<DecisionId, PinnedKey>> standing(const registry::Stores& stores,
                                                         const PinnedKey& meant,
                                                         const registry::DecisionInLog& log) {
  std::optional<std::pair<DecisionId, PinnedKey>> latest;
  for (auto& one : stores.decisions.checked_pinned_keys(log)) {
    if (!is_same(one.second, meant) || one.second.ended) continue;
    if (!latest || latest->second.until < one.second.until) latest = std::move(one);
  }
  return latest;
}

approval::Threshold needed_for_pins(const act::Context& context) {
  return act::threshold_for(site_of(context).settings.approvals, {.act = act::kPinAct});
}

Json pinned_json(const DecisionId& id, const PinnedKey& pinned, const act::Context& context) {
  const bool holds = !pinned.ended && TimePoint(pinned.until) > context.now() &&
                     !registry::lacking_role(pinned, needed_for_pins(context));
  return {{"id", id.subject},        {"provider", pinned.provider},      {"place", pinned.place},
          {"sha256", pinned.sha256}, {"until", time_text(pinned.until)}, {"by", pinned.by},
          {"reason", pinned.reason}, {"ended", text_json(pinned.ended)}, {"holds", holds}};
}

act::LogFacts decide(registry::Stores& stores, const DecisionId& id, const PinnedKey& pinned,
                     const std::string& batch) {
  const auto decision = stores.decisions.propose(id, pinned, batch, random_id());
  return changes({act::LogFacts{{"decision", facts_of(decision)}}});
}

act::LogFacts facts_of_key(const PinnedKey& pinned) {
  return {{"provider", act::Words::of(provider::parse_provider(pinned.provider))},
          {"wrapping_key_sha256", act::Fact::sha256(pinned.sha256)},
          {"until", act::Fact(TimePoint(pinned.until))}};
}

std::string pinned_sentence(const Json& one) {
  const auto text = [&](const char* name) { return printable(one.at(name).get<std::string>()); };
  if (!one.at("holds").get<bool>())
    return fmt::format("the wrapping key {} is not pinned at {} any more", text("sha256"),
                       text("place"));
  return fmt::format("the wrapping key {} is pinned at {} until {}, by {}", text("sha256"),
                     text("place"), text("until"), text("by"));
}

act::LogFacts pin_rows(registry::Stores& stores, const PinnedKey& pinned, const std::string& batch,
                       const act::Context& context, Json& written) {
  const auto there = standing(stores, pinned, act::decisions_of(site_of(context)));
  if (there && TimePoint(there->second.until) > context.now()) {
    throw Error(Kind::kFailed, "pinned-already",
                fmt::format("the wrapping key {} is pinned at {} already, until {}", pinned.sha256,
                            printable(pinned.place), time_text(there->second.until)),
                "end that with keyrite destination unpin, then pin it again");
  }
  const DecisionId id{DecisionKind::kPinnedKey, random_id(), 0};
  written.push_back(pinned_json(id, pinned, context));
  return decide(stores, id, pinned, batch);
}

act::LogFacts unpin_rows(registry::Stores& stores, const PinnedKey& meant,
                         const std::string& reason, const std::string& batch,
                         const act::Context& context, Json& written) {
  auto there = standing(stores, meant, act::decisions_of(site_of(context)));
  if (!there) {
    throw Error(Kind::kUsage, "pin-unknown",
                fmt::format("the wrapping key {} is not pinned at {}", meant.sha256,
                            printable(meant.place)),
                "keyrite destination pinned lists the keys that are");
  }
  there->second.ended = reason;
  written.push_back(pinned_json(there->first, there->second, context));
  return decide(stores, there->first, there->second, batch);
}

// What is pinned is of no use where the policy believes no pin.
void warn_if_not_accepted(std::string_view name, const act::Context& context) {
  const auto& keys = site_of(context).settings.wrapping_keys;
  if (name != act::kPinAct || keys.accepts(WrappingKeyBasis::kPinned) || !context.warn) return;
  context.warn(
      "the site's policy does not accept pinned wrapping keys, so this pin has no effect until "
      "wrapping-keys.accepted of site.toml has \"pinned\"");
}

using WriteKey = std::function<act::LogFacts(registry::Stores& stores, const std::string& batch,
                                             const act::Context& context, Json& written)>;

act::PreparedAct prepared_key(const char* name, act::RecordedRequest recorded, const Json& what,
                              const WriteKey& write, const act::LogFacts& facts) {
  act::Intent intent{.act = name, .request = std::move(recorded)};
  return {.intent = std::move(intent), .perform = [=](act::AtWork& at) {
            const auto written = std::make_shared<Json>(Json::array());
            auto outcome =
                outcome_of("pinned", written, pinned_sentence,
                           rows_of(name, what, 1,
                                   [=, context = &at.context()](registry::Stores& stores,
                                                                const std::string& batch) {
                                     return write(stores, batch, *context, *written);
                                   }));
            outcome.facts.join(facts);
            warn_if_not_accepted(name, at.context());
            return outcome;
          }};
}

}  // namespace

act::Act pin_key(const PinKeyRequest& request) {
  return {approval::operation_named(act::kPinAct), [request](const act::Context& context) {
            (void)site_of(context);
            require_name(request.reason, "the reason to pin a wrapping key");
            PinnedKey pinned = key_meant(request.place, request.sha256);
            pinned.until = pinned_until(request, context.now());
            pinned.by = printable(context.operator_name);
            pinned.reason = request.reason;
            pinned.threshold = needed_for_pins(context);
            return prepared_key(
                act::kPinAct, act::record(request), to_json(pinned),
                [pinned](registry::Stores& stores, const std::string& batch, const act::Context& at,
                         Json& written) { return pin_rows(stores, pinned, batch, at, written); },
                facts_of_key(pinned));
          }};
}

act::Act unpin_key(const UnpinKeyRequest& request) {
  return {approval::operation_named(act::kUnpinAct), [request](const act::Context& context) {
            (void)site_of(context);
            require_name(request.reason, "the reason to unpin a wrapping key");
            const PinnedKey meant = key_meant(request.place, request.sha256);
            return prepared_key(
                act::kUnpinAct, act::record(request),
                Json::array({meant.place, meant.sha256, request.reason}),
                [=](registry::Stores& stores, const std::string& batch, const act::Context& at,
                    Json& written) {
                  return unpin_rows(stores, meant, request.reason, batch, at, written);
                },
                act::LogFacts{{"wrapping_key_sha256", act::Fact::sha256(meant.sha256)}});
          }};
}

Shown list_pinned(const ListPinnedRequest& /*request*/, const act::Context& context) {
  const auto& site = site_of(context);
  const registry::Registry registry(site.path(site::kRegistryName));
  const auto view = registry.read();
  Json list = Json::array();
  std::vector<std::vector<std::string>> rows{{"holds", "until", "wrapping key", "place"}};
  for (const auto& [id, pinned] : view->decisions.checked_pinned_keys(act::decisions_of(site))) {
    const Json& one = list.emplace_back(pinned_json(id, pinned, context));
    rows.push_back({one.at("holds").get<bool>() ? "yes" : "no", time_text(pinned.until),
                    pinned.sha256, printable(pinned.place)});
  }
  if (rows.size() == 1) return {{{"pinned", list}}, {"no wrapping key is pinned"}};
  return {{{"pinned", std::move(list)}}, {format_table(rows)}};
}

}  // namespace keyrite::inventory
