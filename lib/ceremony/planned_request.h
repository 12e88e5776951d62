// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The request of an act's step as far as it is known: from the file, from what is bound, and from
// earlier steps. Before a ceremony begins, what is fixed is known; when the step is done, all of
// it. Reads files that are inputs; one thread.
#pragma once

#include <string>
#include <vector>

#include "act/request.h"
#include "ceremony/bindings.h"
#include "ceremony/model.h"
#include "ceremony/references.h"
#include "ceremony/step_acts.h"

namespace keyrite::ceremony {

// The values that are known before a ceremony begins: inputs that are fixed, and the fields of
// earlier steps that come from these.
[[nodiscard]] ValueOf fixed_values(const Ceremony& ceremony, const Bindings& bindings);

// The inputs from outside that the fields of a step name, each once.
[[nodiscard]] std::vector<std::string> fresh_inputs_of(const Step& step, const Ceremony& ceremony);

struct PlannedRequest {
  ActRequest request{};
  std::vector<std::string> later{};  // names of the fields that are bound later
  bool takes_over{false};            // the key of a try that was interrupted: no other one is made
};
// Errors: those of set_fields.
[[nodiscard]] PlannedRequest planned_request(const Step& step, const ValueOf& value_of);

// As the log has it: inputs.step.N.FIELD of the intent that opens the ceremony. Errors: those of
// read_file and act::record.
[[nodiscard]] act::RecordedRequest recorded_request(const Step& step, const ValueOf& value_of);

// What of a step's request the file alone decides, as the log has it: no name, no file, nothing
// that is bound. By the name of the field.
[[nodiscard]] act::RecordedRequest plain_request(const Step& step);

// The value of one field of a step's request; empty where it has none.
[[nodiscard]] std::string field_text(const ActRequest& request, std::string_view name);

}  // namespace keyrite::ceremony
