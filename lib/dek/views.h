// What keyrite dek list and show read of the registry: never the bytes of a key. Nobody holds the
// log meanwhile. One thread.
#pragma once

#include <string>
#include <vector>

#include "act/context.h"
#include "base/json.h"
#include "dek/requests.h"

namespace keyrite::dek {

struct DekView {
  Json document{};
  std::vector<std::string> text{};
};

// Errors kUsage "site-not-given", "dek-unknown"; those of Registry.
[[nodiscard]] DekView show_dek(const ShowDekRequest& request, const act::Context& context);
// A page, by id. Errors also those of tenant_key; kUsage "version-unknown", "dek-count".
[[nodiscard]] DekView list_deks(const ListDeksRequest& request, const act::Context& context);

}  // namespace keyrite::dek
