// A sealed credential as its page describes it (docs/formats/credential.md): its header, which is
// the associated data of the seal, and the whole record, which opens without keyrite where the data
// key is known. Values, any thread.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "registry/model.h"

namespace keyrite::credential {

inline constexpr int kCredentialRecordVersion = 1;

// Canonical JSON, without a newline. Tenant, credential, service, environment, scope, expiry, and
// the data key, which is a fresh one for each secret: what is changed in a row, or put there from
// another, does not open. Neither the version of the KEK, so that a rotation wraps the data key
// anew and decrypts nothing, nor what may change without a new secret: owner, due. `dek`: the row
// of row.dek.
[[nodiscard]] std::string header_of(const registry::Credential& row, const registry::Dek& dek);

// {"header", "iv", "sealed", "dek"}: as keyrite credential show --json has it.
[[nodiscard]] Json record_of(const registry::Credential& row, const registry::Dek& dek);

// RFC 3339, or null.
[[nodiscard]] Json time_json(const std::optional<registry::Time>& time);

}  // namespace keyrite::credential
