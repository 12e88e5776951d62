#include "act/logged_refusal.h"

#include <string>

#include "act/act_log.h"
#include "act/internal/refusal_entry.h"

namespace keyrite::act {

bool is_untruth(const Error& error) {
  switch (error.kind()) {
    case Kind::kConfig:
    case Kind::kPin:
    case Kind::kVerification:
    case Kind::kWaiting:
      return true;
    case Kind::kFailed:
    case Kind::kUsage:
    case Kind::kToken:
    case Kind::kUnknownOutcome:
    case Kind::kInternal:
      return false;
  }
  return false;
}

void log_untruth(const Context& context, std::string_view act, const Error& error) {
  if (!context.site || context.dry_run || !is_untruth(error)) return;
  log_refusal(context, {.act = std::string(act), .run = ActLog::new_run()}, error);
}

}  // namespace keyrite::act
