// What the real run needs and a dry run does not: approvals and who may give them, PINs, and
// whether the run is logged. Reads the site's files; asks no token and writes nothing. Values; one
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "act/context.h"
#include "act/intent.h"

namespace keyrite::act {

struct RunNeeds {
  struct Role {
    std::string role{};
    std::uint64_t people{};
    std::vector<std::string> who{};  // may approve in it today, by the site's roster
  };
  std::vector<Role> approvals{};
  bool officer_pin{false};  // beside the user's
  bool logged{false};
  bool makes_site{false};  // it is logged there, and nobody knows yet what its policy says

  [[nodiscard]] std::vector<std::string> lines() const;  // for people
  [[nodiscard]] Json to_json() const;
};

// Errors kConfig: "roster-missing" (policy demands approvals, and nobody could give them), those of
// read_roster.
[[nodiscard]] RunNeeds needs_of(const Context& context, const Intent& intent, bool officer_pin);

}  // namespace keyrite::act
