// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/internal/version_changes.h"

#include <chrono>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/key_origin.h"
#include "base/text.h"

namespace keyrite::act {

using registry::Mark;
using registry::Stores;

namespace {

[[noreturn]] void refuse_other(const registry::VersionId& id, std::string_view why) {
  throw Error(Kind::kVerification, "registry-change-differs",
              fmt::format("the log tells of version {} of key {}, and the registry {}", id.number,
                          printable(id.key), why),
              "put back a registry of this log from a backup, and run keyrite resume");
}

void add_version(Stores& stores, const registry::VersionId& id, const Json& told,
                 const Mark& mark) {
  registry::Version version{.id = id,
                            .cka_id = from_hex(text_of(told, "cka_id")),
                            .public_key_sha256 = optional_text(told, "public_key_sha256"),
                            .origin = parse_key_origin(text_of(told, "origin"))};
  if (stores.versions.add(version, mark) != id) refuse_other(id, "would give it another number");
  for (const auto& value : told.value("check_values", Json::array()))
    stores.versions.add_check_value(id, {text_of(value, "alg"), text_of(value, "value")});
}

}  // namespace

[[noreturn]] void refuse_unknown(std::string_view what) {
  throw Error(Kind::kConfig, "registry-change-unknown",
              fmt::format("an entry tells of a change in the registry, \"{}\", that this keyrite "
                          "does not know",
                          printable(what)),
              "run the version of keyrite that wrote the entry, or a later one");
}

std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

std::optional<std::string> optional_text(const Json& object, const char* name) {
  std::string text = text_of(object, name);
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

std::optional<registry::Time> optional_time(const Json& object, const char* name) {
  const auto text = optional_text(object, name);
  if (!text) return std::nullopt;
  return std::chrono::floor<std::chrono::milliseconds>(parse_rfc3339(*text, name));
}

bool take_version(Stores& stores, const Json& change, const Mark& mark) {
  const Json& told = change.at("version");
  const registry::VersionId id{text_of(told, "key"), number_of(told, "number")};
  const auto state = word_of<registry::VersionState>(told, "state");
  if (!stores.keys.find(id.key)) return false;
  const auto known = stores.versions.find(id);
  const auto cka_id = optional_text(told, "cka_id");
  if (!known && !cka_id) return false;
  if (!known) {
    add_version(stores, id, told, mark);
    return true;
  }
  if (cka_id && from_hex(*cka_id) != known->cka_id) refuse_other(id, "has another key there");
  if (is_told(stores.versions.events(id), state, mark)) return true;
  stores.versions.move(id, state, known->revision, mark);
  return true;
}

// The entry's number is what froze it.
bool take_frozen(Stores& stores, const Json& change, const Mark& mark) {
  const Json& told = change.at("frozen");
  const std::string becomes = text_of(told, "becomes");
  if (becomes != "frozen" && becomes != "thawed") refuse_unknown(becomes);
  const auto version = stores.versions.find({text_of(told, "key"), number_of(told, "number")});
  if (!version) return false;
  const bool freezes = becomes == "frozen";
  if (freezes && version->frozen_by != mark.entry.seq)
    stores.versions.freeze(version->id, version->revision, mark.entry);
  if (!freezes && version->frozen_by)
    stores.versions.thaw(version->id, version->revision, mark.entry);
  return true;
}

bool take_copy(Stores& stores, const Json& change, const Mark& mark) {
  const Json& told = change.at("copy");
  const std::string id = text_of(told, "id");
  const auto state = word_of<registry::CopyState>(told, "state");
  if (const auto known = stores.copies.find(id)) {
    if (!is_told(stores.copies.events(id), state, mark))
      stores.copies.move(id, state, known->revision, mark);
    return true;
  }
  const auto form = optional_word<registry::CopyForm>(told, "form");
  registry::Copy copy{.id = id,
                      .version = {text_of(told, "key"), number_of(told, "number")},
                      .token_serial = text_of(told, "token_serial"),
                      .member = text_of(told, "member"),
                      .cka_id = from_hex(text_of(told, "cka_id")),
                      .sha256 = text_of(told, "sha256"),
                      .state = state};
  if (!form || !stores.versions.find(copy.version)) return false;
  copy.form = *form;
  stores.copies.add(copy, mark);
  return true;
}

// Of a data key whose KEK is destroyed: its wrapped bytes leave the registry.
bool take_dek(Stores& stores, const Json& change, const Mark& /*mark*/) {
  const Json& told = change.at("dek");
  if (text_of(told, "became") != "gone") refuse_unknown(text_of(told, "became"));
  const auto dek = stores.deks.find(text_of(told, "id"));
  if (!dek) return false;
  if (dek->kept != registry::Kept::kGone) stores.deks.erase(dek->id, dek->revision);
  return true;
}

}  // namespace keyrite::act
