// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// What a shred takes away and what it cannot reach, as a list: approvers approve its SHA-256,
// people read its lines. It names nobody, so that its hash can be compared with the log when the
// names are gone: ids and digests alone. Pure values; any thread.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "shredding/scope.h"

namespace keyrite::shredding {

struct Loss {
  std::string list_sha256{};  // of the canonical list
  std::int64_t versions{0};
  std::int64_t deks{0};  // here and with callers
  std::string dek_list_sha256{};
  std::int64_t credentials{0};
  std::int64_t deks_elsewhere{0};  // of the same keys, under versions that stay: they go on to open
};

// Of the versions that are not destroyed. The digest of data keys: SHA-256 of "ID SHA256\n" for
// each that is here or with a caller, by version, those here first, and in the order of their ids.
[[nodiscard]] Loss loss_of(const registry::Stores& stores, const Scope& scope);

// Both, as registry and log have them now. Errors: those of Registry, act::require_readable and
// scope_of.
struct Listed {
  Scope scope{};
  Loss loss{};
};
[[nodiscard]] Listed listed(const act::Context& context, const ShredRequest& request);

[[nodiscard]] Json to_json(const Loss& loss, const Scope& scope);
// For people: what will be unreadable, what stays readable, what cannot be reached from here.
[[nodiscard]] std::vector<std::string> loss_lines(const Loss& loss, const Scope& scope);

// What must not die with it: a cloud deletes a whole key, and another version in it is to live.
// Error kFailed "shred-takes-more".
void require_nothing_more(const Scope& scope);

}  // namespace keyrite::shredding
