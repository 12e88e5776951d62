// Which RSA public exponents the clouds import: one table. Everybody makes 65537, and every cloud
// takes it. Google demands 65537 or more ("Format the key" of its import pages); no provider
// documentation confirms that any other can be imported, and if a cloud refuses a key, or takes it
// and cannot use it, people learn that too late. Pure, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/public_key.h"
#include "provider/provider.h"
#include "provider/rules.h"

namespace keyrite::provider {

struct ExponentRule {
  Provider provider{};
  // Of exponents below 65537, and above it.
  Standing smaller{Standing::kUnverified};
  Standing larger{Standing::kUnverified};
  std::string_view point{};   // the slug for the manifest: "aws-rsa-public-exponent"
  std::string_view reason{};  // one clause
};
[[nodiscard]] const std::vector<ExponentRule>& exponent_rules();

// The points that no source confirms of an import of this key; empty of keys that are not RSA.
// Errors kUsage: "rsa-exponent-refused" (the provider excludes it), "rsa-exponent-unverified" (only
// under Force::kNo).
[[nodiscard]] std::vector<std::string> check_public_exponent(Provider provider,
                                                             const crypto::PublicKey& key,
                                                             Force force);

}  // namespace keyrite::provider
