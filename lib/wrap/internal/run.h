// The wrap itself, for throw-away keys and for real ones alike, so that the self-test tests what is
// then done.
#pragma once

#include "wrap/execute.h"

namespace keyrite::wrap::internal {

// No length checks: the self-test judges the content. Errors as wrap::execute.
[[nodiscard]] Wrapped run(pkcs11::Session& session, const Recipe& recipe,
                          const WrappingKey& wrapping_key, const Target& target);

}  // namespace keyrite::wrap::internal
