// The one table of what policy, statements and logs can name: every act, and what an act may do
// beside. A name that is not in it is misspelt. Constants; pure, any thread.
#pragma once

#include <array>
#include <string_view>

#include "approval/statement.h"

namespace keyrite::approval {

enum class Place { kToken, kFiles };

// What a site's policy has to do with an operation.
enum class Policy {
  kNotAsked,  // no approval is looked for before it, so a line for it would protect nothing
  kMayName,   // it needs whom policy names; nobody where it names nobody
  kMustName,  // policy says whom it needs, or by name that it needs nobody
};

struct Operation {
  std::string_view name{};
  Place place{};
  Policy policy{};
};

// rotate, shred and dek have no tool yet: a policy that is written today names them already.
inline constexpr std::array kOperations{
    Operation{"init-site", Place::kToken, Policy::kNotAsked},
    Operation{"resume", Place::kToken, Policy::kNotAsked},
    Operation{"token-check", Place::kToken, Policy::kMayName},
    Operation{"generate-kek", Place::kToken, Policy::kMayName},
    Operation{"wrap-for-import", Place::kToken, Policy::kMayName},
    Operation{"trust-wrapping-key", Place::kToken, Policy::kMustName},
    Operation{"verify-import", Place::kFiles, Policy::kNotAsked},
    Operation{"rotate", Place::kToken, Policy::kMayName},
    Operation{"shred", Place::kToken, Policy::kMustName},
    Operation{"dek", Place::kToken, Policy::kMayName},
};

// nullptr: there is no such operation.
[[nodiscard]] const Operation* find_operation(std::string_view name);
// Of an act that this program does. Error kInternal "operation-unknown": the table has no such row,
// and no policy could name it.
[[nodiscard]] const Operation& operation_named(std::string_view name);

// Whom the policy that init-site writes needs: two security officers where it must name somebody,
// nobody elsewhere.
[[nodiscard]] Threshold default_threshold(const Operation& operation);

}  // namespace keyrite::approval
