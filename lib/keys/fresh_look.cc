// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/fresh_look.h"

#include <algorithm>

#include "keys/next_version.h"
#include "keys/token_survey.h"
#include "wrap/data_key.h"
#include "wrap/data_key_wrap.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;

bool has_value_of(const SurveyedKey& key, const Sought& one) {
  return std::ranges::any_of(key.check_values, [&](const crypto::CheckValue& read) {
    return std::ranges::any_of(one.check_values, [&](const registry::CheckValue& kept) {
      return kept.algorithm == read.alg && kept.value == read.value;
    });
  });
}

// Empty: it is another key.
std::string recognised_by(const SurveyedKey& key, const Sought& one) {
  if (key.id == one.cka_id) return "id";
  if (key.label == one.label) return "label";
  if (has_value_of(key, one)) return "check-value";
  const bool half = key.public_key_sha256 && key.public_key_sha256 == one.public_key_sha256;
  return half ? "public-half" : "";
}

// Every key that may unwrap. One that has no such attribute may.
std::vector<pkcs11::ObjectHandle> unwrapping_keys(const pkcs11::Session& session) {
  std::vector<pkcs11::ObjectHandle> keys;
  for (const auto handle : session.find(pkcs11::Template{}
                                            .set<Attr::kClass>(pkcs11::ObjectClass::kSecretKey)
                                            .set<Attr::kToken>(true))) {
    if (session.read_bool(handle, Attr::kUnwrap) != false) keys.push_back(handle);
  }
  return keys;
}

bool opens(pkcs11::Session& session, const wrap::DataKeyWrap& proven, pkcs11::ObjectHandle key,
           const wrap::KekCanary& canary) {
  try {
    wrap::require_canary(session, proven, {key, "a key of the token"}, canary);
    return true;
  } catch (const Error& error) {
    // Another key came out than the one that went in: a token that unwraps anything shows nothing.
    if (error.code() == "canary-differs") return true;
    if (error.code() != "canary-closed") throw;
    return false;
  }
}

}  // namespace

CanaryTried try_canary(pkcs11::Session& session, const Sought& one) {
  const auto wrap = wrap::parse_key_wrap(one.canary_mechanism);
  if (!wrap || wrap::rsa_wrap(*wrap)) return CanaryTried::kNotTried;
  const wrap::KekCanary canary{{*wrap, one.canary}, one.canary_answer_sha256};
  const auto bits = parse_key_type(one.type).secret_bytes() * 8;
  const auto proven = wrap::test_data_key_wrap(session, static_cast<unsigned>(bits));
  const auto keys = unwrapping_keys(session);
  const bool opened = std::ranges::any_of(
      keys, [&](pkcs11::ObjectHandle key) { return opens(session, proven, key, canary); });
  // A token that fell ill meanwhile opens nothing either.
  (void)wrap::test_data_key_wrap(session, static_cast<unsigned>(bits));
  return opened ? CanaryTried::kOpened : CanaryTried::kOpensNowhere;
}

Sought sought(const VersionOnRecord& record) {
  const auto& id = record.version.id;
  Sought one{.id = id,
             .cka_id = record.version.cka_id,
             .label = version_label(id, record.version.cka_id),
             .type = record.key.type,
             .check_values = record.check_values,
             .public_key_sha256 = record.version.public_key_sha256};
  if (!record.canary) return one;
  one.canary_mechanism = record.canary->mechanism;
  one.canary = record.canary->content;
  one.canary_answer_sha256 = record.canary->answer_sha256;
  return one;
}

FreshAnswer look(act::TokenSession& token, ByteView log_key, const std::vector<Sought>& sought) {
  const auto found = survey_token(token, log_key);
  // With the key that signs the log, which the survey saw, or it would have thrown.
  FreshAnswer answer{.objects_seen = found.size() + 1};
  for (const auto& key : found) answer.unread += key.unread.empty() ? 0U : 1U;
  for (const auto& one : sought) {
    Seen seen;
    for (const auto& key : found) {
      auto by = recognised_by(key, one);
      if (!by.empty()) seen.objects.push_back({to_hex(key.id), std::move(by)});
    }
    seen.canary = try_canary(token.session(), one);
    answer.seen.push_back(std::move(seen));
  }
  return answer;
}

}  // namespace keyrite::keys
