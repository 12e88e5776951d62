#include "act/internal/refusal_entry.h"

#include "act/act_log.h"
#include "act/logged_step.h"

namespace keyrite::act {

namespace {

void write(const Context& context, const Refused& refused, const Error& error) {
  ActLog log(context, refused.act, refused.run);
  if (refused.pins != nullptr) log.tell_of(*refused.pins, refused.pins_from);
  if (refused.token != nullptr && refused.module != nullptr) {
    log.at_token(*refused.token, *refused.module);
  } else if (!log.history().opened()) {
    throw Error(Kind::kFailed, "log-not-opened",
                "the log has no first entry yet, since init-site was interrupted",
                "keyrite resume writes it");
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

}  // namespace keyrite::act
