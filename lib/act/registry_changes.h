// What an entry tells of the registry, taken over: each item of the fact "changes" by the function
// of its kind, whether the act writes its result or resume reads it years later. Part of a
// transaction; one thread.
#pragma once

#include "base/json.h"
#include "registry/transaction.h"

namespace keyrite::act {

// Moves what `change` tells of. What this very entry brought about already is left as it is, so
// that an entry can be taken over again. False: the registry does not have what it is about.
// Errors: those of the stores; kConfig "registry-change-unknown"; kVerification
// "registry-change-differs": the registry has something else there.
[[nodiscard]] bool take_change(registry::Stores& stores, const Json& change,
                               const registry::Mark& mark);

// Whether the log holds all that these changes tell: no names and no documents, which stand in
// rows.
[[nodiscard]] bool holds_all(const Json& facts);

// Whether one of these changes is a decision: its entry says so at its top level.
[[nodiscard]] bool decides(const Json& facts);

// Before the entry is written: kinds and states that this keyrite does not know. Error kConfig
// "registry-change-unknown".
void require_known_changes(const Json& facts);

}  // namespace keyrite::act
