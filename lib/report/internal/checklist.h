// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// How the items of a checklist come about, one kind after the other. Reads a view; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "report/account.h"
#include "report/offboarding.h"

namespace keyrite::report {

// How far the destruction of a key has come.
struct Shred {
  bool any{false};       // there is material
  bool over{true};       // all of it is destroyed
  std::uint64_t last{};  // entry that destroyed the last of it
};

class Checklist {
 public:
  Checklist(const Account& whole, const registry::Stores& stores, const registry::Tenant& tenant)
      : whole_(whole),
        stores_(stores),
        tenant_(tenant),
        hold_(stores.decisions.hold_on(tenant.id)) {}

  [[nodiscard]] Leaving of(std::optional<Time> given) &&;

 private:
  // As a word of a command: its name, or its id when it was forgotten.
  [[nodiscard]] std::string whose() const;
  [[nodiscard]] std::string shred_command(std::string_view more = {}) const;
  [[nodiscard]] std::string since_request() const;
  [[nodiscard]] const StateTold* tenant_state() const;
  [[nodiscard]] bool is_in(std::string_view state) const;

  // Whoever asked first waits longest.
  void take_request(Time at, const char* from, std::optional<Source> by);

  void find_request(std::optional<Time> given);

  void add_state();

  void add_hold();

  void add_credentials();

  // Data keys that share a fate, and who was given them, as text.
  struct Held {
    std::uint64_t deks{0};
    std::set<std::string> holders{};
  };
  // Who has data keys that will not open any more, or do not.
  void add_holders();
  void add_held(const registry::Key& key, const Held& held, std::string_view what);

  [[nodiscard]] Shred shred_of(const std::string& key) const;

  void add_shred(const registry::Key& key);

  [[nodiscard]] std::optional<Source> destroyed_by(const std::string& key) const;

  // How far the shred of a key has come.
  void stand(const std::string& key, LeavingItem& item) const;

  void add_places();

  [[nodiscard]] LeavingItem place_item(const registry::PlacementId& id, const PlaceTold& place,
                                       const StateTold& state) const;

  static std::optional<Time> time_of_text(const std::string& text);

  [[nodiscard]] std::string key_name(const std::string& id) const;

  // What left in a file is nobody's to destroy from here.
  void add_copies();

  void add_certificate();

  void add_names();

  const Account& whole_;
  const registry::Stores& stores_;
  const registry::Tenant& tenant_;
  std::optional<registry::Hold> hold_;
  std::optional<std::string> shred_shown_{};  // the command
  bool all_over_{true};
  bool any_material_{false};
  bool places_over_{true};
  std::uint64_t last_destroyed_{};
  std::uint64_t last_place_{};
  Leaving leaving_{};
};

[[nodiscard]] inline std::optional<Source> source_of(const StateTold* told) {
  return told == nullptr ? std::nullopt : std::optional(told->by);
}

}  // namespace keyrite::report
