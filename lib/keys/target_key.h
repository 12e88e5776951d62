// The target key of a wrap: exactly one, by label or id, and what the token says about it. Only
// public attributes are read. One session, one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/key_type.h"
#include "crypto/public_key.h"
#include "keys/read_back.h"
#include "pkcs11/session.h"
#include "wrap/key_object.h"

namespace keyrite::keys {

// When the key may be used, as whoever made it said: no token enforces it.
struct KeyDates {
  wrap::KeyDate start{};
  wrap::KeyDate end{};
};

struct TargetKey {
  pkcs11::ObjectHandle handle{};
  KeyType type{};
  std::string label{};
  Bytes id{};
  std::optional<crypto::PublicKey> public_key{};
  KeyUsage usage{};
  // The only hash that a key of type CKK_SHA256_HMAC and its kin may be used with.
  std::optional<crypto::Digest> hash{};
  bool wrap_with_trusted{false};
  KeyDates dates{};
  NamedValues protections{};  // as read back: {"sensitive", "true"}; dates where it has some
};

// Before the log has the id as given: errors kUsage "target-not-named", "id-invalid" (not hex).
void require_named(const std::optional<std::string>& label, const std::optional<std::string>& id);

// Errors kToken: "object-not-found", "object-ambiguous", "key-not-extractable",
// "public-half-missing", "public-half-differs", "public-half-not-tried", those of
// wrap::read_key_type; kUsage "target-not-named", "id-invalid".
[[nodiscard]] TargetKey find_target(pkcs11::Session& session,
                                    const std::optional<std::string>& label,
                                    const std::optional<std::string>& id);
// The same of a key that need not leave the token.
[[nodiscard]] TargetKey find_key(pkcs11::Session& session, const std::optional<std::string>& label,
                                 const std::optional<std::string>& id);

// Error kToken "key-outside-dates". What is no date refuses nothing: date_remarks() reports it.
void require_within_dates(const TargetKey& target, TimePoint now);
// For people: dates that are not within, or cannot be read. Empty: there is nothing to say.
[[nodiscard]] std::vector<std::string> date_remarks(const TargetKey& target, TimePoint now);
[[nodiscard]] bool is_outside_dates(const TargetKey& target, TimePoint now);

}  // namespace keyrite::keys
