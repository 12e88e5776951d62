// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The keys of a token for people and programs: the label first, and nothing hidden in it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/bytes.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/text.h"
#include "keys/list_keys.h"

namespace keyrite::keys {

namespace {

std::string made_text(const ListedKey& key) {
  switch (key.made) {
    case MadeHere::kSameKey:
      return fmt::format("made by entry {} of this site's log", key.entry.value_or(0));
    case MadeHere::kSameId:
      return fmt::format("entry {} of this site's log made a key with this id",
                         key.entry.value_or(0));
    case MadeHere::kNo:
      return "NOT made by an act in this site's log";
    case MadeHere::kLogKey:
      return "signs this site's log";
    case MadeHere::kCannotTell:
      return key.id.empty() ? "whether it was made here: cannot tell, it has no id"
                            : "whether it was made here: cannot tell without a site";
  }
  throw Error(Kind::kInternal, "value-outside-table", "a listed key was made in no way");
}

std::string extractable_text(const ListedKey& key) {
  if (key.kind == "public") return "a public key without its private half";
  if (!key.extractable) return "the token does not say whether it is extractable";
  return *key.extractable ? "extractable" : "not extractable";
}

void add_text(const ListedKey& key, std::vector<std::vector<std::string>>& rows) {
  const std::string usage =
      key.usage.empty() ? "no usage" : fmt::format("{}", fmt::join(key.usage, " "));
  rows.push_back({"", fmt::format("{}: {}", key.known_type ? key.type : "type unknown", usage)});
  if (!key.known_type) rows.push_back({"", printable(key.type)});
  rows.push_back({"", extractable_text(key) + "; " + made_text(key)});
  rows.push_back({"", key.id.empty() ? "no id" : "id " + to_hex(key.id)});
}

Json to_json(const ListedKey& key) {
  return {{"label", key.label},
          {"id", to_hex(key.id)},
          {"class", key.kind},
          {"type", key.known_type ? Json(key.type) : Json(nullptr)},
          {"usage", key.usage},
          {"extractable", key.extractable ? Json(*key.extractable) : Json(nullptr)},
          {"made_here", word(key.made)},
          {"entry", key.entry ? Json(*key.entry) : Json(nullptr)}};
}

}  // namespace

std::string_view word(MadeHere made) {
  switch (made) {
    case MadeHere::kSameKey:
      return "logged";
    case MadeHere::kSameId:
      return "logged-id";
    case MadeHere::kNo:
      return "no";
    case MadeHere::kLogKey:
      return "log-key";
    case MadeHere::kCannotTell:
      return "cannot-tell";
  }
  throw Error(Kind::kInternal, "value-outside-table", "a listed key was made in no way");
}

act::Outcome list_token(act::AtWork& at) {
  const auto& token = at.token().info();
  const auto keys = listed_keys(at.token(), at.context());
  act::Outcome outcome{.document = {{"token", token.uri()}, {"keys", Json::array()}}};
  outcome.text.push_back(fmt::format("token \"{}\" ({}, serial {}): {}", printable(token.label),
                                     printable(token.model), printable(token.serial),
                                     counted(keys.size(), "key")));
  for (const auto& key : keys) {
    outcome.document["keys"].push_back(to_json(key));
    outcome.text.push_back(key.label.empty() ? std::string("(no label)")
                                             : fmt::format("\"{}\"", printable(key.label)));
    std::vector<std::vector<std::string>> rows;
    add_text(key, rows);
    outcome.text.push_back(format_table(rows));
  }
  return outcome;
}

}  // namespace keyrite::keys
