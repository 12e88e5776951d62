#include "credential/record.h"

#include "base/canonical_json.h"
#include "base/clock.h"
#include "dek/record.h"

namespace keyrite::credential {

Json time_json(const std::optional<registry::Time>& time) {
  return time ? Json(format_rfc3339(*time)) : Json();
}

std::string header_of(const registry::Credential& row, const registry::Dek& dek) {
  return canonical_json({{"credential", kCredentialRecordVersion},
                         {"cipher", "aes-256-gcm"},
                         {"id", row.id},
                         {"tenant", row.tenant},
                         {"service", row.service},
                         {"environment", row.environment},
                         {"scope", row.scope},
                         {"dek", row.dek},
                         {"sealed", format_rfc3339(dek.created)},
                         {"expires", time_json(row.expires)}});
}

Json record_of(const registry::Credential& row, const registry::Dek& dek) {
  return {{"header", header_of(row, dek)},
          {"iv", to_base64(row.iv)},
          {"sealed", to_base64(row.sealed)},
          {"dek", dek::to_line(dek::record_of(dek))}};
}

}  // namespace keyrite::credential
