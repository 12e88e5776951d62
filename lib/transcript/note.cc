#include "transcript/note.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/lower_hex.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/signature.h"

namespace keyrite::transcript {

namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // EM DASH and a space
constexpr std::size_t kMaxNote = std::size_t{1} << 20U;
constexpr std::size_t kMaxSignatures = 64;
constexpr std::size_t kIdBytes = 4;
constexpr std::size_t kTimeBytes = 8;

[[noreturn]] void bad_vkey(std::string_view text, std::string_view why) {
  throw Error(Kind::kConfig, "vkey-invalid",
              fmt::format("\"{}\" is not a vkey: {}", printable(text), why),
              "a vkey looks like NAME+KEYID+BASE64");
}

[[noreturn]] void bad_note(std::string_view origin, std::string_view why) {
  throw Error(Kind::kVerification, "note-invalid",
              fmt::format("{} is not a signed note: {}", printable(origin), why),
              "give the checkpoint as it was written, byte for byte");
}

// Space and + separate the parts of a note and of a vkey.
bool is_key_name(std::string_view name) {
  return !name.empty() && std::none_of(name.begin(), name.end(), [](unsigned char c) {
    return c <= 0x20 || c == '+' || c == 0x7f;
  });
}

std::uint64_t big_endian(ByteView bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8U | byte;
  return value;
}

std::uint32_t key_id(ByteView bytes) {
  return static_cast<std::uint32_t>(big_endian(bytes.first(kIdBytes)));
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
  if (!is_lower_hex(hex, kIdBytes)) bad_vkey(text, "its key id is not 8 lower-case hex digits");
  return key_id(from_hex(hex));
}

NoteSignature parse_signature(std::string_view line, std::string_view origin) {
  if (!line.starts_with(kDash)) bad_note(origin, "a signature line does not begin with a dash");
  line.remove_prefix(kDash.size());
  const auto space = line.find(' ');
  if (space == std::string_view::npos || !is_key_name(line.substr(0, space)))
    bad_note(origin, "a signature line has no key name");
  Bytes decoded;
  try {
    decoded = from_base64(line.substr(space + 1), "signature");
  } catch (const Error&) {
    bad_note(origin, "a signature is not base64");
  }
  if (decoded.size() <= kIdBytes) bad_note(origin, "a signature is too short");
  return {.name = std::string(line.substr(0, space)),
          .id = key_id(decoded),
          .value = Bytes(decoded.begin() + kIdBytes, decoded.end())};
}

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

std::string NoteSignature::line() const {
  Bytes coded;
  for (unsigned shift = 32; shift != 0; shift -= 8)
    coded.push_back(static_cast<std::uint8_t>(id >> (shift - 8) & 0xffU));
  return fmt::format("{}{} {}\n", kDash, name, to_base64(concat(coded, value)));
}

std::string Note::bytes() const {
  std::string whole = text + "\n";
  for (const auto& signature : signatures) whole += signature.line();
  return whole;
}

Note parse_note(std::string_view bytes, std::string_view origin) {
  if (bytes.size() > kMaxNote) bad_note(origin, "it is larger than 1 MiB");
  if (!is_utf8(bytes)) bad_note(origin, "it is not UTF-8");
  const bool control = std::any_of(bytes.begin(), bytes.end(),
                                   [](unsigned char c) { return c < 0x20 && c != '\n'; });
  if (control) bad_note(origin, "it has control characters");
  const auto split = bytes.rfind("\n\n");
  if (split == std::string_view::npos)
    bad_note(origin, "it has no empty line before the signatures");
  Note note{.text = std::string(bytes.substr(0, split + 1))};
  std::string_view rest = bytes.substr(split + 2);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) bad_note(origin, "its last line has no line end");
    note.signatures.push_back(parse_signature(rest.substr(0, end), origin));
    rest.remove_prefix(end + 1);
  }
  if (note.signatures.empty()) bad_note(origin, "it has no signature");
  if (note.signatures.size() > kMaxSignatures) bad_note(origin, "it has too many signatures");
  return note;
}

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
  if (seconds >= kYear10000) bad_note(signature.name, "a cosignature has no time");
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
