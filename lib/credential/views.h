// What keyrite credential list and show read of the registry: never the secret. Nobody holds the
// log meanwhile. One thread.
#pragma once

#include <string>
#include <vector>

#include "act/context.h"
#include "base/json.h"
#include "credential/requests.h"

namespace keyrite::credential {

struct CredentialView {
  Json document{};
  std::vector<std::string> text{};
};

// Errors kUsage "site-not-given", "tenant-unknown", "credential-unknown"; those of Registry.
[[nodiscard]] CredentialView show_credential(const ShowCredentialRequest& request,
                                             const act::Context& context);
// By service and environment.
[[nodiscard]] CredentialView list_credentials(const ListCredentialsRequest& request,
                                              const act::Context& context);

}  // namespace keyrite::credential
