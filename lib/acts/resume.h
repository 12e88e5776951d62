// resume: what a site does when something has to be looked at before acts go on: acts without a
// result are settled, what only a person can decide about the log is decided, and the log is
// signed. One act at the token, one thread.
#pragma once

#include <vector>

#include "acts/context.h"
#include "acts/request.h"
#include "base/json.h"

namespace keyrite::acts {

struct ResumeRequest {
  [[nodiscard]] static const std::vector<Field<ResumeRequest>>& table();
};

// Looks at what every run without a result left, logs what was found, and signs the log. "settled"
// (what was found, as settle_unfinished says), "signed_entries" and "root". Error kUsage
// "site-missing" without context.site; those of TokenSession and LogWriter.
[[nodiscard]] Json resume(const ResumeRequest& request, const Context& context);

}  // namespace keyrite::acts
