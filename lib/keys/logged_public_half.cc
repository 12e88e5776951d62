// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "keys/logged_public_half.h"

#include <fmt/format.h>

#include "act/registry_replay.h"
#include "base/bytes.h"
#include "base/error.h"

namespace keyrite::keys {

std::optional<crypto::PublicKey> logged_public_half(const site::Site& site,
                                                    const registry::Version& version) {
  const auto id = to_hex(version.cka_id);
  std::optional<Bytes> spki;
  act::each_registry_entry(site, 0, [&](const act::RegistryEntry& entry) {
    const auto half = entry.facts.find("public_key");
    const auto of = entry.facts.find("key_id");
    if (half == entry.facts.end() || of == entry.facts.end() || *of != id) return;
    if (half->contains("spki")) spki = from_base64(half->at("spki").get<std::string>(), "spki");
  });
  if (!spki) return std::nullopt;
  auto key = crypto::PublicKey::from_spki(*spki, fmt::format("the public half of key {}", id));
  const auto& expected = version.public_key_sha256;
  if (!expected || *expected == key.sha256()) return key;
  throw Error(Kind::kVerification, "version-differs",
              fmt::format("version {} has the public half {} in the registry, and {} in the log",
                          version.id.number, *expected, key.sha256()),
              "a row was changed: find out by whom")
      .with_compared({.expected = key.sha256(), .found = *expected});
}

}  // namespace keyrite::keys
