// answer-...-error.json: what import.sh saves when a cloud refuses what a holder of the key would
// have done: take the same material again (AWS), or open what the token's key sealed. It ties the
// client's message to the question. Only the script, and whoever carried the file, vouch for it, so
// it is at most a provider statement. Normative: docs/formats/bundle.md. Pure, any thread. Internal
// to provider.
#pragma once

#include <string>
#include <string_view>

#include "provider/answer_check.h"

namespace keyrite::provider {

inline constexpr std::string_view kRefusalFormat = "keyrite-refusal";
inline constexpr int kRefusalVersion = 1;
inline constexpr std::string_view kImportQuestion = "import-key-material";

struct Refusal {
  std::string asked{};            // RFC 3339: when
  std::string question{};         // kImportQuestion, or the id of a challenge
  std::string key{};              // the cloud key or version, as the client was told
  std::string key_material_id{};  // of an import; else empty
  std::string challenge_sha256{};
  std::string message{};  // what the client said, in one line
};

// Any; one of a challenge, which is not the import.
[[nodiscard]] bool is_refusal(const JsonView& document);
[[nodiscard]] bool is_refused_challenge(const JsonView& document);
// Errors kConfig: "refusal-format", "refusal-version", "refusal-unknown-field", "refusal-invalid",
// and those of base/json.h.
[[nodiscard]] Refusal read_refusal(const JsonView& document);

// `used`: another answer shows use of the key, so the refusal is about something else.
[[nodiscard]] Finding judge_refused_challenge(const Expected& expected, const JsonEvidence& file,
                                              bool used);

}  // namespace keyrite::provider
