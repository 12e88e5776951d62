// SSHSIG: a signature over a message as `ssh-keygen -Y sign` writes it (OpenSSH PROTOCOL.sshsig).
// It has the signer's key and a namespace, which is also signed, so that a signature for e-mail
// never approves a ceremony. Value types that own all they hold; pure, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "approval/ssh_key.h"
#include "base/bytes.h"
#include "crypto/digest.h"
#include "crypto/signature.h"

namespace keyrite::approval {

// Larger armour is refused unread: by the largest RSA key it has some 6 KiB.
inline constexpr std::size_t kMaxSshSignature = 16384;

struct SshSignature {
  SshKey key;                         // the signer's, as the signature names it
  std::string name_space{};           // "keyrite-approval@keyrite"; "namespace" in OpenSSH's texts
  crypto::Digest message_digest{};    // of the message: kSha256 or kSha512
  std::string message_digest_name{};  // "sha256" or "sha512"
  crypto::SignatureScheme scheme{};
  crypto::Digest digest{};  // of the scheme
  Bytes signature{};        // RSA and Ed25519 as they are; ECDSA r || s, each of the field's length
  std::uint8_t flags{};     // of an authenticator: kTouched, kUserVerified
  std::uint32_t counter{};  // of an authenticator; nobody compares it
};

// What an authenticator says about its person (PROTOCOL.u2f, "SSH U2F Signatures").
inline constexpr std::uint8_t kTouched = 0x01;
inline constexpr std::uint8_t kUserVerified = 0x04;

// Reads the armour: its two lines, base64 in lines of one length (76 columns at most), version 1,
// reserved field empty, nothing behind. `origin` names the object in errors. Errors kVerification:
// "sshsig-malformed"; "sshsig-weak-hash" (SHA-1 or MD5, of the message or in "ssh-rsa"
// signatures); kConfig: those of ssh_key_from_blob about the key in it.
[[nodiscard]] SshSignature parse_ssh_signature(std::string_view armoured, std::string_view origin);

// Whose signature the armour claims to be, also where the rest of it cannot be read; nothing is
// verified. nullopt when no key can be read. Error kInternal "openssl" when OpenSSL cannot work.
[[nodiscard]] std::optional<SshKey> claimed_signer(std::string_view armoured);

}  // namespace keyrite::approval
