// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// The request of a statement in words, name by name, as approvers read it. Pure, any thread.
#pragma once

#include <string>

#include "act/statement_files.h"

namespace keyrite::audit {

[[nodiscard]] std::string request_text(const act::StatementFiles& files);

}  // namespace keyrite::audit
