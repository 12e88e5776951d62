// Compares what a bundle says about its import with itself. A manifest has the cloud's words more
// than once (the key in the key's name, in the names and in the import parameters; the expiry in
// two places; the wrapping algorithm in the cloud's word and in ours), and import.sh and README.txt
// have them again. Each function gives one clause for people, and nothing if all agree. Whoever can
// rewrite all of them can make them agree: this finds what was changed, not who changed it. Pure,
// any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/key_type.h"
#include "base/wrapping.h"
#include "provider/expected.h"
#include "provider/provider.h"

namespace keyrite::provider {

using NamesOfImport = std::vector<std::pair<std::string, std::string>>;

struct RecordedImport {
  Provider provider{};
  Purpose purpose{};
  KeyType key_type{};
  std::string cloud_key{};        // as Expected::cloud_key
  std::string cloud_algorithm{};  // AWS KeySpec, Azure kty, Google algorithm
  NamesOfImport names{};          // as Destination::names
  WrappingAlgorithm algorithm{};
  unsigned wrapping_key_bits{};
  std::string wrapping_key_sha256{};
  Json import_parameters{};  // as to_json(ImportParameters)
  TimePoint created{};
  std::optional<TimePoint> valid_until{};
  std::string origin{};       // where the key came from, for people; empty: not said
  std::string core_sha256{};  // of the manifest; empty: it has none
};

// The import parameters have exactly the provider's members, and are of this wrapping key, of its
// size and for this algorithm.
[[nodiscard]] std::string parameters_contradiction(const RecordedImport& import);
// The cloud's key, its algorithm, the names and the import parameters speak of one key.
[[nodiscard]] std::string names_contradiction(const RecordedImport& import);
// The expiry is that of the import parameters, later than the wrap, and no later than the provider
// ever gives.
[[nodiscard]] std::string validity_contradiction(const RecordedImport& import);
// The provider takes such a key, under such a wrapping key, by such an algorithm, for this purpose.
[[nodiscard]] std::string limits_contradiction(const RecordedImport& import);
// import.sh has the core, the client, the expiry, and in every command the names of this import.
[[nodiscard]] std::string script_contradiction(const RecordedImport& import,
                                               std::string_view script);
// README.txt has the same names, expiry and core.
[[nodiscard]] std::string readme_contradiction(const RecordedImport& import,
                                               std::string_view readme);

// What no source confirms of this import: that of unverified_points and of the import's options.
[[nodiscard]] std::vector<std::string> unverified_of(const RecordedImport& import);

}  // namespace keyrite::provider
