// The target key of a wrap: found by label or id, exactly one, and what the token says of it. Only
// public attributes are read. One session, one thread.
#pragma once

#include <optional>
#include <string>

#include "acts/key_report.h"
#include "base/key_type.h"
#include "crypto/public_key.h"
#include "pkcs11/session.h"

namespace keyrite::acts {

struct TargetKey {
  pkcs11::ObjectHandle handle{};
  KeyType type{};
  std::string label{};
  Bytes id{};
  std::optional<crypto::PublicKey> public_key{};
  wrap::Usage usage{};
  bool wrap_with_trusted{false};
  NamedValues protections{};  // as read back: {"sensitive", "true"}
};

// Whether a key is named, and its id is hex: asked before anything is logged, since the log has the
// id as it was given. Errors kUsage "target-not-named", "id-invalid".
void require_named(const std::optional<std::string>& label, const std::optional<std::string>& id);

// Errors kToken: "object-not-found", "object-ambiguous", "key-not-extractable",
// "public-half-missing", "public-half-differs", "public-half-not-tried", "key-type-unsupported";
// kUsage "target-not-named", "id-invalid".
[[nodiscard]] TargetKey find_target(pkcs11::Session& session,
                                    const std::optional<std::string>& label,
                                    const std::optional<std::string>& id);

}  // namespace keyrite::acts
