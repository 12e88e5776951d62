// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// Whether a signature of a note verifies, and when a witness made it.
#include <algorithm>

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

constexpr std::size_t kTimeBytes = 8;

bool verifies_ed25519(const NoteKey& key, std::string_view text, ByteView signature) {
  return crypto::verify_signature(key.key(), crypto::SignatureScheme::kEd25519,
                                  crypto::Digest::kSha256, as_bytes(text), signature);
}

// c2sp.org/tlog-cosignature: eight bytes of POSIX seconds, then Ed25519 over a header and the note.
bool verifies_cosignature(const NoteKey& key, std::string_view text, ByteView value) {
  if (value.size() <= kTimeBytes) return false;
  const std::uint64_t seconds = big_endian(value.first(kTimeBytes));
  return verifies_ed25519(key, fmt::format("cosignature/v1\ntime {}\n{}", seconds, text),
                          value.subspan(kTimeBytes));
}

}  // namespace

bool verifies(const NoteKey& key, const NoteSignature& signature, std::string_view text) {
  if (signature.name != key.name() || signature.id != key.id()) return false;
  switch (key.type()) {
    case SignatureType::kEd25519:
      return verifies_ed25519(key, text, signature.value);
    case SignatureType::kCosignature:
      return verifies_cosignature(key, text, signature.value);
    case SignatureType::kEcdsa:
      // DER only: r || s is what a token gives, not what a note carries.
      return !signature.value.empty() && signature.value.front() == 0x30 &&
             crypto::verify_signature(key.key(), crypto::SignatureScheme::kEcdsa,
                                      crypto::Digest::kSha256, as_bytes(text), signature.value);
  }
  return false;
}

std::optional<TimePoint> cosignature_time(const NoteSignature& signature) {
  constexpr std::uint64_t kYear10000 = 253402300800;
  const ByteView value(signature.value);
  const std::uint64_t seconds =
      value.size() > kTimeBytes ? big_endian(value.first(kTimeBytes)) : kYear10000;
  if (seconds >= kYear10000) refuse_note(signature.name, "a cosignature has no time");
  if (seconds == 0) return std::nullopt;
  return TimePoint(std::chrono::seconds(seconds));
}

NoteVerdict verify_note(const Note& note, const std::vector<NoteKey>& keys,
                        std::string_view origin) {
  NoteVerdict verdict;
  for (const auto& signature : note.signatures) {
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const NoteKey& one) {
      return one.name() == signature.name && one.id() == signature.id;
    });
    if (key == keys.end()) {
      ++verdict.unknown;
    } else if (verifies(*key, signature, note.text)) {
      // The same line twice is still one signer.
      auto& verified = verdict.verified;
      if (std::find(verified.begin(), verified.end(), key->text()) == verified.end())
        verified.push_back(key->text());
    } else {
      throw Error(Kind::kVerification, "note-signature-wrong",
                  fmt::format("{}: the signature of {} (key id {:08x}) does not verify",
                              printable(origin), key->name(), key->id()),
                  "compare with a copy kept elsewhere: somebody changed the text or the signature");
    }
  }
  if (verdict.verified.empty()) {
    throw Error(Kind::kVerification, "note-unsigned",
                fmt::format("{} has no signature by any key that was given", printable(origin)),
                "give the vkey of this log with --vkey");
  }
  return verdict;
}

}  // namespace keyrite::transcript
