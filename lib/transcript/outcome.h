// The values of "outcome" in a result: how an act ended (docs/formats/transcript.md).
#pragma once

#include <array>
#include <string_view>

namespace keyrite::transcript {

inline constexpr std::string_view kOutcomeDone = "done";
inline constexpr std::string_view kOutcomeRefused = "refused";  // only by an act on files
inline constexpr std::string_view kOutcomeFailed = "failed";
inline constexpr std::string_view kOutcomeUnknown = "unknown";  // somebody must look again

// No result has another one.
inline constexpr std::array kOutcomes{kOutcomeDone, kOutcomeRefused, kOutcomeFailed,
                                      kOutcomeUnknown};

}  // namespace keyrite::transcript
