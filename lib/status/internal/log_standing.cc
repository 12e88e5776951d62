// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a log's files show, and which acts began without a result.
#include <optional>

#include "audit/transcript_source.h"
#include "base/error.h"
#include "base/presence.h"
#include "site/layout.h"
#include "status/internal/gathering.h"
#include "transcript/entry_head.h"
#include "transcript/layout.h"
#include "transcript/log_reader.h"

namespace keyrite::status {

namespace {

// Behind the last checkpoint: a claim, which begins and ends acts on files alone.
void take_unsigned(const std::string& log, std::uint64_t from, transcript::History& history) {
  transcript::read_log(log, [&](std::uint64_t index, std::string_view line) {
    if (index >= from) history.take(index, line, transcript::Worth::kClaim);
    return true;
  });
}

std::vector<OpenAct> open_acts(const transcript::History& history) {
  std::vector<OpenAct> acts;
  for (const auto& open : history.open_intents()) {
    const auto head = transcript::entry_head(open.line);
    acts.push_back({.act = open.act,
                    .entry = open.index,
                    .time = head ? std::string(head->time) : std::string()});
  }
  return acts;
}

}  // namespace

transcript::History add_log(Status& status, const site::Site& site,
                            const audit::ReadProgress& progress) {
  transcript::History history;
  LogStanding standing;
  try {
    const auto source = audit::transcript_source(site.folder, {}, progress);
    std::optional<std::string> from;
    if (is_there(site.last_signed())) from = site.last_signed();
    const auto audited = audit::audit(source, from, [&](const transcript::SignedEntry& entry) {
      if (entry.head) history.take(entry.index, entry.line, *entry.head);
      if (entry.head && !entry.head->time.empty()) standing.last_time = entry.head->time;
    });
    standing.signed_entries = audited.verified.checkpoint.head.size;
    standing.unsigned_entries = audited.verified.unsigned_entries;
    standing.compared = audited.verified.from.has_value() && !site.keeps_last_signed();
    if (standing.unsigned_entries != 0)
      take_unsigned(transcript::log_of(source.folder), standing.signed_entries, history);
  } catch (const Error& error) {
    add_failure(status, site.path(site::kTranscriptName), error);
    return {};
  }
  status.log = std::move(standing);
  status.open = open_acts(history);
  return history;
}

}  // namespace keyrite::status
