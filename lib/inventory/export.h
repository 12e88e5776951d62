// keyrite inventory export: the complete population of keys for other programs, as a cryptography
// bill of materials or as a table with a row for each version. Reads the registry alone, as list
// does; nothing is logged. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/request.h"
#include "inventory/shown.h"

namespace keyrite::inventory {

struct ExportRequest {
  bool cbom{false};
  bool csv{false};
  std::optional<std::string> tenant{};
  [[nodiscard]] static const std::vector<act::Field<ExportRequest>>& table();
};

// Its text goes out as it is. Errors: those of list_keys; kUsage "export-which" (neither form, or
// both).
[[nodiscard]] Shown export_inventory(const ExportRequest& request, const act::Context& context,
                                     bool json);

}  // namespace keyrite::inventory
