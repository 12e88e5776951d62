#include "approval/ssh_key.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "approval/internal/ssh_wire.h"
#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/ed25519_point.h"

namespace keyrite::approval {
namespace {

struct KeyRow {
  SshKeyType type{};
  std::string_view name{};
  Curve curve{Curve::kNone};
  std::string_view curve_name{};  // on the wire, RFC 5656 6.1
  bool security_key{false};
};
constexpr std::array<KeyRow, 7> kKeyRows{{
    {SshKeyType::kEd25519, "ssh-ed25519"},
    {SshKeyType::kEcdsaP256, "ecdsa-sha2-nistp256", Curve::kP256, "nistp256"},
    {SshKeyType::kEcdsaP384, "ecdsa-sha2-nistp384", Curve::kP384, "nistp384"},
    {SshKeyType::kEcdsaP521, "ecdsa-sha2-nistp521", Curve::kP521, "nistp521"},
    {SshKeyType::kRsa, "ssh-rsa"},
    {SshKeyType::kSkEd25519, "sk-ssh-ed25519@openssh.com", Curve::kNone, {}, true},
    {SshKeyType::kSkEcdsaP256, "sk-ecdsa-sha2-nistp256@openssh.com", Curve::kP256, "nistp256",
     true},
}};

constexpr std::string_view kKeyNumbers =
    "the numbers of the key";  // the object in errors of crypto

[[noreturn]] void refuse_key(std::string code, std::string_view origin, std::string_view why,
                             std::string hint) {
  throw Error(Kind::kConfig, std::move(code), fmt::format("{}: {}", printable(origin), why),
              std::move(hint));
}

[[noreturn]] void invalid_key(std::string_view origin, std::string_view why) {
  refuse_key("ssh-key-invalid", origin, why,
             "give the line of the .pub file as ssh-keygen wrote it");
}

const KeyRow& row_of_key(SshKeyType type) {
  return *std::ranges::find(kKeyRows, type, &KeyRow::type);
}

const KeyRow& row_named(std::string_view name, std::string_view origin) {
  const auto* found = std::ranges::find(kKeyRows, name, &KeyRow::name);
  if (found == kKeyRows.end()) {
    refuse_key(
        "ssh-key-unsupported", origin,
        fmt::format("\"{}\" is not a type of SSH key that keyrite accepts", printable(name)),
        "use Ed25519, ECDSA (NIST curves), RSA, or a FIDO key of ssh-keygen -t ed25519-sk or "
        "ecdsa-sk; keyrite accepts neither SSH certificates nor DSA");
  }
  return *found;
}

crypto::PublicKey read_rsa(SshReader& reader, std::string_view origin) {
  const auto exponent = reader.take_positive();
  const auto modulus = exponent ? reader.take_positive() : std::nullopt;
  if (!modulus)
    invalid_key(origin, "the numbers of the RSA key are cut off, or not in canonical form");
  if (modulus->size() > kMaxRsaBits / 8) {
    refuse_key("ssh-key-unsupported", origin,
               fmt::format("the RSA key has more than {} bits", kMaxRsaBits),
               "use an RSA key of 3072 or 4096 bits");
  }
  crypto::PublicKey key = crypto::PublicKey::from_rsa(*modulus, *exponent, kKeyNumbers);
  if (key.rsa_bits() < kMinRsaBits) {
    refuse_key(
        "ssh-key-weak", origin,
        fmt::format("the RSA key has {} bits; the minimum is {}", key.rsa_bits(), kMinRsaBits),
        "make another key: ssh-keygen -t ed25519");
  }
  return key;
}

crypto::PublicKey read_ec(const KeyRow& row, SshReader& reader, std::string_view origin) {
  const auto curve = reader.take_text();
  const auto point = curve ? reader.take_string() : std::nullopt;
  if (!point || *curve != row.curve_name) {
    invalid_key(origin, "the curve or the point of the key is cut off, or does not fit its type");
  }
  constexpr std::uint8_t kUncompressed = 0x04;  // SEC 1 section 2.3.3
  if (point->size() != 1 + 2 * std::size_t{curve_info(row.curve).field_bytes} ||
      point->front() != kUncompressed) {
    invalid_key(origin, "the key is not an uncompressed point of its curve");
  }
  return crypto::PublicKey::from_ec_point(row.curve, *point, kKeyNumbers);
}

crypto::PublicKey read_ed25519(SshReader& reader, std::string_view origin) {
  const auto raw = reader.take_string();
  if (!raw || raw->size() != 32) invalid_key(origin, "an Ed25519 public key has 32 bytes");
  const crypto::Ed25519Flaw flaw = crypto::ed25519_flaw(*raw);
  if (flaw == crypto::Ed25519Flaw::kLowOrder) {
    refuse_key("ssh-key-low-order", origin,
               "the Ed25519 key is a point of low order: anybody can sign with it",
               "do not use it, and find out who gave it: no program makes such a key");
  }
  if (flaw == crypto::Ed25519Flaw::kNotCanonical) {
    refuse_key("ssh-key-not-canonical", origin,
               "the Ed25519 key is not the canonical encoding of its point",
               "give the line of the .pub file as ssh-keygen wrote it");
  }
  return crypto::PublicKey::from_ed25519(*raw, kKeyNumbers);
}

crypto::PublicKey read_numbers(const KeyRow& row, SshReader& reader, std::string_view origin) {
  try {
    if (row.type == SshKeyType::kRsa) return read_rsa(reader, origin);
    if (row.curve != Curve::kNone) return read_ec(row, reader, origin);
    return read_ed25519(reader, origin);
  } catch (const Error& error) {
    // A point off the curve or an even modulus: here that is a bad line, not a cloud's bad file.
    if (error.code() == "public-key-invalid") invalid_key(origin, error.message());
    throw;
  }
}

Bytes blob_from_base64(std::string_view text, std::string_view origin) {
  try {
    return from_base64(text, "the key");
  } catch (const Error& error) {
    invalid_key(origin, error.message());
  }
}

// Cuts the text up to the first blank off, and the blanks behind it.
std::string_view take_word(std::string_view& rest) {
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return word;
}

}  // namespace

std::string_view ssh_name(SshKeyType type) { return row_of_key(type).name; }
bool is_security_key(SshKeyType type) { return row_of_key(type).security_key; }

SshKey ssh_key_from_blob(ByteView blob, std::string_view origin) {
  SshReader reader(blob);
  const auto name = reader.take_text();
  if (!name) invalid_key(origin, "the key is cut off");
  const KeyRow& row = row_named(*name, origin);
  SshKey key{.type = row.type,
             .blob = Bytes(blob.begin(), blob.end()),
             .public_key = read_numbers(row, reader, origin)};
  if (row.security_key) {
    const auto application = reader.take_text();
    if (!application || application->empty()) {
      invalid_key(origin, "the key of an authenticator does not name its application");
    }
    key.application = *application;
  }
  if (!reader.done()) {
    refuse_key("ssh-key-trailing-bytes", origin, "bytes follow the key",
               "give the line of the .pub file as ssh-keygen wrote it");
  }
  return key;
}

SshKey parse_ssh_key(std::string_view line, std::string_view origin) {
  if (line.find("PRIVATE KEY") != std::string_view::npos) {
    refuse_key("private-key-given", origin, "this is a PRIVATE key",
               "give the .pub file, and replace this key: a private key that was given away is "
               "compromised");
  }
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (printable(line) != line) {
    invalid_key(origin, "the line has control characters, or there is more than one line");
  }
  std::string_view rest = line;
  const KeyRow& row = row_named(take_word(rest), origin);
  const std::string_view base64 = take_word(rest);
  if (base64.empty()) invalid_key(origin, "the line ends after the type of the key");
  SshKey key = ssh_key_from_blob(blob_from_base64(base64, origin), origin);
  if (key.type != row.type) {
    refuse_key("ssh-key-type-mismatch", origin,
               fmt::format("the line says {}, and the key in it has type {}", row.name,
                           ssh_name(key.type)),
               "somebody edited the line; fetch the .pub file again");
  }
  key.comment = rest;
  return key;
}

std::string fingerprint(const SshKey& key) {
  std::string base64 = to_base64(crypto::sha256(key.blob));
  while (base64.ends_with('=')) base64.pop_back();
  return "SHA256:" + base64;
}

}  // namespace keyrite::approval
