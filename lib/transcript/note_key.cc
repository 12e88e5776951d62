// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// A key of a note, and the vkey that it is published as.
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/lower_hex.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/signature.h"
#include "transcript/internal/key_name.h"
#include "transcript/note.h"

namespace keyrite::transcript {

namespace {

[[noreturn]] void bad_vkey(std::string_view text, std::string_view why) {
  throw Error(Kind::kConfig, "vkey-invalid",
              fmt::format("\"{}\" is not a vkey: {}", printable(text), why),
              "a vkey looks like NAME+KEYID+BASE64");
}

Bytes key_bytes(SignatureType type, const crypto::PublicKey& key) {
  if (type == SignatureType::kEcdsa) return key.spki();
  // The last 32 bytes of an Ed25519 SubjectPublicKeyInfo are the key (RFC 8410 section 4).
  return {key.spki().end() - 32, key.spki().end()};
}

bool fits(SignatureType type, const KeyType& key) {
  return type == SignatureType::kEcdsa
             ? key.family == KeyFamily::kEc && key.curve != Curve::kSecp256k1
             : key.family == KeyFamily::kEd25519;
}

crypto::PublicKey key_of(SignatureType type, ByteView bytes) {
  return type == SignatureType::kEcdsa ? crypto::PublicKey::from_spki(bytes, "the vkey")
                                       : crypto::PublicKey::from_ed25519(bytes, "the vkey");
}

SignatureType type_of(std::uint8_t number, std::string_view text) {
  constexpr std::array kKnown{SignatureType::kEd25519, SignatureType::kEcdsa,
                              SignatureType::kCosignature};
  for (const SignatureType type : kKnown) {
    if (static_cast<std::uint8_t>(type) == number) return type;
  }
  throw Error(Kind::kConfig, "vkey-type-unknown",
              fmt::format("\"{}\": keyrite does not verify signatures of type 0x{:02x}",
                          printable(text), number),
              "leave this key out: keyrite then skips its signatures and verifies the others");
}

std::uint32_t parse_id(std::string_view hex, std::string_view text) {
  if (!is_lower_hex(hex, kKeyIdBytes)) bad_vkey(text, "its key id is not 8 lower-case hex digits");
  return key_id(from_hex(hex));
}

}  // namespace

NoteKey NoteKey::of(std::string name, SignatureType type, crypto::PublicKey key) {
  if (!is_key_name(name) || !fits(type, key.type())) {
    throw Error(
        Kind::kInternal, "vkey-key-unfit",
        fmt::format("\"{}\" and {} cannot form a vkey", printable(name), key.type().name()));
  }
  return {std::move(name), type, std::move(key)};
}

NoteKey NoteKey::parse(std::string_view text) {
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) bad_vkey(text, "it does not have three parts joined by +");
  const std::string_view name = text.substr(0, first);
  if (!is_key_name(name)) bad_vkey(text, "its name is empty or has spaces");
  const auto id = parse_id(text.substr(first + 1, second - first - 1), text);
  Bytes coded;
  try {
    coded = from_base64(text.substr(second + 1), "vkey");
  } catch (const Error&) {
    bad_vkey(text, "its key is not base64");
  }
  if (coded.size() < 2) bad_vkey(text, "it has no key");
  const SignatureType type = type_of(coded.front(), text);
  try {
    NoteKey key = of(std::string(name), type, key_of(type, ByteView(coded).subspan(1)));
    if (key.id() != id) bad_vkey(text, "its key id is not that of its key");
    return key;
  } catch (const Error& error) {
    if (error.code() == "vkey-invalid") throw;
    bad_vkey(text, error.message());
  }
}

std::uint32_t NoteKey::id() const {
  if (type_ == SignatureType::kEcdsa) return key_id(crypto::sha256(key_.spki()));
  Bytes hashed(as_bytes(name_).begin(), as_bytes(name_).end());
  hashed.push_back('\n');
  hashed.push_back(static_cast<std::uint8_t>(type_));
  return key_id(crypto::sha256(concat(hashed, key_bytes(type_, key_))));
}

std::string NoteKey::text() const {
  Bytes coded{static_cast<std::uint8_t>(type_)};
  return fmt::format("{}+{:08x}+{}", name_, id(), to_base64(concat(coded, key_bytes(type_, key_))));
}

}  // namespace keyrite::transcript
