// What ties a registry to its log. What the log cannot hold (names, wrapped bytes, the documents of
// decisions) is written first, in an open batch; then the entry, which names the batch's SHA-256;
// then the batch is bound to the entry and states move, with the log's size and last leaf.
// in_order.h is that order in one function. Part of a transaction; one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "registry/model.h"

namespace keyrite::registry {

namespace internal {
class Sql;
}  // namespace internal

// A registry beside a log.
enum class Standing : std::uint8_t {
  kEqual,
  kBehind,    // resume takes over the entries that follow
  kAhead,     // the log was rolled back: refuse
  kOtherLeaf  // the registry belongs to another log: refuse
};
template <>
struct WordTable<Standing> {
  static constexpr std::array<std::string_view, 4> words{"equal", "behind", "ahead", "other-leaf"};
};

// The leaf hash of an entry that the log has, in hex.
using LeafOf = std::function<std::string(std::uint64_t seq)>;
// Of a registry that has taken over `position`, and a log of `size` entries. A registry without a
// position is one of size 0.
[[nodiscard]] Standing standing_of(const LogPosition& position, std::uint64_t size,
                                   const LeafOf& leaf_of);

class LogLink {
 public:
  explicit LogLink(internal::Sql& sql) : sql_(sql) {}

  // Size 0 when nothing was taken over yet. `origin` is the log's name.
  [[nodiscard]] LogPosition position(std::string_view origin) const;
  // Entries up to `size` are taken over. Error kVerification "log-position-backwards" when the
  // registry is further already, or as far with another leaf.
  void advance(std::string_view origin, const LogPosition& to);

  // Rows that follow in this transaction name it. Error kFailed "registry-row-exists" for a run and
  // part that are there.
  void open(const Batch& batch);
  // Once. Its entry is in the log. kSettled: the act ended without a result, and resume's own entry
  // records the batch. Error kFailed "batch-not-open".
  void bind(std::string_view batch, const LogEntry& entry, Outcome outcome = Outcome::kDone);
  // The log has no entry, and will have none: tenants, keys, destinations and decisions that were
  // proposed are removed. Errors kFailed "batch-not-open"; "batch-has-deks": wrapped keys, canaries
  // and credentials are never removed, settle them.
  void take_back(std::string_view batch);
  [[nodiscard]] std::optional<Batch> find(std::string_view batch) const;
  [[nodiscard]] std::vector<Batch> open_batches() const;  // by run and part

 private:
  internal::Sql& sql_;
};

}  // namespace keyrite::registry
