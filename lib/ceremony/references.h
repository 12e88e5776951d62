// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// ${NAME} in the texts and fields of a ceremony: an input that is bound outside the file, or
// ${STEP.FIELD}, what an earlier step was given or made. Pure; any thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace keyrite::ceremony {

// Each name between ${ and }, in its order. A "$${" stands for "${" and is none. nullopt: one does
// not end.
[[nodiscard]] std::optional<std::vector<std::string>> references_in(std::string_view text);
// Of a text, or of each text of a list.
[[nodiscard]] std::vector<std::string> references_in(const Json& value);

// nullopt: not known yet.
using ValueOf = std::function<std::optional<std::string>(const std::string& name)>;
// The text with its references replaced; nullopt where one of them is not known yet.
[[nodiscard]] std::optional<std::string> resolved(std::string_view text, const ValueOf& value_of);
[[nodiscard]] std::optional<Json> resolved(const Json& value, const ValueOf& value_of);
// For paper: what is not known stays as it is written.
[[nodiscard]] std::string shown(std::string_view text, const ValueOf& value_of);

}  // namespace keyrite::ceremony
