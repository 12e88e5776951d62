// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a run of rotate did with one key, and how that is shown. Plain values; one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "rotation/next_step.h"

namespace keyrite::rotation {

struct KeyRun {
  std::string key{};  // id
  Standing standing{};
  RunSoFar so_far{};
  Step step{Step::kNothing};
  std::int64_t from{0};  // version numbers; 0: none
  std::int64_t moved{0};
  std::int64_t marks{0};  // --compromised: the version
  bool suspended{false};  // the tenant is not active
  std::optional<Error> error{};
  bool at_cloud{false};                // the act that was given out is of one destination
  std::optional<Error> cloud_error{};  // the worst of one destination: the others go on
  // After a compromise, of data keys that were not moved: the destinations go on.
  std::optional<Error> left_error{};
  std::set<std::string> tried{};     // folders that this run took up
  std::vector<std::string> asked{};  // folders with fetch.sh
  std::shared_ptr<Json> judged{std::make_shared<Json>(Json::array())};
  std::shared_ptr<Json> made{std::make_shared<Json>(Json::array())};  // bundles
  std::vector<GivenUp> given_up{};                                    // of --abandon
  std::vector<Place> unanswered{};  // bundles of them that may have been imported
  // The version that this run destroyed, and how many objects it had; null: none.
  std::shared_ptr<Json> destroyed{std::make_shared<Json>()};
  bool abandoning{false};
  bool gave_up{false};                   // the act of --abandon, or of --bundle-lost, was given out
  std::vector<std::string> lost{};       // bundles that were said to be lost (lost_bundle.h)
  std::vector<std::string> deleting{};   // folders with the scripts that delete
  std::vector<std::string> switching{};  // folders with the scripts of the switch
  Json public_half{};                    // of the version that is meant (public_half.h)
  Json earlier = Json::array();          // by what earlier versions are reached (earlier_keys.h)
  Json to_replace{};                     // data keys that were under a compromised version
  Json re_encrypt = Json::array();       // what clouds encrypted under one (left_behind.h)
  std::vector<std::string> remarks{};    // for people
};

// "done", "waiting", "to-do", "not-due", "tenant-not-active", "given-up" or "failed".
[[nodiscard]] std::string_view state_word(const KeyRun& run);
[[nodiscard]] Json to_json(const KeyRun& run);
// Error kVerification "rotation-different" of the version that waits: nothing is switched.
[[nodiscard]] std::optional<Error> difference_of_waiting(const Standing& standing);
// Why the run is no success though nothing failed: kVerification "rotation-different", a cloud
// holds another key than the version that waits or is active, or answers of this run say so.
[[nodiscard]] std::optional<Error> difference_in(const KeyRun& run);
// Of one destination: the worst becomes the error of the key, the others its remarks.
void add_cloud_error(KeyRun& run, const Error& error);
// For people: which answers were judged, and which bundles made.
[[nodiscard]] std::vector<std::string> done_lines(const KeyRun& run);
// For people: what is to be replaced, and encrypted anew, after a compromise.
[[nodiscard]] std::vector<std::string> left_behind_lines(const KeyRun& run);
// For people. `stuck`: it waits longer than it should.
[[nodiscard]] std::string sentence(const KeyRun& run, bool stuck);

// Which of two failures is worse: what may or may not have happened is worse than what did not.
[[nodiscard]] std::size_t severity(Kind kind);

}  // namespace keyrite::rotation
