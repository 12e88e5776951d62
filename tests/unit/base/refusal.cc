#include "unit/base/refusal.h"

#include <utility>

namespace keyrite::test {

Refusal refusal_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return {error.kind(), error.code(), error.message(), error.hint()};
  }
  return {};
}

Refusal config(std::string code) { return {Kind::kConfig, std::move(code), {}, {}}; }
Refusal usage(std::string code) { return {Kind::kUsage, std::move(code), {}, {}}; }
Refusal failed(std::string code) { return {Kind::kFailed, std::move(code), {}, {}}; }

std::ostream& operator<<(std::ostream& out, const Refusal& refusal) {
  return out << "\"" << refusal.code << "\" (" << static_cast<int>(refusal.kind)
             << "): " << refusal.message;
}

}  // namespace keyrite::test
