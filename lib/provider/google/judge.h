// Judges what `gcloud kms ... --format=json` and the REST API answered. The files that gcloud
// writes raw (MACs, ciphertexts, signatures) are judged by check_raw. Pure, any thread.
#pragma once

#include "provider/answer_check.h"

namespace keyrite::provider::google {

[[nodiscard]] Finding judge_answer(const Expected& expected, const JsonEvidence& file);

// gcloud's `--attestation-file` writes gzip.
[[nodiscard]] bool is_attestation_file(ByteView content);
[[nodiscard]] Finding judge_attestation_file(const Expected& expected, const std::string& file);

// Whether `name` is the bundle's key or a version of it, as far as the bundle names one.
[[nodiscard]] bool is_bundle_key(const Expected& expected, std::string_view name);

}  // namespace keyrite::provider::google
