// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The acts that a ceremony may name: the one table of their commands, with the request table that
// their tools have, the operations that policy knows, and what later steps may take from their
// results. Linked without PKCS#11; ceremony/act_flow.h starts them. Constants, any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "act/request.h"
#include "base/json.h"

namespace keyrite::ceremony {

// A request of the act's own type, with its fields bound.
struct ActRequest {
  std::shared_ptr<void> held{};
  act::BoundRequest fields{};
};

// What a later step may name as ${STEP.NAME}: a place in the facts of the act's result in the log
// (RFC 6901), so that a ceremony that was interrupted has it too.
struct ActOutput {
  std::string_view name{};
  std::string_view pointer{};
  std::string_view only_with{};  // the field without which the act makes no such thing; empty: none
};

struct ActRow {
  std::string_view command{};  // as it is typed after keyrite: "wrap-for-import aws"
  // Of the act alone, or of a command that does several acts all of them. Which of these a
  // ceremony's approval covers: act/ceremony_use.h.
  std::vector<std::string_view> operations{};
  // One act, whose request in the log is that of the step. Else it is a flow of acts, each with a
  // request of its own.
  bool one_act{true};
  // The intent has the request of the act field by field. Else it is an act on rows of the
  // registry, whose intent has the tenant alone, and the request beside the step.
  bool logs_request{true};
  // The act makes the site whose log tells of the ceremony: nothing of it was logged before.
  bool opens_site{false};
  bool only_looks{false};  // it changes nothing that a later step could need
  // What cannot be undone, for the screen and the paper; empty: nothing.
  std::string_view lasting{};
  std::vector<ActOutput> outputs{};
  ActRequest (*request)(){};
};

// In the order in which help lists them.
[[nodiscard]] const std::vector<ActRow>& step_acts();
[[nodiscard]] std::vector<std::string> act_commands();
// nullptr: no ceremony can name it.
[[nodiscard]] const ActRow* find_act(std::string_view command);
[[nodiscard]] std::vector<std::string> field_names(const ActRow& row);

// Whether the field is set by true or false; false where there is no such field.
[[nodiscard]] bool is_flag(const ActRow& row, std::string_view name);

// What the checks of the field's own table say against a value that the file fixes; nullopt:
// nothing. What is bound later, a path and a name are not looked at.
[[nodiscard]] std::optional<std::string> why_not_taken(const ActRow& row, const std::string& name,
                                                       const Json& value);

using FieldValues = std::vector<std::pair<std::string, Json>>;
// What the act makes with these fields.
[[nodiscard]] std::vector<ActOutput> outputs_of(const ActRow& row, const FieldValues& values);
// The required fields that `values` lacks.
[[nodiscard]] std::vector<std::string> missing_fields(const ActRow& row, const FieldValues& values);
// Sets the fields of `request`: texts, whole numbers, flags, lists. Errors: those of
// act::BoundField::set, with the field's name.
void set_fields(const ActRequest& request, const FieldValues& values);

}  // namespace keyrite::ceremony
