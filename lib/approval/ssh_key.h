// The public half of an SSH key, which identifies an approver: as ssh-keygen writes it to a .pub
// file, and as a signature has it. Value types that own all they hold; pure, any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "crypto/public_key.h"

namespace keyrite::approval {

// kSk..: the private half is in a FIDO authenticator (OpenSSH PROTOCOL.u2f).
enum class SshKeyType {
  kEd25519,
  kEcdsaP256,
  kEcdsaP384,
  kEcdsaP521,
  kRsa,
  kSkEd25519,
  kSkEcdsaP256,
};

inline constexpr unsigned kMinRsaBits = 2048;   // less is refused: NIST SP 800-131A, table 2
inline constexpr unsigned kMaxRsaBits = 16384;  // OpenSSL verifies nothing by a larger key

struct SshKey {
  SshKeyType type{};
  Bytes blob{};                  // the wire form (RFC 4253 6.6), what fingerprints are made of
  crypto::PublicKey public_key;  // the same for OpenSSL
  std::string application{};     // of kSk.. only: what the authenticator signs for, "ssh:" mostly
  std::string comment{};         // what follows the key in its line; nobody vouches for it

  // The same key of the same type for the same application; comments do not matter.
  friend bool operator==(const SshKey& a, const SshKey& b) { return a.blob == b.blob; }
};

// "ssh-ed25519": in lines and on the wire (RFC 8709, RFC 5656 3.1, RFC 4253 6.6, PROTOCOL.u2f).
[[nodiscard]] std::string_view ssh_name(SshKeyType type);
[[nodiscard]] bool is_security_key(SshKeyType type);

// One line "type base64 comment", the comment being optional, and a final LF if there is one; what
// `ssh-keygen` writes to a .pub file (sshd(8), AUTHORIZED_KEYS FILE FORMAT, without options).
// `origin` names the object in errors. Errors kConfig: "ssh-key-invalid", "ssh-key-trailing-bytes",
// "ssh-key-unsupported" (DSA, certificates and what is not known here), "ssh-key-type-mismatch"
// (the line names another type than the key in it), "ssh-key-weak" (RSA below kMinRsaBits),
// "ssh-key-low-order" and "ssh-key-not-canonical" (crypto/ed25519_point.h), "private-key-given".
[[nodiscard]] SshKey parse_ssh_key(std::string_view line, std::string_view origin);

// The wire form alone, nothing behind it. An EC point must be uncompressed and numbers without
// superfluous zeros: a key has one blob, so that it cannot be entered twice. Errors as above.
[[nodiscard]] SshKey ssh_key_from_blob(ByteView blob, std::string_view origin);

// "SHA256:" and base64 without padding, as `ssh-keygen -l` prints it. Error kInternal "openssl".
[[nodiscard]] std::string fingerprint(const SshKey& key);

}  // namespace keyrite::approval
