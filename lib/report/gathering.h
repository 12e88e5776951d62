// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// From what a log tells and what a registry has beside it to the facts of a report. The log decides
// what there is and what became of it; the registry says how it is called. Where the two do not
// agree the report says so. Reads a view; one thread.
#pragma once

#include <optional>
#include <string>

#include "registry/transaction.h"
#include "report/facts.h"
#include "report/reading.h"

namespace keyrite::report {

// What of a registry a report needs, looked up once.
class Names {
 public:
  explicit Names(const registry::Stores& stores) : stores_(stores) {}
  [[nodiscard]] Whose of(const KeyTold& key, const std::string& id);
  [[nodiscard]] Whose of_key(const Account& account, const std::string& id);
  [[nodiscard]] std::string tenant(const std::string& id);

 private:
  const registry::Stores& stores_;
  std::map<std::string, std::string> tenants_{};
};

// All but `log`, `made`, `tool` and `framework`. `whole`: what the log tells as far as the registry
// has taken it over (account_until).
[[nodiscard]] Report gathered(const Reading& reading, const Account& whole,
                              const registry::Stores& stores, const Period& period, Time now);

// The parts of it.
[[nodiscard]] std::vector<VersionFacts> versions_at(const Account& account, Names& names,
                                                    const Period& period);
[[nodiscard]] std::vector<RotationFacts> rotations_of(const Account& account,
                                                      const registry::Stores& stores, Names& names,
                                                      const Period& period);
[[nodiscard]] std::vector<PlaceFacts> places_at(const Account& account,
                                                const registry::Stores& stores, Names& names,
                                                const Period& period);
[[nodiscard]] std::vector<ExceptionFacts> exceptions_of(const Account& account,
                                                        const registry::Stores& stores,
                                                        Names& names, const Period& period);
[[nodiscard]] std::vector<ShredFacts> shreds_of(const Account& account,
                                                const registry::Stores& stores, Names& names,
                                                const Period& period);
[[nodiscard]] std::vector<UnwrapDay> unwraps_of(const Account& account, const Period& period);

// Where a registry does not have what the log tells, and what changed after the checkpoint.
struct Compared {
  std::vector<std::string> wrong{};
  std::vector<UnsignedChange> not_signed{};
};
// `signed_entries`: how many the checkpoint signs.
[[nodiscard]] Compared compared(const Account& whole, std::uint64_t signed_entries,
                                const registry::Stores& stores, Names& names);

// The document of a decision that the log told of before `before`, as the registry has it and with
// the SHA-256 that the log has; nullopt: none was told, or the registry does not have it.
struct DecidedDocument {
  registry::DecisionId id{};
  std::int64_t revision{};
  std::string document{};
  Source told{};
};
[[nodiscard]] std::optional<DecidedDocument> decided_before(const Account& account,
                                                            const registry::Stores& stores,
                                                            const registry::DecisionId& id,
                                                            Time before);
// "aws 111122223333 alias/acme"; its id where the registry does not know it.
[[nodiscard]] std::string place_name(const registry::Stores& stores, const std::string& id);
[[nodiscard]] bool is_version_over(const VersionTold& told, Time before);  // destroyed

}  // namespace keyrite::report
