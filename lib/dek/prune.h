// dek prune: the records whose time is over leave the registry, a batch in each act. Acts on files;
// one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "act/act.h"
#include "act/context.h"

namespace keyrite::dek {

inline constexpr const char* kPruneAct = "dek-prune";

// Records of tenants on legal hold stay, and so do those that a credential is sealed under.
class Pruning {
 public:
  Pruning() = default;
  // nullopt: nothing is left that may be removed.
  [[nodiscard]] std::optional<act::Act> next();
  [[nodiscard]] std::uint64_t removed() const { return *removed_; }

 private:
  std::shared_ptr<std::uint64_t> removed_{std::make_shared<std::uint64_t>(0)};
  std::shared_ptr<bool> done_{std::make_shared<bool>(false)};
};

}  // namespace keyrite::dek
