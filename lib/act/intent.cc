#include "act/intent.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace keyrite::act {

std::string operation_of(const std::string& act, const std::vector<std::string>& also) {
  if (also.empty()) return act;
  return fmt::format("{} with {}", act, fmt::join(also, ", "));
}

std::string operation_of(const Intent& intent) { return operation_of(intent.act, intent.also); }

}  // namespace keyrite::act
