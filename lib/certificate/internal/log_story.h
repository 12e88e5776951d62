// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The entries of a log, told one after the other, of all keys that they are about: what became of
// each version, copy and placement. facts.h cuts out of it what a scope is about. One thread.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "certificate/facts.h"

namespace keyrite::certificate {

struct KeyTold {
  std::string tenant{};
  std::string type{};
  std::string usage{};
  std::uint64_t entry{};
};

template <class What>
using About = std::vector<std::pair<std::vector<VersionRef>, What>>;

class LogStory {
 public:
  explicit LogStory(const std::vector<ToldEntry>& told);

  [[nodiscard]] const std::map<std::string, KeyTold>& keys() const { return keys_; }
  // With their copies.
  [[nodiscard]] std::map<VersionRef, VersionFacts> versions() const;
  [[nodiscard]] std::vector<PlaceFacts> places() const;
  [[nodiscard]] const std::vector<RunFacts>& runs() const { return runs_; }
  [[nodiscard]] const About<DecisionFacts>& decisions() const { return decisions_; }
  [[nodiscard]] const About<ClosingFacts>& closings() const { return closings_; }
  [[nodiscard]] const About<std::string>& freezings() const { return freezings_; }
  // The SHA-256 of the newest decision about a destination; empty: no entry has one.
  [[nodiscard]] std::string decision_about(const std::string& destination) const;

 private:
  void take(const ToldEntry& told);
  void take_change(const ToldEntry& told, const Json& change);
  void take_key(const ToldEntry& told, const Json& change);
  void take_version(const ToldEntry& told, const Json& version);
  void take_copy(const ToldEntry& told, const Json& copy);
  void take_placement(const ToldEntry& told, const Json& placement);
  void take_waived(const ToldEntry& told, const Json& waived);
  void take_bundles(const ToldEntry& told);
  void take_decision(const ToldEntry& told);
  void take_run(const ToldEntry& told);
  void take_closing(const ToldEntry& told);
  [[nodiscard]] const Json& intent_of(const ToldEntry& told) const;

  std::map<std::string, Json> intents_{};  // by run
  std::map<std::string, KeyTold> keys_{};
  std::map<VersionRef, VersionFacts> versions_{};
  std::map<std::string, std::pair<VersionRef, CopyFacts>> copies_{};  // by id
  std::map<std::pair<std::string, std::int64_t>, PlaceFacts> places_{};
  std::map<std::string, std::string> destination_decisions_{};
  std::map<std::string, std::pair<std::string, std::string>> bundles_{};  // provider, valid_until
  std::vector<RunFacts> runs_{};
  About<DecisionFacts> decisions_{};
  About<ClosingFacts> closings_{};
  About<std::string> freezings_{};
};

// What the document of a decision about the destination says of the place.
void describe(PlaceFacts& place, const Json& document);

}  // namespace keyrite::certificate
