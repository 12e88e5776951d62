#include "act/logged_refusal.h"

#include <string>

#include "act/act_log.h"
#include "act/logged_step.h"

namespace keyrite::act {

namespace {

void write(const Context& context, const Refused& refused, const Error& error) {
  ActLog log(context, refused.act, refused.run);
  if (refused.pins != nullptr) log.log_pin_entries_of(*refused.pins, refused.pins_from);
  if (refused.token != nullptr && refused.module != nullptr) {
    log.at_token(*refused.token, *refused.module);
  }
  log.failed(error);
}

}  // namespace

void log_refusal(const Context& context, const Refused& refused, const Error& error) {
  try {
    write(context, refused, error);
  } catch (...) {
    throw refused_unlogged(error, caught());
  }
}

bool is_refusal(const Error& error) {
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

void log_if_refusal(const Context& context, std::string_view act, const Error& error) {
  if (!context.site || context.dry_run || !is_refusal(error)) return;
  log_refusal(context, {.act = std::string(act), .run = ActLog::new_run()}, error);
}

}  // namespace keyrite::act
