#include "audit/internal/timestamp_command.h"

#include "transcript/layout.h"

namespace keyrite::audit {

ShellWords timestamp_command(const std::string& folder, TimePoint time, bool has_chain) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  ShellWords words{"openssl",
                   "ts",
                   "-verify",
                   "-attime",
                   std::to_string(seconds),
                   "-data",
                   folder + transcript::kCheckpointName,
                   "-in",
                   folder + kTimestampReply,
                   "-CAfile",
                   folder + kTimestampCa};
  if (has_chain) words.insert(words.end(), {"-untrusted", folder + kTimestampChain});
  return words;
}

}  // namespace keyrite::audit
