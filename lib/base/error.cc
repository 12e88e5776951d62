#include "base/error.h"

#include <utility>

#include <fmt/format.h>

namespace keyrite {

Error::Error(Kind kind, std::string code, std::string message, std::string hint)
    : kind_(kind), code_(std::move(code)), rendered_(std::move(message)), hint_(std::move(hint)) {}

Error&& Error::with_ckr(CkrAnswer answer) && {
  rendered_ += fmt::format(": {} (0x{:X})", answer.name, answer.value);
  ckr_ = std::move(answer);
  return std::move(*this);
}

Error&& Error::with_compared(Compared both) && {
  compared_ = std::move(both);
  return std::move(*this);
}

Error&& Error::with_failed_checks(std::vector<FailedCheck> all) && {
  failed_checks_ = std::move(all);
  return std::move(*this);
}

}  // namespace keyrite
