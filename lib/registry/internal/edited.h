// The one message of a decision that is not what the log says.
#pragma once

#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "registry/decision.h"

namespace keyrite::registry::internal {

[[noreturn]] inline void refuse_edited(const DecisionId& id, std::string_view why) {
  throw Error(Kind::kVerification, "decision-edited",
              fmt::format("the registry's decision on {} {} is not the one in the log: {}",
                          word(id.kind), id.subject, why),
              "somebody changed the registry by hand, or put an old one there: find out who, and "
              "put back a backup that you trust");
}

}  // namespace keyrite::registry::internal
