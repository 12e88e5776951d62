// keyrite inventory list and show: the keys of a site, their versions and states, where each is and
// what that rests on. Reads the registry alone, without the log's lock; a registry that lacks what
// the log tells is refused. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/request.h"
#include "inventory/inventory_keys.h"
#include "inventory/shown.h"

namespace keyrite::inventory {

struct ListKeysRequest {
  std::optional<std::string> tenant{};
  bool csv{false};
  [[nodiscard]] static const std::vector<act::Field<ListKeysRequest>>& table();
};
struct ShowHeldKeyRequest {
  std::string name{};
  std::string tenant{};
  [[nodiscard]] static const std::vector<act::Field<ShowHeldKeyRequest>>& table();
};

// Error kUsage "json-and-csv".
void require_one_form(bool json, bool csv);

// All: kUsage "site-not-given", "tenant-unknown", "key-unknown"; those of Registry and of
// act::require_readable.
// Error also that of require_one_form.
[[nodiscard]] Shown list_keys(const ListKeysRequest& request, const act::Context& context,
                              bool json);
// What it shows of keys. Pure.
[[nodiscard]] Shown shown_keys(const std::vector<HeldKey>& keys, bool csv);
[[nodiscard]] Shown show_held_key(const ShowHeldKeyRequest& request, const act::Context& context);

}  // namespace keyrite::inventory
