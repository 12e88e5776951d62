// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a log says of one ceremony: how it began, what came of each step, which acts were done as
// its steps, and how it ended. Made from the entries in their order. An entry counts only if the
// log's key vouches for it, or if it is of an act on files, for which nobody can vouch. Values; one
// thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "transcript/note.h"

namespace keyrite::ceremony {

// A result of ceremony-step.
struct ToldStep {
  std::uint64_t entry{};
  std::uint32_t step{};
  std::string kind{};
  std::string outcome{};
  std::string asked_at{};
  std::string answered_at{};
  std::string time{};
  std::string operator_name{};
  std::string text_sha256{};
  std::string signature_sha256{};
  std::vector<std::string> evidence{};  // SHA-256 of each file beside the log; of a check-in
  std::string failure{};
  std::optional<std::uint64_t> choice{};
  std::optional<std::uint64_t> role{};
  std::optional<std::uint64_t> person{};
  std::vector<std::string> runs{};
};

// An act that was a step.
struct ToldAct {
  std::uint64_t intent_entry{};
  std::uint32_t step{};
  std::string act{};
  std::string run{};
  std::string file_sha256{};
  Json intent{};
  std::string outcome{};  // empty: it has no result; "settled": found by resume
  std::uint64_t result_entry{};
  Json found = Json::object();  // what resume found of one that was settled
  bool vouched{false};          // the log's key vouches for its result
  Json facts = Json::object();
};

struct ToldDeviation {
  std::uint64_t entry{};
  std::uint32_t number{};
  std::uint32_t step{};
  std::string text_sha256{};
  std::string asked_at{};
  std::string answered_at{};
};

// The kind of the record that says that a ceremony is to be aborted, and why.
inline constexpr const char* kAbortKind = "abort";

struct Story {
  std::string id{};
  std::uint64_t intent_entry{};
  std::uint64_t entry{};     // of its beginning
  Json intent{};             // with the approvals
  std::string log_opened{};  // when the log got its first entry
  bool begins_log{false};    // nothing but its own beginning comes between that entry and it
  std::string file_sha256{};
  std::string mode{};
  std::string begun{};
  std::string until{};
  std::uint64_t steps{};
  std::uint64_t teardown{};
  std::vector<ToldStep> told{};
  std::vector<ToldAct> acts{};
  std::vector<ToldDeviation> deviations{};
  // Of the entry that says that it is to be aborted, with the reason; its teardown follows, and its
  // end after that. 0: there is none.
  std::uint64_t abort_entry{};
  std::string abort_at{};
  std::string ending{};  // empty: it is not over
  std::uint64_t ending_entry{};
  std::string ended{};
  // Entries that name this ceremony and that nobody vouches for, although they are of an act at the
  // token; and those after its end.
  std::vector<std::uint64_t> unvouched{};
  std::vector<std::uint64_t> after_end{};

  [[nodiscard]] bool is_being_aborted() const { return abort_entry != 0 && ending.empty(); }
};

class Stories {
 public:
  explicit Stories(transcript::NoteKey key) : key_(std::move(key)) {}
  // Each signed entry in its order. What is no JSON object says nothing.
  void take(std::uint64_t index, std::string_view line);
  // By the entry of their beginning.
  [[nodiscard]] const std::vector<Story>& all() const { return stories_; }

 private:
  [[nodiscard]] Story* named(const std::string& id);
  void take_intent(std::uint64_t index, const Json& entry, bool vouched);
  void take_result(std::uint64_t index, const Json& entry, bool vouched);
  void take_record(std::uint64_t index, const Json& entry, const Json& facts);
  static void take_step(Story& story, ToldStep told);
  void open(std::uint64_t index, const Json& entry, const Json& facts);
  void result_of_act(std::uint64_t index, const Json& entry, bool vouched);

  transcript::NoteKey key_;
  // NOLINTNEXTLINE(bugprone-exception-escape): of its JSON, when memory is short
  struct Intent {
    std::uint64_t index{};
    Json entry{};
  };
  std::map<std::string, Intent> openings_{};                           // by run
  std::map<std::string, std::vector<std::string>> evidence_{};         // of records, by run
  std::map<std::string, std::pair<std::string, std::size_t>> acts_{};  // run: id, place in acts
  std::vector<Story> stories_{};
  std::string log_opened_{};
  std::optional<std::uint64_t> other_act_{};  // the first entry that begins no ceremony
};

}  // namespace keyrite::ceremony
