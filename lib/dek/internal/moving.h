// Data keys that are moved to another version: which, and what becomes of their rows. One thread,
// but for move_part.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "act/log_facts.h"
#include "act/registry_rows.h"
#include "base/error.h"
#include "dek/internal/kek_bench.h"
#include "dek/open_kek.h"
#include "dek/record_source.h"

namespace keyrite::dek {

// One to be moved: the row as it was read, the bytes that are opened, and what came out.
struct Moving {
  registry::Dek dek{};
  registry::VersionId from{};
  Bytes wrapped{};
  // An earlier run moved the row, and whoever has the record did not get the new one.
  bool again{false};
  std::optional<Error> refusal{};
};
// A batch of them, to one version.
struct Movings {
  std::vector<Moving> all{};
  KekOnRecord to{};
  std::map<registry::VersionId, KekOnRecord> from{};
  [[nodiscard]] std::size_t size() const { return all.size(); }
};

// Error kFailed "dek-other-tenant", "dek-gone"; kVerification "dek-other-bytes": a row that another
// tenant has, or whose bytes are not its own, is not moved.
void require_movable(const Moving& one, const registry::Key& key);
[[nodiscard]] Moving moving_from_file(const registry::Stores& stores, const WantedDek& wanted,
                                      const registry::VersionId& to);

// At the token: the records [first, last). Errors: those of open_kek and rewrap_data_keys.
void move_part(KekBench& bench, Movings& movings, std::size_t first, std::size_t last);
// What an earlier run wrote is what comes out again, since the wraps are deterministic.
void compare_again(Movings& movings);
// Of each record that is not as it was read: one that another act moved there is `again`, any other
// is refused, kFailed "dek-changed-meanwhile". How many there are.
[[nodiscard]] std::size_t leave_changed(const registry::Stores& stores, Movings& movings);

// The row of one that was moved, with its new bytes where the registry keeps them.
[[nodiscard]] registry::Dek row_after(const Moving& one, const registry::VersionId& to,
                                      const std::string& batch);
[[nodiscard]] act::Fact fact_of_moving(const Moving& one);
[[nodiscard]] std::size_t moved_in(const Movings& movings);
// `movings` outlives them.
[[nodiscard]] act::RegistryRows rows_of_moving(std::string_view act, const Movings& movings);

// Of the records that the registry keeps under the versions that are to be left, the next ones.
class KeptRecords {
 public:
  explicit KeptRecords(std::optional<std::uint32_t> version) : version_(version) {}
  // None at the end.
  [[nodiscard]] std::vector<Moving> next(const registry::Stores& stores, const registry::Key& key,
                                         const registry::VersionId& to);
  [[nodiscard]] std::uint64_t total(const registry::Stores& stores, const registry::Key& key,
                                    const registry::VersionId& to) const;

 private:
  [[nodiscard]] bool leaves(const registry::VersionId& id, const registry::VersionId& to) const {
    return id != to && (!version_ || id.number == *version_);
  }
  std::optional<std::uint32_t> version_;
  registry::VersionId at_{};  // of the rows that were looked at last
  std::string after_{};
};

}  // namespace keyrite::dek
