// resume: what a site does when something has to be looked at before acts go on: acts without a
// result are settled, what only a person can decide about the log is decided, and the log is
// signed. One act at the token, one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "acts/context.h"
#include "acts/request.h"
#include "base/json.h"

namespace keyrite::acts {

struct ResumeRequest {
  bool accept_missing_last_signed{false};
  std::optional<std::uint32_t> signed_size{};  // what the person types, where nobody is asked
  std::optional<std::string> signed_root{};
  [[nodiscard]] static const std::vector<Field<ResumeRequest>>& table();
};

// Looks at what every run without a result left, logs what was found, and signs the log. "settled"
// (what was found, as settle_unfinished says), "signed_entries" and "root". Error kUsage
// "site-missing" without context.site, "last-signed-not-confirmed" (nobody is there to type what
// was signed last, or a half of it is given), "last-signed-not-missing"; those of TokenSession and
// LogWriter.
[[nodiscard]] Json resume(const ResumeRequest& request, const Context& context);

}  // namespace keyrite::acts
