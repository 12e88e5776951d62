// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What a manifest says was tested, found and accepted, held against the key and the import that it
// is of. Each gives one clause, and nothing where all agree. Pure, any thread.
#pragma once

#include <string>

#include "bundle/manifest.h"
#include "provider/expected.h"
#include "provider/recorded_import.h"

namespace keyrite::bundle {

[[nodiscard]] provider::RecordedImport import_of(const Manifest& manifest);
[[nodiscard]] std::string self_test_contradiction(const Manifest& manifest);
// In the words there are for it.
[[nodiscard]] std::string findings_contradiction(const Manifest& manifest,
                                                 const provider::Expected& expected);
// Those that follow from the public key.
[[nodiscard]] std::string check_values_contradiction(const Manifest& manifest,
                                                     const provider::Expected& expected);

}  // namespace keyrite::bundle
