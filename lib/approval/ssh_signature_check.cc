#include <algorithm>

#include <fmt/format.h>

#include "approval/internal/ssh_wire.h"
#include "approval/ssh_signature.h"
#include "base/error.h"
#include "base/text.h"

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

[[noreturn]] void refuse_signature(std::string code, std::string_view origin, std::string_view why,
                                   std::string hint) {
  throw Error(Kind::kVerification, std::move(code), fmt::format("{}: {}", printable(origin), why),
              std::move(hint));
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

void require_ssh_signature(const SshSignature& signature, ByteView message, const SshKey& key,
                           std::string_view name_space, std::string_view origin,
                           const SshDemands& demands) {
  switch (check_ssh_signature(signature, message, key, name_space, demands)) {
    case SshOutcome::kGood:
      return;
    case SshOutcome::kOtherKey:
      refuse_signature(
          "sshsig-other-key", origin,
          fmt::format("signed by {}, not by {}", fingerprint(signature.key), fingerprint(key)),
          "ask whose key it is; compare fingerprints with ssh-keygen -l");
    case SshOutcome::kOtherNamespace:
      refuse_signature("sshsig-other-namespace", origin,
                       fmt::format("signed for \"{}\", not for \"{}\"",
                                   printable(signature.name_space), printable(name_space)),
                       fmt::format("sign with ssh-keygen -Y sign -n {}", name_space));
    case SshOutcome::kBadSignature:
      refuse_signature("sshsig-bad", origin, "the signature is not one over these bytes",
                       "sign the very file again; a single changed byte makes it another");
    case SshOutcome::kTouchMissing:
      refuse_signature("sshsig-touch-missing", origin, "nobody touched the authenticator",
                       "make the key without -O no-touch-required");
    case SshOutcome::kUserNotVerified:
      refuse_signature("sshsig-user-not-verified", origin,
                       "the authenticator asked for no PIN or finger, which is demanded here",
                       "make the key with ssh-keygen -O verify-required");
  }
}

}  // namespace keyrite::approval
