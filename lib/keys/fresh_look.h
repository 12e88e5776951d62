// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether a token still has a version that was destroyed there, asked of a process that did nothing
// else: a token may hide an object from the process that destroyed it, and show it again to the
// next. The process logs in, since a private key is invisible without; it must see the key that
// signs the site's log in the same search, else what it does not see proves nothing. It looks by
// CKA_ID, by label, by check value and public half over all keys, and tries the version's canary
// under every key that may unwrap. What it is asked, and what it answers, are JSON. One token, one
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/token_session.h"
#include "base/bytes.h"
#include "base/json.h"
#include "keys/validate_version.h"

namespace keyrite::keys {

// The only word of a program that is started for it.
inline constexpr std::string_view kFreshLookWord = "--fresh-look";

// What is searched for.
struct Sought {
  registry::VersionId id{};
  Bytes cka_id{};
  std::string label{};
  std::string type{};
  std::vector<registry::CheckValue> check_values{};
  std::optional<std::string> public_key_sha256{};
  std::string canary_mechanism{};  // empty: it has none that a key could open
  Bytes canary{};
  std::string canary_answer_sha256{};
};
[[nodiscard]] Sought sought(const VersionOnRecord& record);

enum class CanaryTried { kNotTried, kOpensNowhere, kOpened };
struct Seen {
  // Objects that are the version: the id of each, hex, and by what it is recognised ("id", "label",
  // "check-value", "public-half").
  struct Object {
    std::string id{};
    std::string by{};
  };
  std::vector<Object> objects{};
  CanaryTried canary{CanaryTried::kNotTried};
  [[nodiscard]] bool is_absent() const { return objects.empty() && canary != CanaryTried::kOpened; }
};
struct FreshAnswer {
  std::uint64_t objects_seen{0};  // the log's private key among them
  std::uint64_t unread{0};        // of them no value could be compared
  std::vector<Seen> seen{};       // in the order of what was sought
};

// Whether any key that may unwrap opens its canary. Errors: those of wrap::test_data_key_wrap,
// before and after: a token that is not well opens nothing either.
[[nodiscard]] CanaryTried try_canary(pkcs11::Session& session, const Sought& one);

// In this process, logged in. Errors: those of survey_token and of a token that is not well.
[[nodiscard]] FreshAnswer look(act::TokenSession& token, ByteView log_key,
                               const std::vector<Sought>& sought);

// The whole of a process that was started for it: reads the question, logs in by `pin`, looks, and
// returns the answer. Errors: those of look() and TokenSession; kInternal "fresh-look-unread".
[[nodiscard]] std::string answer_question(const std::string& question, act::PinSource pin);

// Starts such a process (act::Context::start_fresh) by the login of `token`, and reads its answer.
// Error kUnknownOutcome "fresh-look-failed": it was not started, or did not answer.
[[nodiscard]] FreshAnswer look_afresh(act::TokenSession& token, const act::Context& context,
                                      const std::vector<Sought>& sought);

}  // namespace keyrite::keys
