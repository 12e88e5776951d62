// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// The sentences of a statement (statement.h), one for each thing that is told. Pure, any thread.
#pragma once

#include <string>
#include <vector>

#include "certificate/statement.h"

namespace keyrite::certificate {

// "unknown" for an empty one.
[[nodiscard]] std::string or_unknown(const std::string& word);
// The first letter is a capital.
[[nodiscard]] std::string capital(std::string text);
// "AWS", "Azure", "Google"; any other word as it is.
[[nodiscard]] std::string provider_words(const std::string& provider);

[[nodiscard]] std::string decision_words(const DecisionFacts& decision);
[[nodiscard]] std::string look_words(const RunFacts& run, const Look& look,
                                     const GivenNames& names);
[[nodiscard]] std::string closing_words(const ClosingFacts& closing);
[[nodiscard]] std::string copy_pending(const Facts& facts, const VersionFacts& version,
                                       const CopyFacts& copy, const GivenNames& names);
[[nodiscard]] std::string place_pending(const PlaceFacts& place, const GivenNames& names);
[[nodiscard]] std::string place_declared(const PlaceFacts& place, const GivenNames& names);
// What no document of this kind proves, and what these facts do not.
[[nodiscard]] std::vector<std::string> not_proven_words(const Facts& facts,
                                                        const GivenNames& names);

}  // namespace keyrite::certificate
