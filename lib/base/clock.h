// Time as the tools read and write it: UTC, RFC 3339. The caller passes in the clock itself, so
// that nothing below cli asks the machine for the time.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace keyrite {

using TimePoint = std::chrono::sys_time<std::chrono::microseconds>;
using Clock = std::function<TimePoint()>;

// "2026-02-13T17:39:25Z"; fractions of a second are cut, since every limit we print is in seconds.
[[nodiscard]] std::string format_rfc3339(TimePoint when);

// RFC 3339 section 5.6 with any offset and up to 9 digits of fraction, of the years 0 to 9999 in
// UTC. Error kConfig "not-a-time", naming `field`.
[[nodiscard]] TimePoint parse_rfc3339(std::string_view text, std::string_view field);

// Seconds since 1970 with an optional fraction (AWS CLI v1 prints 1593893322.32). Error kConfig
// "not-a-time".
[[nodiscard]] TimePoint from_epoch_seconds(double value, std::string_view field);

// "3 h 12 min", "2 d 4 h", "41 s": how long until or since, for people.
[[nodiscard]] std::string format_duration(std::chrono::seconds length);

}  // namespace keyrite
