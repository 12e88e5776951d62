// Signed notes (c2sp.org/signed-note v1.0.0) and the keys that verify them. Signs nothing: a log's
// key lives in a token. Values and pure functions, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "crypto/public_key.h"

namespace keyrite::transcript {

// The kinds of signature that are understood; others are skipped, as the specification demands.
enum class SignatureType : std::uint8_t {
  kEd25519 = 0x01,      // over the text
  kEcdsa = 0x02,        // P-256, P-384 or P-521, SHA-256 of the text, ASN.1 DER
  kCosignature = 0x04,  // Ed25519 of a witness, with its time (c2sp.org/tlog-cosignature, v1)
};

// A vkey: who a name is, by a public key. Text form "<name>+<key id>+<base64(type || key)>".
class NoteKey {
 public:
  // Errors kConfig: "vkey-invalid" (form, name, base64, a key id that is not that of the key),
  // "vkey-type-unknown".
  [[nodiscard]] static NoteKey parse(std::string_view text);
  // Error kInternal "vkey-key-unfit" when the key does not fit the type.
  [[nodiscard]] static NoteKey of(std::string name, SignatureType type, crypto::PublicKey key);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] SignatureType type() const { return type_; }
  [[nodiscard]] const crypto::PublicKey& key() const { return key_; }
  // First four bytes, big-endian, of SHA-256(name || LF || type || key); for ECDSA of
  // SHA-256(SPKI).
  [[nodiscard]] std::uint32_t id() const;
  [[nodiscard]] std::string text() const;

 private:
  NoteKey(std::string name, SignatureType type, crypto::PublicKey key)
      : name_(std::move(name)), type_(type), key_(std::move(key)) {}
  std::string name_;
  SignatureType type_;
  crypto::PublicKey key_;
};

struct NoteSignature {
  std::string name{};
  std::uint32_t id{};
  Bytes value{};                           // what follows the key id
  [[nodiscard]] std::string line() const;  // "— name base64", with its LF
};

struct Note {
  std::string text{};  // what is signed: ends in LF
  std::vector<NoteSignature> signatures{};
  [[nodiscard]] std::string bytes() const;
};

// Strict: UTF-8 without control characters but LF, split at the last empty line, one to 64
// signature lines, at most 1 MiB. `origin` names the file. Error kVerification "note-invalid",
// which says what is wrong.
[[nodiscard]] Note parse_note(std::string_view bytes, std::string_view origin);

// True when this one signature is `key`'s over the note's text.
[[nodiscard]] bool verifies(const NoteKey& key, const NoteSignature& signature,
                            std::string_view text);

// When a witness signed: the first eight bytes of a cosignature. nullopt where they are 0: it names
// no time. Error kVerification "note-invalid" when it has no such bytes, or names a time after the
// year 9999.
[[nodiscard]] std::optional<TimePoint> cosignature_time(const NoteSignature& signature);

struct NoteVerdict {
  std::vector<std::string> verified{};  // vkey texts with a good signature, each once
  std::size_t unknown{0};               // signatures by nobody in the list
};
// The specification's rule: signatures by unknown keys are skipped, each by a known key must
// verify. Errors kVerification: "note-signature-wrong" (names the key), "note-unsigned" (none by a
// known key).
[[nodiscard]] NoteVerdict verify_note(const Note& note, const std::vector<NoteKey>& keys,
                                      std::string_view origin);

}  // namespace keyrite::transcript
