#include "approval/ssh_signature_check.h"

#include <algorithm>

#include "approval/internal/ssh_wire.h"

namespace keyrite::approval {
namespace {

// PROTOCOL.sshsig section 3; the reserved field is empty.
Bytes signed_content(const SshSignature& signature, ByteView message) {
  const ByteView magic = as_bytes("SSHSIG");
  Bytes content(magic.begin(), magic.end());
  append_ssh_string(content, as_bytes(signature.name_space));
  append_ssh_string(content, {});
  append_ssh_string(content, as_bytes(signature.message_digest_name));
  append_ssh_string(content, crypto::digest(signature.message_digest, message));
  return content;
}

// PROTOCOL.u2f: SHA-256 of the application, flags, counter, SHA-256 of what is signed.
Bytes authenticator_content(const SshSignature& signature, ByteView content) {
  Bytes wrapped = crypto::sha256(as_bytes(signature.key.application));
  wrapped.push_back(signature.flags);
  for (unsigned shift = 32; shift != 0; shift -= 8) {
    wrapped.push_back(static_cast<std::uint8_t>(signature.counter >> (shift - 8) & 0xffU));
  }
  return concat(wrapped, crypto::sha256(content));
}

bool verifies(const SshSignature& signature, ByteView message) {
  Bytes content = signed_content(signature, message);
  if (is_security_key(signature.key.type)) content = authenticator_content(signature, content);
  return crypto::verify_signature(signature.key.public_key, signature.scheme, signature.digest,
                                  content, signature.signature);
}

}  // namespace

SshOutcome check_ssh_signature(const SshSignature& signature, ByteView message, const SshKey& key,
                               std::string_view name_space, const SshDemands& demands) {
  if (!(signature.key == key)) return SshOutcome::kOtherKey;
  if (signature.name_space != name_space) return SshOutcome::kOtherNamespace;
  if (!verifies(signature, message)) return SshOutcome::kBadSignature;
  if (!is_security_key(key.type)) return SshOutcome::kGood;
  if ((signature.flags & kTouched) == 0) return SshOutcome::kTouchMissing;
  if (demands.user_verified && (signature.flags & kUserVerified) == 0) {
    return SshOutcome::kUserNotVerified;
  }
  return SshOutcome::kGood;
}

}  // namespace keyrite::approval
