// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The parts of a status, each from its own files. What is wrong becomes an alarm, what cannot be
// read is told. One thread.
#pragma once

#include "audit/transcript_source.h"
#include "base/error.h"
#include "status/status.h"
#include "transcript/history.h"

namespace keyrite::status {

// The log, and which acts are open. What it tells of used statements; nothing of a log that does
// not verify. `progress` is told how far it is read.
transcript::History add_log(Status& status, const site::Site& site,
                            const audit::ReadProgress& progress);
// An alarm, once for each code; or `file` is unread where the system did not let it be read.
void add_failure(Status& status, const std::string& file, const Error& error);
// Statements that wait for approvals: not used, not past their end.
void add_statements(Status& status, const site::Site& site, const transcript::History& history);
// What ends and what is due, by the registry and the decisions in the log; and its alerts.
void add_upcoming(Status& status, const site::Site& site);

}  // namespace keyrite::status
