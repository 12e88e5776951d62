// What a registry has of keys, gathered for people and programs: whose a key is, its versions,
// where each version is placed, and what that placement rests on. Plain values; reading takes a
// view of the registry. One thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/transaction.h"

namespace keyrite::inventory {

struct PlacedVersion {
  registry::Placement placement{};
  std::vector<registry::StateEvent> events{};
  // The event that proved or accepted the import that is there now, with the end and the entry of
  // the acceptance that is in force; nullopt: nothing did.
  std::optional<registry::StateEvent> verdict{};
};
struct ServedPlace {
  registry::Destination destination{};
  std::vector<PlacedVersion> placed{};  // by number
};
struct HeldKey {
  registry::Tenant tenant{};
  registry::Key key{};
  std::vector<registry::Version> versions{};  // by number
  std::vector<ServedPlace> places{};          // retired ones too

  // The key's owner, or its tenant's; nullopt: nobody answers for it.
  [[nodiscard]] std::optional<std::string> owner() const;
  [[nodiscard]] const registry::Version* active() const;  // nullptr: none is
  // Every version is destroyed, and there was one: nothing is to be done for it any more.
  [[nodiscard]] bool is_over() const;
};

// Of one tenant, by its id, or of all; by the names of tenant and key.
[[nodiscard]] std::vector<HeldKey> held_keys(const registry::Stores& stores,
                                             const std::optional<std::string>& tenant);
[[nodiscard]] HeldKey held_key(const registry::Stores& stores, const registry::Tenant& tenant,
                               registry::Key key);

// The last event that proved or accepted a placement, unless it was imported anew after it. Pure.
[[nodiscard]] std::optional<registry::StateEvent> verdict_of(
    const std::vector<registry::StateEvent>& events);
// Whether a cloud has the material of a placement in this state.
[[nodiscard]] bool holds_material(registry::PlacementState state);

// For people. Pure.
[[nodiscard]] std::string tenant_text(const registry::Tenant& tenant);  // its id if it has no name
[[nodiscard]] std::string key_text(const registry::Key& key);
[[nodiscard]] std::string day_text(registry::Time time);                           // "2027-03-01"
[[nodiscard]] std::string states_text(const std::vector<registry::Version>& all);  // "1-2 ..., 3 "
[[nodiscard]] std::string identifier_text(const registry::Destination& destination);
[[nodiscard]] std::string proof_text(const PlacedVersion& placed);
// "payments (Acme)", in words of at most `width` columns; the key's id is there where a name had
// to be cut, so that nobody takes one key for another.
[[nodiscard]] std::string whose_text(const registry::Tenant& tenant, const registry::Key& key,
                                     std::size_t width);
// Words that are longer than `width` columns cut, with "..." at their ends.
[[nodiscard]] std::string cut_words(std::string_view text, std::size_t width);

}  // namespace keyrite::inventory
