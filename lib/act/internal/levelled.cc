// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "act/internal/levelled.h"

#include <fmt/format.h>

#include "act/internal/resumed_outcome.h"
#include "base/counted.h"
#include "base/text.h"

namespace keyrite::act {

Json to_json(const Levelled& levelled) {
  return {{"entries", levelled.entries},
          {"bound", levelled.bound},
          {"settled", levelled.settled},
          {"unknown", levelled.unknown}};
}

void tell_levelled(const Levelled& levelled, const Context& context) {
  if (levelled.bound != 0)
    context.note(
        fmt::format("the registry took over {} that the log has", counted(levelled.bound, "act")));
  for (const auto& batch : levelled.settled) {
    context.note(fmt::format("rows of batch {} never had an entry in the log: they were taken back",
                             printable(batch)));
  }
  for (const auto seq : levelled.unknown) {
    context.note(
        fmt::format("entry {} tells of rows that this registry does not have: names and what else "
                    "stood in them are in a newer backup, or lost",
                    seq));
  }
}

}  // namespace keyrite::act
