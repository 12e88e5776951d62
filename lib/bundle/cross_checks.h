// Compares what a bundle states twice: the manifest with itself, and with import.sh, README.txt and
// the provider's own files. Pure, any thread.
#pragma once

#include <string>
#include <vector>

#include "base/key_type.h"
#include "base/wrapping.h"
#include "bundle/manifest.h"
#include "bundle/verify.h"

namespace keyrite::bundle {

// What the self-test of a method tried, one text for each mechanism that the method uses, as
// SelfTestRow::tested has it. `tested_with`: the throw-away target's type.
[[nodiscard]] std::vector<std::string> tested_texts(Method method, Hash hash,
                                                    const KeyType& tested_with);

// One check for each thing that is compared, passed or not. `document`: the manifest as it was
// read. Codes, all kVerification: "bundle-core", "bundle-import-parameters", "bundle-cloud-key",
// "bundle-validity", "bundle-limits", "bundle-self-test", "bundle-findings", "bundle-check-values",
// "bundle-token", "bundle-script", "bundle-readme".
[[nodiscard]] std::vector<Check> cross_checks(const Json& document, const Manifest& manifest,
                                              const provider::Expected& expected,
                                              const Contents& contents);

}  // namespace keyrite::bundle
