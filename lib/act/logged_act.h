// The path of every act: approvals, login, approvals again, intent in the transcript and signed,
// the act, its result in the transcript, a checkpoint. The transcript is locked from after the
// login on, never while a person is at a prompt; only a token's own PIN pad may ask an officer
// later. Where context.site is not set nothing is logged, and the act is done alone. What an
// earlier run left without a result is looked at first. One act, one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "act/context.h"
#include "act/intent.h"
#include "act/log_facts.h"
#include "act/token_session.h"
#include "base/error.h"

namespace keyrite::act {

struct TokenNeed {
  pkcs11::Access access{pkcs11::Access::kReadWrite};
  // What is done as security officer, after the intent is signed: the user out, the officer in, the
  // user in again. His PIN is tried before the intent, so that a wrong one costs no approval.
  TokenSession::OfficerWork officer{};
  // Told why when the token refuses the officer's login (it has none; a wrong PIN is an Error all
  // the same), and the user logs in alone. Unset: that is an Error too.
  std::function<void(const Error&)> officer_refused{};
};

// Does the act and returns the facts of its result, as they are logged.
using TokenWork = std::function<LogFacts(TokenSession& token)>;

// What an act on files found. `refused`: a file is not what it should be; that is the result.
struct FileResult {
  LogFacts facts{};
  std::optional<Error> refused{};
};
using FileWork = std::function<FileResult()>;

// Logs in, and calls `work` when the act is approved and its intent is signed. Errors: those of
// `work`, whose result is logged before they are thrown on; of require_approval (kWaiting,
// kVerification, kConfig), TokenSession, LogWriter, require_log_key; those of read_site and
// kVerification "site-changed" when the site is not what it was before the login; kUnknownOutcome
// "result-not-logged" when the act was done and that could not be logged.
// Returns the index of the result's entry; nullopt where nothing is logged.
std::optional<std::uint64_t> run_at_token(const Context& context, const Intent& intent,
                                          const TokenNeed& need, const TokenWork& work);

// An act on files alone: its entries are in the log and wait for the next checkpoint. The outcome
// of its result is "refused" where a person or a file was not what it should be (is_untruth).
// Errors as above. What was refused is logged, and the caller throws it.
void run_on_files(const Context& context, const Intent& intent, const FileWork& work);

}  // namespace keyrite::act
