// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The key that signs the log of a new site. One session, one thread.
#pragma once

#include <string>

#include "act/context.h"
#include "act/token_session.h"
#include "keys/generate_kek.h"
#include "opening/init_site.h"
#include "transcript/note.h"

namespace keyrite::opening {

// A log-signing key that was made and works, and its public half under the log's name.
struct LogKey {
  keys::GeneratedKey made;
  transcript::NoteKey key;
  std::string why_not_first{};
};

// Two logs of one name could not be told apart: each has its own history, and both are "the" log.
// Error kToken "origin-taken".
void require_origin_free(const InitSitePlan& plan, act::TokenSession& token);

// Of the first of the plan's types that the token can do. Errors: kToken "no-log-key"; those of
// keys::perform.
[[nodiscard]] LogKey make_log_key(const InitSitePlan& plan, act::TokenSession& token,
                                  const act::Context& context);

}  // namespace keyrite::opening
