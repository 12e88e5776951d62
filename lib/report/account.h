// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What the entries of a log tell of keys, one after the other: which there are, each state of each
// version, copy and placement with the entry that brought it, what was decided, what was opened. An
// entry that should be vouched for by the log's key and is not makes nothing destroyed and nothing
// condemned, and is remarked upon. Ids alone: the log has no names. Plain values; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "act/registry_replay.h"
#include "registry/model.h"

namespace keyrite::report {

using registry::Time;

// An entry, and what its word is worth.
struct Source {
  std::uint64_t entry{};
  Time at{};
  std::string actor{};
  bool vouched{false};  // by the log's key: it was written with the token
};

struct StateTold {
  std::string state{};
  Source by{};
  std::string basis{};            // of a placement that is proven
  std::string evidence_sha256{};  // the same
  std::string until{};            // the end of an acceptance, the day of a deletion
};
using States = std::vector<StateTold>;
// The last one before this time; nullptr: there was none. Pure.
[[nodiscard]] const StateTold* state_at(const States& states, Time before);

struct KeyTold {
  std::string tenant{};
  std::string type{};
  std::string usage{};
  Source made{};
};
struct VersionTold {
  States states{};
  States frozen{};  // "frozen", "thawed"
  std::optional<Source> condemned{};
};
struct PlaceTold {
  std::string key{};
  States states{};
  std::optional<Source> waived{};  // officers decided that nobody waits for the cloud's answer
};
struct CopyTold {
  registry::VersionId version{};
  std::string form{};
  std::string token_serial{};
  States states{};
};
struct DecisionTold {
  std::string sha256{};
  Source by{};
};
struct UnwrapsTold {
  std::int64_t count{};
  Source by{};
};
struct CertificateTold {
  std::string tenant{};
  bool complete{false};
  Source by{};
};
// Of an act on a tenant: when somebody asked for its erasure.
struct RequestTold {
  std::string tenant{};
  std::string requested_at{};
  Source by{};
};
// An entry that should be vouched for and is not.
struct Remark {
  std::string act{};
  Source by{};
};

// Kind, subject, number.
using DecisionKey = std::tuple<std::string, std::string, std::int64_t>;

class Account {
 public:
  void take(const act::RegistryEntry& entry, bool vouched);
  // A result without rows: a certificate that was issued.
  void take_certificate(CertificateTold told) { certificates_.push_back(std::move(told)); }

  [[nodiscard]] const std::map<std::string, States>& tenants() const { return tenants_; }
  [[nodiscard]] const std::map<std::string, KeyTold>& keys() const { return keys_; }
  [[nodiscard]] const std::map<registry::VersionId, VersionTold>& versions() const {
    return versions_;
  }
  [[nodiscard]] const std::map<registry::PlacementId, PlaceTold>& places() const { return places_; }
  [[nodiscard]] const std::map<std::string, CopyTold>& copies() const { return copies_; }
  // In the order of the log; empty: none was told.
  [[nodiscard]] const std::vector<DecisionTold>& decisions(const DecisionKey& id) const;
  [[nodiscard]] const std::map<DecisionKey, std::vector<DecisionTold>>& all_decisions() const {
    return decisions_;
  }
  [[nodiscard]] const std::vector<UnwrapsTold>& unwraps() const { return unwraps_; }
  [[nodiscard]] const std::vector<CertificateTold>& certificates() const { return certificates_; }
  [[nodiscard]] const std::vector<RequestTold>& requests() const { return requests_; }
  [[nodiscard]] const std::vector<Remark>& remarks() const { return remarks_; }

 private:
  void take_change(const std::string& act, const Json& change, const Source& by);
  void take_key(const Json& change, const Source& by);
  void take_version(const Json& told, const Source& by);
  void take_copy(const Json& told, const Source& by);
  void take_place(const Json& told, const Source& by);
  void take_frozen(const Json& told, const Source& by);
  void take_request(const act::RegistryEntry& entry, const Source& by);

  std::map<std::string, States> tenants_{};
  std::map<std::string, KeyTold> keys_{};
  std::map<registry::VersionId, VersionTold> versions_{};
  std::map<registry::PlacementId, PlaceTold> places_{};
  std::map<std::string, CopyTold> copies_{};
  std::map<DecisionKey, std::vector<DecisionTold>> decisions_{};
  std::vector<UnwrapsTold> unwraps_{};
  std::vector<CertificateTold> certificates_{};
  std::vector<RequestTold> requests_{};
  std::vector<Remark> remarks_{};
};

}  // namespace keyrite::report
