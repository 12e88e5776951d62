// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/internal/resumed_outcome.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "act/internal/levelled.h"
#include "base/counted.h"
#include "base/json.h"

namespace keyrite::act {

Outcome resumed_outcome(const ActLog& log, Json settled, const Levelled& levelled,
                        bool clock_confirmed) {
  const auto& recovery = log.writer().recovery();
  const auto head = log.writer().signed_head();
  const std::string root = to_hex(head.root);
  Outcome outcome;
  outcome.text.push_back(settled.empty()
                             ? std::string("every act in the log has its result")
                             : fmt::format("keyrite settled {} without a result; what was found is "
                                           "above and in the log",
                                           counted(settled.size(), "act")));
  if (const auto accepted = recovery.accepted.size(); accepted != 0)
    outcome.text.push_back(
        fmt::format("keyrite signed {} on your word; the log says so", counted_entries(accepted)));
  if (clock_confirmed)
    outcome.text.emplace_back(
        "this machine's clock is confirmed; ask for new statements in place of the pending ones");
  outcome.text.push_back(
      fmt::format("the log is signed: {}, root\n  {}", counted_entries(head.size), root));
  outcome.document = {{"settled", std::move(settled)},
                      {"accepted", recovery.accepted.size()},
                      {"dropped_bytes", recovery.dropped_bytes},
                      {"clock_confirmed", clock_confirmed},
                      {"signed_entries", head.size},
                      {"root", root},
                      {"registry", to_json(levelled)}};
  return outcome;
}

}  // namespace keyrite::act
