// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/list_keys.h"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>
#include <utility>

#include "act/entry_head.h"
#include "base/bytes.h"
#include "base/error.h"
#include "keys/internal/logged_making.h"
#include "wrap/key_generation.h"
#include "wrap/key_object.h"

namespace keyrite::keys {

namespace {

using pkcs11::Attr;
using pkcs11::ObjectClass;
using pkcs11::ObjectHandle;

constexpr std::array<std::pair<Attr, std::string_view>, 7> kUses{{{Attr::kEncrypt, "encrypt"},
                                                                  {Attr::kDecrypt, "decrypt"},
                                                                  {Attr::kSign, "sign"},
                                                                  {Attr::kVerify, "verify"},
                                                                  {Attr::kWrap, "wrap"},
                                                                  {Attr::kUnwrap, "unwrap"},
                                                                  {Attr::kDerive, "derive"}}};

std::string_view kind_of(ObjectClass object_class) {
  if (object_class == ObjectClass::kSecretKey) return "secret";
  return object_class == ObjectClass::kPrivateKey ? "private" : "public";
}

// A type that keyrite does not know is another program's key, and stops nothing.
void read_listed_type(pkcs11::Session& session, ObjectHandle handle, ListedKey& key) {
  try {
    const auto type = wrap::read_key_type(session, handle);
    key.type = type.name();
    key.known_type = true;
    if (key.kind == "public")
      key.public_key_sha256 = wrap::read_public_key(session, handle, type).sha256();
  } catch (const Error& error) {
    if (error.ckr() || error.kind() != Kind::kToken) throw;
    key.type = error.message();
  }
}

ListedKey read_listed(pkcs11::Session& session, ObjectHandle handle, ObjectClass object_class) {
  ListedKey key{.label = session.read_text(handle, Attr::kLabel).value_or(""),
                .id = session.read_bytes(handle, Attr::kId).value_or(Bytes{}),
                .kind = kind_of(object_class)};
  read_listed_type(session, handle, key);
  for (const auto& [attribute, name] : kUses) {
    if (session.read_bool(handle, attribute) == true) key.usage.push_back(name);
  }
  if (object_class != ObjectClass::kPublicKey)
    key.extractable = session.read_bool(handle, Attr::kExtractable);
  return key;
}

std::vector<ListedKey> keys_of_class(pkcs11::Session& session, ObjectClass object_class) {
  std::vector<ListedKey> keys;
  const auto wanted = pkcs11::Template{}.set<Attr::kClass>(object_class).set<Attr::kToken>(true);
  for (const auto handle : session.find(wanted))
    keys.push_back(read_listed(session, handle, object_class));
  return keys;
}

// The public halves go with their private keys, and are keys of their own where there is none.
void join_halves(std::vector<ListedKey>& keys, std::vector<ListedKey> halves) {
  for (auto& half : halves) {
    const auto own = std::ranges::find_if(keys, [&](const ListedKey& key) {
      return key.kind == "private" && !key.id.empty() && key.id == half.id &&
             key.type == half.type && !key.public_key_sha256;
    });
    if (own == keys.end()) {
      keys.push_back(std::move(half));
    } else {
      own->public_key_sha256 = std::move(half.public_key_sha256);
    }
  }
}

bool in_this_token(const LoggedMaking& making, const pkcs11::TokenInfo& token) {
  const Json here = act::token_head(token);
  return making.token.is_object() && making.token.value("serial", Json()) == here.at("serial") &&
         making.token.value("model", Json()) == here.at("model");
}

void judge_making(ListedKey& key, const std::vector<LoggedMaking>& makings,
                  const pkcs11::TokenInfo& token) {
  for (const auto& making : makings) {
    if (!making.vouched || making.key_type != key.type || !in_this_token(making, token)) continue;
    const bool pair = key.kind != "secret";
    if (pair && key.public_key_sha256.value_or("") != making.public_key_sha256) continue;
    key.made = pair ? MadeHere::kSameKey : MadeHere::kSameId;
    key.entry = making.entry;
  }
}

void judge_makings(std::vector<ListedKey>& keys, const site::Site& site,
                   const pkcs11::TokenInfo& token) {
  std::vector<std::string> ids;
  for (auto& key : keys) {
    if (key.id.empty()) continue;
    const bool log_key = to_hex(key.id) == site.settings.log.key_id && key.kind == "private";
    key.made = log_key ? MadeHere::kLogKey : MadeHere::kNo;
    if (!log_key) ids.push_back(to_hex(key.id));
  }
  if (ids.empty()) return;
  const auto makings = logged_makings(site, ids);
  for (auto& key : keys) {
    const auto own = makings.find(to_hex(key.id));
    if (key.made == MadeHere::kNo && own != makings.end()) judge_making(key, own->second, token);
  }
}

}  // namespace

const std::vector<act::Field<ListTokenRequest>>& ListTokenRequest::table() {
  static const std::vector<act::Field<ListTokenRequest>> none{};
  return none;
}

std::vector<ListedKey> listed_keys(act::TokenSession& token, const act::Context& context) {
  auto& session = token.session();
  session.require_login();
  auto keys = keys_of_class(session, ObjectClass::kSecretKey);
  for (auto& one : keys_of_class(session, ObjectClass::kPrivateKey)) keys.push_back(std::move(one));
  join_halves(keys, keys_of_class(session, ObjectClass::kPublicKey));
  if (context.site) judge_makings(keys, context.site->site, token.info());
  std::ranges::stable_sort(
      keys, {}, [](const ListedKey& key) { return std::tuple(key.label, to_hex(key.id)); });
  return keys;
}

}  // namespace keyrite::keys
