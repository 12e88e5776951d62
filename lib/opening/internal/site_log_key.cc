// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "opening/internal/site_log_key.h"

#include <utility>

#include <fmt/format.h>

#include "act/act_log.h"
#include "act/token_session.h"
#include "base/error.h"
#include "base/text.h"
#include "keys/generate_kek.h"
#include "keys/new_objects.h"
#include "opening/init_site.h"
#include "pkcs11/ckr.h"
#include "pkcs11/session.h"

namespace keyrite::opening {

namespace {

// By its label a log-signing key is known as that of a log of this name.
std::string label_of(const std::string& origin) { return "keyrite log " + origin; }

bool holds_key_of(act::TokenSession& token, const std::string& origin) {
  const auto wanted = pkcs11::Template{}.set<pkcs11::Attr::kLabel>(label_of(origin));
  return !token.session().find(wanted).empty();
}

keys::GenerateKekPlan key_plan(const InitSitePlan& plan, const std::string& type, bool again) {
  const std::string id = to_hex(plan.key_id);
  const std::string label = label_of(plan.request.origin);
  return keys::plan(keys::GenerateKekRequest{.type = type,
                                             .label = again ? label + " " + id.substr(0, 8) : label,
                                             .id = id,
                                             .usage = "sign"},
                    plan.key_id);
}

// C2SP's signed-note has signatures of Ed25519 and ECDSA, and none of RSA.
Error no_log_key(const std::string& why, const Error& last) {
  return Error(Kind::kToken, "no-log-key",
               fmt::format("this token makes no key that can sign a site's log ({})", why),
               "a log is signed by Ed25519 or ECDSA P-256, never by RSA: choose a token for the "
               "site that has one of them; without --site this token can be used, and nothing is "
               "logged")
      .with_ckr(*last.ckr());
}

}  // namespace

void require_origin_free(const InitSitePlan& plan, act::TokenSession& token) {
  const std::string& origin = plan.request.origin;
  if (plan.request.same_origin || !holds_key_of(token, origin)) return;
  throw Error(Kind::kToken, "origin-taken",
              fmt::format("the token already holds the log-signing key \"{}\" of a log named {}",
                          printable(label_of(origin)), printable(origin)),
              "use the site of that log, or choose another --origin\n"
              "where that log never was, because init-site was interrupted, add --same-origin");
}

LogKey make_log_key(const InitSitePlan& plan, act::TokenSession& token,
                    const act::Context& context) {
  const bool again = holds_key_of(token, plan.request.origin);
  std::string why;
  for (auto next = plan.key_types.begin(); next != plan.key_types.end();) {
    const std::string& type = *next++;
    try {
      keys::GeneratedKey made = keys::perform(key_plan(plan, type, again), token);
      const auto signature = made.plan.type.family == KeyFamily::kEd25519
                                 ? transcript::SignatureType::kEd25519
                                 : transcript::SignatureType::kEcdsa;
      auto key = transcript::NoteKey::of(plan.request.origin, signature, made.public_key.value());
      return {std::move(made), std::move(key), why};
    } catch (const Error& error) {
      // Whatever the token cannot do with one type, it may with the next; a name that is taken, a
      // key that remains, or an answer that decides nothing is no such thing: the kind of the log's
      // key is for ever.
      if (error.kind() != Kind::kToken || !pkcs11::says_no(error)) throw;
      why += fmt::format("{}{}: {}", why.empty() ? "" : "; ", type, error.message());
      if (next == plan.key_types.end()) throw no_log_key(why, error);
      // No failure: the result has the whole answer (why_not_first).
      context.note(fmt::format("the log's key will be {}: this token makes no {} key ({})", *next,
                               type, error.ckr()->name));
    }
  }
  throw Error(Kind::kInternal, "value-outside-table", "no key type to try");
}

}  // namespace keyrite::opening
