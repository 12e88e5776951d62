// keyrite inventory backup and restore. A backup is a whole registry in one file, with the names in
// it. What is restored is checked as a whole and compared with the log before it replaces anything;
// after it every command but resume refuses, until resume has brought the registry up to the log.
// One thread.
#pragma once

#include <string>
#include <vector>

#include "act/act.h"
#include "act/request.h"
#include "inventory/shown.h"

namespace keyrite::inventory {

struct BackUpRequest {
  std::string file{};
  [[nodiscard]] static const std::vector<act::Field<BackUpRequest>>& table();
};
struct RestoreRequest {
  std::string file{};
  [[nodiscard]] static const std::vector<act::Field<RestoreRequest>>& table();
};

// Writes a new file of mode 0600, whole or not at all. Nothing is logged. Errors kUsage
// "site-not-given"; those of Registry::back_up and of act::require_readable.
[[nodiscard]] Shown back_up_registry(const BackUpRequest& request, const act::Context& context);
// A logged act on files, under the log's lock; the registry in the site may be damaged or missing.
// Errors: those of registry::restore and of act::require_of_log; after one the registry is the one
// that was there.
[[nodiscard]] act::Act restore_registry(const RestoreRequest& request);

}  // namespace keyrite::inventory
