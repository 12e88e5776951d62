// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Of a statement and a roster: who approved it already, by the signatures beside it, and who may do
// so still. A file that cannot be read is told, since it may change both. Reads files; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/statement_files.h"
#include "base/clock.h"

namespace keyrite::audit {

// What could not be read, and why, for people.
struct UnreadFile {
  std::string file{};
  std::string why{};
  [[nodiscard]] Json to_json() const;
};

struct StillApproving {
  std::string roster{};           // its file
  bool is_other_roster{false};    // than the statement names: nobody can approve it by this one
  std::vector<std::string> by{};  // whose signatures beside the statement count
  struct Person {
    std::string identity{};
    std::vector<std::string> roles{};  // that are needed
  };
  std::vector<Person> may{};  // who is not among them, has such a role, and does not ask himself
  // Signatures among them may count; without the roster nobody is named.
  std::vector<UnreadFile> unread{};
  bool roster_unread{false};
  [[nodiscard]] Json to_json() const;
  [[nodiscard]] std::string text() const;  // for people
};

// `roster`: nullopt is that of the site in whose folder of statements this one is. nullopt: there
// is none. Errors: those of read_roster and judge_quorum for a roster that was given.
[[nodiscard]] std::optional<StillApproving> still_approving(
    const act::StatementFiles& files, const std::optional<std::string>& roster, TimePoint now);

}  // namespace keyrite::audit
