// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// How the document of any decision is read back. Pure, any thread.
#pragma once

#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "registry/decision.h"
#include "registry/internal/edited.h"

namespace keyrite::registry::internal {

// Written again it must be the same text: an unknown member, another subject, another order differ.
template <class Read>
auto read_document(std::string_view document, const DecisionId& id, std::int64_t revision,
                   const Read& read) {
  try {
    const Json json = parse_json(as_bytes(document), "decision");
    const JsonView view(json, "decision");
    auto decided = read(view.at("content"));
    if (decision_document(id, revision, to_json(decided), view.at("salt").text()) == document)
      return decided;
  } catch (const Error&) {
    refuse_edited(id, "its document is not one that keyrite writes");
  }
  refuse_edited(id, "its document is of another subject, or has been changed");
}

}  // namespace keyrite::registry::internal
