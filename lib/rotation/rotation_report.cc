// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What came of all keys.
#include <chrono>

#include <fmt/format.h>

#include "act/registry_rows.h"
#include "base/text.h"
#include "rotation/internal/earlier_keys.h"
#include "rotation/internal/rotation_closing.h"
#include "rotation/internal/rotation_state.h"
#include "rotation/standing_text.h"

namespace keyrite::rotation {

bool Rotation::State::is_stuck(const KeyRun& run) const {
  const bool waits = run.step == Step::kWaitForClouds || run.step == Step::kWaitForConsumers ||
                     run.step == Step::kWaitForSwitch;
  if (!waits || !request.stuck_after) return false;
  return *run.standing.waiting_since + std::chrono::days(*request.stuck_after) <
         act::time_of(context);
}

Json Rotation::document() const {
  Json document{{"keys", Json::array()}, {"summary", Json::object()}};
  for (const auto* state :
       {"done", "waiting", "to-do", "not-due", "tenant-not-active", "given-up", "failed"})
    document["summary"][state] = 0;
  for (const auto& run : state_->ended) {
    document["keys"].push_back(to_json(run));
    auto& count = document["summary"][std::string(state_word(run))];
    count = count.get<int>() + 1;
  }
  return document;
}

std::vector<std::string> Rotation::text() const {
  std::vector<std::string> lines;
  for (const auto& run : state_->ended) {
    lines.push_back(sentence(run, state_->is_stuck(run)));
    if (run.error && !run.error->hint().empty()) lines.push_back("  hint: " + run.error->hint());
    for (const auto& remark : run.remarks) lines.push_back("  note: " + remark);
    for (auto& line : done_lines(run)) lines.push_back(std::move(line));
    for (auto& line : left_behind_lines(run)) lines.push_back(std::move(line));
    if (!run.public_half.is_null())
      lines.push_back(fmt::format("  the public half of version {} is in {}",
                                  run.public_half.at("version").get<std::int64_t>(),
                                  printable(run.public_half.at("file").get<std::string>())));
    if (run.step == Step::kWaitForConsumers || run.step == Step::kDone) {
      for (auto& line : earlier_lines(run.earlier)) lines.push_back(std::move(line));
    }
    for (const auto& folder : run.deleting)
      lines.push_back(fmt::format(
          "  to be deleted: run the scripts in {0} on the connected machine, and bring {0}.answers",
          printable(folder)));
    for (const auto& folder : run.asked)
      lines.push_back(fmt::format("  to be fetched: run {}/fetch.sh on the connected machine",
                                  printable(folder)));
    for (const auto& folder : run.switching)
      lines.push_back(fmt::format(
          "  to be switched: run the scripts in {} on the connected machine", printable(folder)));
    if (run.step == Step::kWaitForClouds || run.step == Step::kWaitForSwitch) {
      for (auto& line : waits_lines(run.standing)) lines.push_back(std::move(line));
    }
    if ((run.step == Step::kDone || run.standing.catching_up) &&
        run.standing.left_with_callers > 0) {
      lines.push_back(fmt::format(
          "  {} record(s) that callers keep are under an earlier version: move them with keyrite "
          "dek rewrap --from FILE --out FILE",
          run.standing.left_with_callers));
    }
  }
  for (const auto& run : state_->ended) {
    auto end = closing_of(run, state_->request, state_->context);
    if (!end.empty()) lines.push_back(std::move(end));
  }
  if (lines.empty())
    lines.emplace_back(state_->request.status ? "no rotation is under way; whether the scripts "
                                                "of a switch were run is not known here"
                                              : "nothing is due");
  return lines;
}

int Rotation::code() const {
  std::optional<Kind> worst;
  const auto count = [&](Kind kind) {
    if (!worst || severity(kind) > severity(*worst)) worst = kind;
  };
  for (const auto& run : state_->ended) {
    if (run.error) count(run.error->kind());
    if (state_->is_stuck(run)) count(Kind::kWaiting);
  }
  return worst ? static_cast<int>(*worst) : 0;
}

std::vector<std::string> Rotation::text_beside_error() const {
  std::vector<std::string> lines;
  for (const auto& run : state_->ended) {
    for (const auto& remark : run.remarks) lines.push_back("note: " + remark);
    for (const auto& line : done_lines(run)) lines.push_back(line.substr(2));
    for (const auto& line : left_behind_lines(run)) lines.push_back(line.substr(2));
  }
  return lines;
}

std::optional<Error> Rotation::error() const {
  if (!state_->request.tenant || state_->ended.empty()) return std::nullopt;
  return state_->ended.front().error;
}

}  // namespace keyrite::rotation
