// How a timestamp stands beside a log, and the command that verifies it with openssl. Plain data;
// any thread.
#pragma once

#include <string>

#include "audit/internal/verify_text.h"
#include "base/clock.h"

namespace keyrite::audit {

inline constexpr const char* kTimestamps = "timestamps";
inline constexpr const char* kTimestampQuery = "query.tsq";
inline constexpr const char* kTimestampReply = "reply.tsr";
inline constexpr const char* kTimestampCa = "ca.pem";
inline constexpr const char* kTimestampChain = "chain.pem";

// At the timestamp's own time: without -attime openssl asks whether the authority's certificate is
// valid today, which one day it is not. `folder` is empty, or ends in "/".
[[nodiscard]] ShellWords timestamp_command(const std::string& folder, TimePoint time,
                                           bool has_chain);

}  // namespace keyrite::audit
