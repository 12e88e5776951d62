// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What is said of a key that was made: to people and programs, and to the log.
#include "base/json.h"
#include "base/text.h"
#include "keys/generate_kek.h"
#include "keys/read_back.h"

namespace keyrite::keys {

act::LogFacts GeneratedKey::log_facts() const {
  std::vector<act::Fact> providers;
  for (const auto provider : plan.providers) providers.emplace_back(act::Words::of(provider));
  act::LogFacts facts{{"key_id", act::Fact::id(to_hex(plan.traits.id))},
                      {"key_type", act::Words::of(plan.type)},
                      {"mechanism", act::Words::of(wrap::generation_mechanism(plan.type))},
                      {"usage", act::Words::of(plan.traits.usage)},
                      {"extractable", plan.traits.extractable},
                      {"wrap_with_trusted", plan.traits.wrap_with_trusted},
                      {"for", providers},
                      {"attributes", facts_of(attributes)},
                      {"tried", used_by},
                      {"check_values", act::Fact::of(check_values)}};
  if (check_values.empty()) facts.add("no_check_value", no_check_value_code);
  if (no_key_check_value_answer)
    facts.add("no_key_check_value", act::Fact::of(*no_key_check_value_answer));
  if (trusted_only) facts.add("wrap_with_trusted_is", act::Words::of(*trusted_only));
  if (public_key) facts.add("public_key", act::Fact::of(*public_key));
  if (use_sha256) facts.add("use_sha256", act::Fact::sha256(*use_sha256));
  // A run that was interrupted made it, and nobody saw it meanwhile.
  if (plan.made_before) facts.add("made_before", true);
  return facts;
}

Json GeneratedKey::to_json() const {
  Json json = plan.to_json();
  json["id"] = to_hex(plan.traits.id);
  json["token"] = token.uri();
  Json read = Json::object();
  for (const auto& [name, value] : attributes) read[name] = value;
  json["attributes"] = read;
  json["tried"] = used_by.text();
  json["check_values"] = crypto::to_json(check_values);
  if (check_values.empty()) json["no_check_value"] = no_check_value;
  if (!no_key_check_value.empty()) json["no_key_check_value"] = no_key_check_value;
  if (trusted_only) json["wrap_with_trusted_is"] = wrap::enforcement_name(*trusted_only);
  if (public_key) {
    json["public_key"] = {{"spki", to_base64(public_key->spki())},
                          {"sha256", public_key->sha256()}};
  }
  json["use_sha256"] = use_sha256 ? Json(*use_sha256) : Json(nullptr);
  return json;
}

}  // namespace keyrite::keys
