// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "token_check/internal/token_objects.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/question.h"
#include "token_check/internal/token_probe.h"
#include "token_check/token_check.h"
#include "wrap/session_object.h"

namespace keyrite::token_check {

namespace {

using pkcs11::Attr;

std::string shown(Attr attribute, const Bytes& value) {
  if (!value.empty()) return pkcs11::value_text(attribute, value);
  return attribute == Attr::kLabel ? "(no label)" : "(none)";
}

std::string only_in(const Identities& one, const Identities& other) {
  std::vector<std::string> lone;
  std::set_difference(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(lone));
  return lone.empty() ? "nothing" : fmt::format("{}", fmt::join(lone, "; "));
}

}  // namespace

Identities identities(const pkcs11::Session& session) {
  Identities all;
  for (const auto handle : session.find(pkcs11::Template{})) {
    std::string text;
    for (const Attr attribute : {Attr::kClass, Attr::kLabel, Attr::kId, Attr::kToken}) {
      const auto value = session.read_bytes(handle, attribute);
      text += fmt::format("{} {}, ", pkcs11::attribute_info(attribute).name,
                          value ? shown(attribute, *value) : "unknown");
    }
    all.insert(text.substr(0, text.size() - 2));
  }
  return all;
}

// `undestroyed`: what the token answered when a throw-away key was to be removed.
void require_unchanged(const pkcs11::TokenInfo& token, const Identities& before,
                       const Identities& after, const std::optional<Error>& undestroyed) {
  if (before == after) return;
  const Error error(
      Kind::kToken, "token-changed",
      fmt::format(
          "token {} (model \"{}\", serial \"{}\") does not hold the same objects as before: "
          "{} before, {} now; new: {}; gone: {}{}",
          token.label.empty() ? std::string("(no label)")
                              : fmt::format("\"{}\"", printable(token.label)),
          printable(token.model), printable(token.serial), before.size(), after.size(),
          only_in(after, before), only_in(before, after),
          undestroyed ? "; " + pkcs11::without_answer(*undestroyed) : ""),
      "close all sessions of the token; if the objects remain, remove them with the "
      "tools of the token's vendor");
  if (undestroyed && undestroyed->ckr()) throw Error(error).with_ckr(*undestroyed->ckr());
  throw Error(error);
}

}  // namespace keyrite::token_check
