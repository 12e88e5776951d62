// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// One object by its label, its id and its class: what is found must be exactly what was asked for.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/text.h"
#include "pkcs11/session.h"

namespace keyrite::pkcs11 {

namespace {

std::string_view class_text(ObjectClass object_class) {
  switch (object_class) {
    case ObjectClass::kPublicKey:
      return "public key";
    case ObjectClass::kPrivateKey:
      return "private key";
    case ObjectClass::kSecretKey:
      return "secret key";
  }
  return "object";
}

// Of keys that are there, so that a mistyped label finds the one that was meant. A token that does
// not show them leaves the error as it is.
std::vector<std::string> labels_there(const Session& session, const ObjectQuery& query) {
  constexpr std::size_t kMostLooked = 1000;
  Template keys;
  if (query.object_class) keys.set<Attr::kClass>(*query.object_class);
  std::set<std::string> labels;
  try {
    auto found = session.find(keys);
    found.resize(std::min(found.size(), kMostLooked));
    for (const ObjectHandle object : found) {
      if (auto label = session.read_text(object, Attr::kLabel)) labels.insert(*std::move(label));
    }
  } catch (const Error&) {
    return {};
  }
  return {labels.begin(), labels.end()};
}

std::string how_to_find(const Session& session, const ObjectQuery& query) {
  constexpr std::string_view kCheck =
      "check the label and the id; private objects are visible only after the login";
  return query.label ? hint_with_nearest(*query.label, labels_there(session, query), kCheck)
                     : std::string(kCheck);
}

}  // namespace

std::string ObjectQuery::text() const {
  std::string text(object_class ? class_text(*object_class) : "key");
  if (label) text += fmt::format(" \"{}\"", printable(*label));
  if (id) text += fmt::format("{} id {}", label ? "," : "", to_hex(*id));
  return text;
}

ObjectHandle Session::find_one(const ObjectQuery& query) const {
  Template wanted;
  if (query.label) wanted.set<Attr::kLabel>(*query.label);
  if (query.id) wanted.set<Attr::kId>(*query.id);
  if (query.object_class) wanted.set<Attr::kClass>(*query.object_class);
  const auto found = find(wanted);
  if (found.size() == 1) {
    require_same(found.front(), wanted, query);
    return found.front();
  }
  if (found.empty()) {
    throw Error(
        Kind::kToken, "object-not-found",
        fmt::format("token \"{}\" holds no {}", printable(token_.info().label), query.text()),
        how_to_find(*this, query));
  }
  throw Error(Kind::kToken, "object-ambiguous",
              fmt::format("token \"{}\" holds {} objects that match {}",
                          printable(token_.info().label), found.size(), query.text()),
              how_to_name_one(found));
}

std::string Session::how_to_name_one(const std::vector<ObjectHandle>& found) const {
  std::vector<std::string> ids;
  std::vector<std::string> both;
  for (const auto handle : found) {
    ids.push_back(to_hex(read_bytes(handle, Attr::kId).value_or(Bytes{})));
    both.push_back(fmt::format("\"{}\" {}", printable(read_text(handle, Attr::kLabel).value_or("")),
                               ids.back()));
  }
  const auto all_differ = [](const std::vector<std::string>& names) {
    return std::set<std::string>(names.begin(), names.end()).size() == names.size();
  };
  if (all_differ(ids)) return fmt::format("name one of them by its id: {}", fmt::join(ids, ", "));
  if (all_differ(both)) {
    return fmt::format(
        "they share an id, which some tokens do not support; name one by label and id: {}",
        fmt::join(both, ", "));
  }
  return fmt::format(
      "they have the same label and id ({}): change the label or id of one with the tools of the "
      "token's vendor",
      fmt::join(both, ", "));
}

// A token that filters wrongly would hand over another key.
void Session::require_same(ObjectHandle object, const Template& wanted,
                           const ObjectQuery& query) const {
  for (const auto& entry : wanted.entries()) {
    const auto value = read_bytes(object, entry.attribute);
    if (value == entry.value) continue;
    throw Error(
        Kind::kToken, "object-differs",
        fmt::format("token \"{}\" was searched for a {} and returned an object whose {} is {}",
                    printable(token_.info().label), query.text(),
                    attribute_info(entry.attribute).name,
                    value ? value_text(entry.attribute, *value) : "not readable"),
        "do not use this token; report it to its vendor");
  }
}

}  // namespace keyrite::pkcs11
