#include "approval/ssh_signature.h"

#include <fmt/format.h>

#include "approval/internal/ssh_wire.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::approval {
namespace {

constexpr std::string_view kArmourBegin = "-----BEGIN SSH SIGNATURE-----\n";
constexpr std::string_view kArmourEnd = "-----END SSH SIGNATURE-----";
constexpr std::size_t kMaxArmourColumns = 76;

[[noreturn]] void malformed(std::string_view origin, std::string_view why) {
  throw Error(Kind::kVerification, "sshsig-malformed",
              fmt::format("{}: {}", printable(origin), why),
              "give the .sig file as ssh-keygen -Y sign wrote it");
}

[[noreturn]] void weak_hash(std::string_view origin, std::string_view name) {
  throw Error(Kind::kVerification, "sshsig-weak-hash",
              fmt::format("{}: the signature rests on {}, which is broken", printable(origin),
                          printable(name)),
              "sign again with ssh-keygen -Y sign of OpenSSH 8.2 or later");
}

// The base64 of all lines, without the line ends. One armour per blob: a text that was altered
// anywhere is refused, even where that changes no bit of the blob.
std::string joined_lines(std::string_view lines, std::string_view origin) {
  std::string joined;
  const std::size_t columns = lines.find('\n');
  if (columns == 0 || columns > kMaxArmourColumns) malformed(origin, "its lines are too long");
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    if (end == std::string_view::npos) malformed(origin, "its last line is cut off");
    const bool last = end + 1 == lines.size();
    if (end == 0 || end > columns || (end != columns && !last)) {
      malformed(origin, "its lines do not have the same length");
    }
    joined += lines.substr(0, end);
    lines.remove_prefix(end + 1);
  }
  return joined;
}

Bytes blob_in_armour(std::string_view text, std::string_view origin) {
  if (text.size() > kMaxSshSignature) malformed(origin, "it is far larger than a signature");
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.size() < kArmourBegin.size() + kArmourEnd.size() || !text.starts_with(kArmourBegin) ||
      !text.ends_with(kArmourEnd)) {
    malformed(origin, "this is not an armoured SSH signature");
  }
  text.remove_prefix(kArmourBegin.size());
  text.remove_suffix(kArmourEnd.size());
  try {
    return from_base64(joined_lines(text, origin), "the armour");
  } catch (const Error& error) {
    if (error.code() != "not-base64") throw;
    malformed(origin, error.message());
  }
}

void read_message_digest(SshReader& reader, SshSignature& into, std::string_view origin) {
  const auto name = reader.take_text();
  if (!name) malformed(origin, "it is cut off before the name of the hash");
  if (*name == "sha1" || *name == "md5") weak_hash(origin, *name);
  if (*name != "sha256" && *name != "sha512") {
    malformed(origin,
              fmt::format("\"{}\" is not a hash that SSH signatures use", printable(*name)));
  }
  into.message_digest_name = *name;
  into.message_digest = *name == "sha256" ? crypto::Digest::kSha256 : crypto::Digest::kSha512;
}

// Which mathematics the signature's own type name stands for, given the key's type.
void choose_scheme(std::string_view algorithm, SshSignature& into, std::string_view origin) {
  using crypto::Digest;
  using crypto::SignatureScheme;
  const SshKeyType type = into.key.type;
  if (type == SshKeyType::kRsa) {
    if (algorithm == "ssh-rsa") weak_hash(origin, "SHA-1 (\"ssh-rsa\")");
    into.scheme = SignatureScheme::kRsaPkcs1;  // RFC 8332 section 3
    into.digest = algorithm == "rsa-sha2-256" ? Digest::kSha256 : Digest::kSha512;
    if (algorithm == "rsa-sha2-256" || algorithm == "rsa-sha2-512") return;
  } else if (algorithm == ssh_name(type)) {
    const bool ed25519 = type == SshKeyType::kEd25519 || type == SshKeyType::kSkEd25519;
    into.scheme = ed25519 ? SignatureScheme::kEd25519 : SignatureScheme::kEcdsa;
    // RFC 5656 section 6.2.1: the hash follows from the curve's size.
    into.digest = type == SshKeyType::kEcdsaP384   ? Digest::kSha384
                  : type == SshKeyType::kEcdsaP521 ? Digest::kSha512
                                                   : Digest::kSha256;
    return;
  }
  malformed(origin, fmt::format("a key of type {1} makes no signature of type \"{0}\"",
                                printable(algorithm), ssh_name(type)));
}

void append_number(Bytes& to, ByteView number, std::size_t field) {
  to.resize(to.size() + field - number.size(), 0);
  to.insert(to.end(), number.begin(), number.end());
}

// RFC 5656 section 3.1.2: two mpint in a string. crypto takes them at their full length.
Bytes read_ecdsa_pair(ByteView pair, const SshKey& key, std::string_view origin) {
  const std::size_t field = curve_info(key.public_key.type().curve).field_bytes;
  SshReader reader(pair);
  const auto r = reader.take_positive();
  const auto s = r ? reader.take_positive() : std::nullopt;
  if (!s || r->size() > field || s->size() > field || !reader.done()) {
    malformed(origin, "its two numbers are cut off, not in canonical form, or too large");
  }
  Bytes fixed;
  append_number(fixed, *r, field);
  append_number(fixed, *s, field);
  return fixed;
}

void read_signature(ByteView content, SshSignature& into, std::string_view origin) {
  SshReader reader(content);
  const auto algorithm = reader.take_text();
  const auto bytes = algorithm ? reader.take_string() : std::nullopt;
  if (!bytes) malformed(origin, "the signature in it is cut off");
  choose_scheme(*algorithm, into, origin);
  into.signature = into.scheme == crypto::SignatureScheme::kEcdsa
                       ? read_ecdsa_pair(*bytes, into.key, origin)
                       : Bytes(bytes->begin(), bytes->end());
  if (is_security_key(into.key.type)) {
    const auto flags = reader.take_byte();
    const auto counter = flags ? reader.take_u32() : std::nullopt;
    if (!counter) malformed(origin, "the flags and counter of the authenticator are cut off");
    into.flags = *flags;
    into.counter = *counter;
  }
  if (!reader.done()) malformed(origin, "bytes follow the signature in it");
}

}  // namespace

std::optional<SshKey> claimed_signer(std::string_view armoured) {
  try {
    const Bytes blob = blob_in_armour(armoured, "");
    SshReader reader(blob);
    if (!reader.take_exactly("SSHSIG") || !reader.take_u32()) return std::nullopt;
    const auto key = reader.take_string();
    return key ? std::optional(ssh_key_from_blob(*key, "")) : std::nullopt;
  } catch (const Error& error) {
    if (error.kind() == Kind::kInternal) throw;
    return std::nullopt;
  }
}

SshSignature parse_ssh_signature(std::string_view armoured, std::string_view origin) {
  const Bytes blob = blob_in_armour(armoured, origin);
  SshReader reader(blob);
  if (!reader.take_exactly("SSHSIG")) malformed(origin, "there is no SSHSIG in the armour");
  if (reader.take_u32() != 1U) malformed(origin, "its version is not 1");
  const auto key = reader.take_string();
  const auto name_space = key ? reader.take_text() : std::nullopt;
  const auto reserved = name_space ? reader.take_string() : std::nullopt;
  if (!reserved) malformed(origin, "it is cut off");
  if (name_space->empty()) malformed(origin, "its namespace is empty");
  if (!reserved->empty()) malformed(origin, "its reserved field is not empty");
  SshSignature result{.key = ssh_key_from_blob(*key, origin), .name_space = *name_space};
  read_message_digest(reader, result, origin);
  const auto signature = reader.take_string();
  if (!signature) malformed(origin, "it is cut off before the signature");
  read_signature(*signature, result, origin);
  if (!reader.done()) malformed(origin, "bytes follow the signature");
  return result;
}

}  // namespace keyrite::approval
