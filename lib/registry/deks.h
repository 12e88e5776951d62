// Data keys, wrapped: kept here, or kept by the service with id, version and SHA-256 here. All rows
// are written in an open batch before the log entry that names its manifest. Only an active version
// that is not frozen gets a row. Part of a transaction; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "registry/model.h"

namespace keyrite::registry {

namespace internal {
class Sql;
}  // namespace internal

struct DekCount {
  VersionId version{};
  std::int64_t here{};
  std::int64_t caller{};
  std::int64_t gone{};
};
struct UnwrapCount {
  std::int64_t hour{};  // since 1970
  std::int64_t unwraps{};
};

// Which records of a version, in the order of their ids: those behind `after`, at most `limit`.
struct DekPage {
  VersionId version{};
  Kept kept{Kept::kHere};
  std::string after{};
  std::int64_t limit{1000};
};

class Deks {
 public:
  explicit Deks(internal::Sql& sql) : sql_(sql) {}

  // `revision` is not taken. Errors kFailed "version-not-active", "registry-row-exists";
  // kVerification "dek-other-bytes": wrapped_sha256 is not that of the wrapped bytes.
  void add(const Dek& dek);
  // Many, in the order of their ids.
  void add(std::span<const Dek> deks);
  // The same data key under another version, or in other bytes: version, wrapped, wrapped_sha256,
  // mechanism, parameters, batch; by the revision that was read. Errors as add(), "dek-gone",
  // "dek-other-tenant" (the version is another tenant's), "registry-row-changed",
  // "registry-row-unknown".
  void rewrap(const Dek& dek);
  // Its bytes are erased, the row says so. Errors "registry-row-changed", "registry-row-unknown".
  void mark_gone(std::string_view id, std::int64_t revision, std::string_view batch);
  // The same by the word of an entry, which has no batch of rows for it.
  void erase(std::string_view id, std::int64_t revision);
  // dek prune: the record of one whose time is over. Errors kFailed "dek-not-expired",
  // "dek-seals-credential", and as above.
  void remove_expired(std::string_view id, std::int64_t revision, Time now);

  [[nodiscard]] std::optional<Dek> find(std::string_view id) const;
  // Whether a credential is sealed under it.
  [[nodiscard]] bool seals_credential(std::string_view id) const;
  [[nodiscard]] std::vector<Dek> page(const DekPage& page) const;
  [[nodiscard]] std::vector<Dek> expired_until(Time time, std::int64_t limit) const;
  [[nodiscard]] std::vector<Dek> in_batch(std::string_view batch) const;
  [[nodiscard]] std::vector<DekCount> counts(std::string_view key) const;  // by version
  // The keys that have an active version, and data keys here under another one.
  [[nodiscard]] std::vector<std::string> keys_with_left() const;
  [[nodiscard]] bool has_left(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> holders(const VersionId& version) const;

  void count_unwraps(std::string_view tenant, std::int64_t hour, std::int64_t unwraps);
  [[nodiscard]] std::vector<UnwrapCount> unwraps_since(std::string_view tenant,
                                                       std::int64_t hour) const;

 private:
  void insert(const Dek& dek);
  void require_wrappable(const Dek& dek) const;
  internal::Sql& sql_;
};

}  // namespace keyrite::registry
