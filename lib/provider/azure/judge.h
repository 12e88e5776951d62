// Judges what `az keyvault key ... -o json` and the REST calls made by `az rest` answered. Pure,
// any thread.
#pragma once

#include "provider/answer_check.h"

namespace keyrite::provider::azure {

[[nodiscard]] Finding judge_answer(const Expected& expected, const JsonEvidence& file);

// Whether `kid` ("https://HOST/keys/NAME/VERSION") is a version of the bundle's key, as far as the
// bundle names one.
[[nodiscard]] bool is_bundle_key(const Expected& expected, std::string_view kid);

}  // namespace keyrite::provider::azure
