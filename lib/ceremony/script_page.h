// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The script of a ceremony for paper: one HTML page that needs nothing else, from the same file
// that is run, with room for initials, times, values and exceptions. The same file and options give
// the same page, byte for byte. Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "ceremony/mode.h"
#include "ceremony/model.h"
#include "ceremony/paper.h"

namespace keyrite::ceremony {

struct ScriptOptions {
  Paper paper{Paper::kA4};
  Mode mode{Mode::kLive};
  TimePoint printed_at{};
  std::string tool_version{};  // "keyrite 0.1.0"
  // What is bound already; what is not has a line to write it on.
  std::map<std::string, std::string> inputs{};
  // A form for each of them, in which a person acknowledges the duties of a custodian. With
  // `custodian_forms` and nobody named, one without a name.
  bool custodian_forms{false};
  std::vector<std::string> custodians{};
};

[[nodiscard]] std::string script_page(const Ceremony& ceremony, const ScriptOptions& options);

}  // namespace keyrite::ceremony
