// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The Error of an act that waits for people to approve it, with what a program needs to go on: the
// statement, how many people of which role must sign it, and until when. Value type, any thread.
// A copy as an Error keeps the texts alone, so who adds something to it throws the same one on.
#pragma once

#include <string>
#include <utility>

#include "approval/statement.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"

namespace keyrite::act {

// What is waited for, of the statement that was written.
struct AwaitedApproval {
  std::string statement{};  // the statement's file
  std::string sha256{};     // of its bytes, lower-case hex
  approval::Threshold needed{};
  TimePoint not_after{};  // the last moment
};

class AwaitsApproval : public Error {
 public:
  AwaitsApproval(Error told, AwaitedApproval awaited)
      : Error(std::move(told)), awaited_(std::move(awaited)) {}
  [[nodiscard]] const AwaitedApproval& awaited() const { return awaited_; }
  // {"statement", "statement_sha256", "needed": {ROLE: PEOPLE}, "not_after"}: fields of the
  // document's error (docs/formats/json.md).
  [[nodiscard]] Json to_json() const {
    return {{"statement", awaited_.statement},
            {"statement_sha256", awaited_.sha256},
            {"needed", awaited_.needed},
            {"not_after", format_rfc3339(awaited_.not_after)}};
  }

 private:
  AwaitedApproval awaited_;
};

}  // namespace keyrite::act
