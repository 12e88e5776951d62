// answer-record.json: the key version of each saved answer, with the answer's SHA-256, as import.sh
// asked for it. gcloud's raw answers name no key, so without the record nobody could tell which
// version gave them. Only the script, and whoever carried the files, vouch for it; it never makes
// an answer equal. Normative: docs/formats/bundle.md. Pure, any thread. Internal to provider.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "provider/answer_check.h"

namespace keyrite::provider {

inline constexpr std::string_view kRecordFormat = "keyrite-answers";
inline constexpr int kRecordVersion = 1;
inline constexpr std::string_view kRecordFile = "answer-record.json";

// SHA-256 of an answer: the key version that was asked.
using Origins = std::map<std::string, std::string, std::less<>>;

[[nodiscard]] bool is_answer_record(const JsonView& document);
// The finding for the record itself, which names the version; fills `origins`. What cannot be read,
// or is of another bundle, is its finding and fills nothing.
[[nodiscard]] Finding read_record(const Expected& expected, const JsonEvidence& file,
                                  Origins& origins);

}  // namespace keyrite::provider
