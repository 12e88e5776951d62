// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a report says: made of the signed entries of a log, each row with the entry that it rests
// on; names, owners and the documents of decisions are the registry's. Plain values; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "inventory/alerts.h"
#include "inventory/due.h"
#include "report/account.h"
#include "report/frameworks.h"
#include "report/period.h"

namespace keyrite::report {

// For people, and the ids that the log has.
struct Whose {
  std::string tenant{};
  std::string tenant_id{};
  std::string key{};
  std::string key_id{};
  [[nodiscard]] std::string text() const { return key + " (" + tenant + ")"; }
};

struct KeyFacts {
  Whose whose{};
  std::string type{};
  std::string usage{};
  Source made{};
};

struct VersionFacts {
  Whose whose{};
  std::int64_t number{};
  std::optional<StateTold> at_start{};
  std::optional<StateTold> at_end{};
  bool frozen{false};  // at the end
};

struct Activation {
  std::int64_t number{};
  Source by{};
};
struct RotationFacts {
  Whose whose{};
  std::optional<std::int64_t> period_days{};  // nullopt: the registry has no document of the policy
  std::vector<Activation> activations{};      // in the period
  std::optional<Activation> serving{};        // the version that is active or suspended at the end
  std::int64_t age_days{};                    // of it, at the end
  std::optional<Time> due{};
  bool overdue{false};
  std::string reason{};  // why it is overdue, or why there is nothing to be due
};

struct PlaceFacts {
  Whose whose{};
  std::int64_t number{};
  std::string where{};
  std::string region{};
  bool retired{false};
  StateTold at_end{};
  std::optional<StateTold> proof{};  // the entry that proved or accepted what is there
};

struct ExceptionFacts {
  std::string what{};  // "acceptance", "pinned-key", "campaign"
  std::string about{};
  std::string by{};
  std::string reason{};
  Time until{};
  bool ended{false};  // before its end, or it was over at the end of the period
  Source told{};
};

struct ShredFacts {
  Whose whose{};
  std::int64_t number{};
  std::string stands{};  // "frozen", "approved", "pending", "destroyed"
  Source by{};
  std::vector<std::string> waits{};  // for what
};

struct UnwrapDay {
  std::string day{};
  std::int64_t count{};
  std::uint64_t first{};  // entries
  std::uint64_t last{};
  bool vouched{true};  // all of them
};

// Something that changed after the checkpoint: no signed entry says so yet.
struct UnsignedChange {
  std::string text{};
  std::uint64_t entry{};
};

// How the log was verified.
struct LogFacts {
  std::string origin{};
  std::uint64_t size{};
  std::string root{};
  std::string checkpoint{};  // the file
  std::vector<std::string> verified_by{};
  bool vkeys_given{false};  // else the site's own word
  std::optional<std::uint64_t> earlier{};
  std::uint64_t unsigned_entries{};
  std::uint64_t torn_bytes{};
  std::vector<std::uint64_t> set_back{};
  std::uint64_t unvouched{};  // of the entries of this report
};

struct Report {
  Period period{};
  bool whole_log{false};  // no days were given
  Time made{};
  std::string tool{};
  LogFacts log{};
  std::size_t keys_at_start{};
  std::size_t keys_at_end{};
  std::vector<KeyFacts> keys{};
  std::vector<VersionFacts> versions{};
  std::vector<RotationFacts> rotations{};
  std::vector<PlaceFacts> places{};
  std::vector<ExceptionFacts> exceptions{};
  std::vector<ShredFacts> shreds{};
  std::vector<UnwrapDay> unwraps{};
  // Of the registry, as it was when the report was made.
  std::vector<inventory::Alert> alerts{};
  std::vector<inventory::DueItem> ownerless{};
  // Where registry and log do not agree, and entries that should be vouched for.
  std::vector<std::string> wrong{};
  std::vector<UnsignedChange> not_signed{};
  std::optional<FrameworkFacts> framework{};
};

}  // namespace keyrite::report
