// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What is said of the origin of a key: to people and programs, and to the log.

#include "keys/key_origin.h"

namespace keyrite::keys {

OriginFinding OriginFinding::of(const bundle::Origin& origin) {
  return {origin.origin, origin.log_entry, {origin.judged_by.begin(), origin.judged_by.end()}};
}

std::string OriginFinding::text() const { return origin_text(origin, entry); }

Json OriginFinding::to_json() const {
  Json judged = Json::object();
  for (const auto& [name, value] : judged_by) judged[name] = value;
  return {{"origin", key_origin_name(origin)},
          {"log_entry", entry ? Json(*entry) : Json(nullptr)},
          {"text", text()},
          {"judged_by", judged}};
}

act::LogFacts OriginFinding::log_facts() const {
  act::LogFacts facts{{"origin", act::Words::of(origin)}};
  if (entry) facts.add("log_entry", *entry);
  return facts;
}

}  // namespace keyrite::keys
