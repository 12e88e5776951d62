// The site options of a command, and what they select: the site whose log records the act. Linked
// without PKCS#11.
#pragma once

#include <memory>
#include <optional>

#include "act/context.h"
#include "act/site_request.h"
#include "cli/env.h"

namespace keyrite::cli {

// Which site options a command has.
enum class SiteAccess {
  kNone,
  kLogged,    // --site, --operator, --wait
  kApproved,  // these, --approval and --campaign
};

struct PreparedSite {
  SiteAccess access{SiteAccess::kNone};
  std::shared_ptr<act::SiteRequest> request{};
  [[nodiscard]] act::BoundRequest fields() const;
  // --site, else KEYRITE_SITE, else none. Errors: those of site::read_site; kUsage
  // "approval-without-site".
  [[nodiscard]] std::optional<act::SiteBinding> use(const Env& env) const;
  // Who asks, as the site's roster names him: --operator, or else the user's name. A user whom the
  // roster does not list is called "login NAME". A roster that cannot be
  // read knows nobody here; an act that needs it says what is wrong with it.
  [[nodiscard]] std::string operator_name(const Env& env,
                                          const std::optional<act::SiteBinding>& site) const;
};
[[nodiscard]] PreparedSite prepare_site(SiteAccess access);

}  // namespace keyrite::cli
