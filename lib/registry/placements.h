// Where keys serve at providers: destinations, and the state of each version at each. Part of a
// transaction; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/model.h"

namespace keyrite::registry {

namespace internal {
class Sql;
}  // namespace internal

class Destinations {
 public:
  explicit Destinations(internal::Sql& sql) : sql_(sql) {}

  // Written before the log knows of it. Errors kFailed "registry-row-exists" (the key serves there
  // already), "registry-constraint" (no such key).
  void add(const Destination& destination);
  // The row becomes what was decided of it (Decisions), and is retired or not any more. Returns
  // false where there is no such row. Errors as change().
  bool follow(const Destination& decided);
  // Region, algorithm and options. Errors kFailed "registry-row-changed", "registry-row-unknown".
  void change(const Destination& destination);
  // With a reason: a vault that is gone must not stop its key permanently. Errors as change().
  void retire(std::string_view id, std::string_view reason, Time time, std::int64_t revision);

  [[nodiscard]] std::optional<Destination> find(std::string_view id) const;
  [[nodiscard]] std::vector<Destination> of(std::string_view key) const;  // by id; retired too
  [[nodiscard]] std::optional<Destination> named(std::string_view key, std::string_view provider,
                                                 std::string_view account,
                                                 std::string_view container, std::string_view name,
                                                 std::string_view region) const;

 private:
  internal::Sql& sql_;
};

// What an event of a placement may say besides its state.
struct PlacementFacts {
  std::optional<Basis> basis{};  // to proven and accepted: required
  std::optional<std::string> evidence_sha256{};
  std::optional<Time> until{};  // to accepted: its end; to deletion-scheduled: the day; required
};

class Placements {
 public:
  explicit Placements(internal::Sql& sql) : sql_(sql) {}

  // Begins in asked or wrapped. Errors kFailed "transition-illegal", "registry-row-exists",
  // "registry-row-unknown" (no such version, or destination of its key); "destination-retired";
  // "version-not-for-import": a version that is suspended, deactivated, compromised, destroyed or
  // frozen gets no new place.
  void add(const Placement& placement, const Mark& mark);
  // Errors kFailed "transition-illegal", "registry-row-changed", "registry-row-unknown";
  // "placement-facts": what the state requires is not there.
  void move(const PlacementId& id, PlacementState to, std::int64_t revision, const Mark& mark,
            const PlacementFacts& facts = {});
  // What was read back from the cloud: its key, its version, the expiry of the material. Errors as
  // move(), "registry-row-exists".
  void identify(const Placement& placement);

  [[nodiscard]] std::optional<Placement> find(const PlacementId& id) const;
  [[nodiscard]] std::vector<Placement> of(const VersionId& version) const;  // by destination
  [[nodiscard]] std::vector<Placement> at(std::string_view destination) const;
  [[nodiscard]] std::vector<Placement> in(PlacementState state, std::int64_t limit) const;
  [[nodiscard]] std::vector<Placement> expiring_until(Time time, std::int64_t limit) const;
  // Versions at the destination whose cloud key is that of the placement, which may be at another
  // one (cloud_key.h): what else a command that disables it would stop. None where it has none.
  [[nodiscard]] std::vector<Placement> sharing(std::string_view destination,
                                               const Placement& with) const;
  [[nodiscard]] std::vector<StateEvent> events(const PlacementId& id) const;

 private:
  internal::Sql& sql_;
};

}  // namespace keyrite::registry
