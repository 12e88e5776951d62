#include "approval/operation.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::approval {

const Operation* find_operation(std::string_view name) {
  const auto* const found = std::ranges::find(kOperations, name, &Operation::name);
  return found == kOperations.end() ? nullptr : found;
}

const Operation& operation_named(std::string_view name) {
  if (const Operation* found = find_operation(name)) return *found;
  throw Error(Kind::kInternal, "operation-unknown",
              fmt::format("there is no operation \"{}\"", printable(name)),
              "this is a defect of keyrite: lib/approval/operation.h names every operation");
}

Threshold default_threshold(const Operation& operation) {
  if (operation.officers == 0) return {};
  return {{"security-officer", operation.officers}};
}

}  // namespace keyrite::approval
