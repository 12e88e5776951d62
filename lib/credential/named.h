// Which credential a command is about, as people name it: a tenant's, of a service in an
// environment. Looked up in the registry; nothing is kept; one thread.
#pragma once

#include <string>

#include "act/context.h"
#include "registry/transaction.h"

namespace keyrite::credential {

struct Name {
  std::string tenant{};
  std::string service{};
  std::string environment{};
  [[nodiscard]] std::string text() const;  // for people: the service and environment
};
template <class Request>
[[nodiscard]] Name name_of(const Request& request) {
  return {request.tenant, request.service, request.environment};
}
// Error kUsage "name-invalid": not names that can be shown as they are.
void require_form(const Name& name);

struct NamedCredential {
  registry::Tenant tenant{};
  registry::Credential row{};
  registry::Dek dek{};  // the row of row.dek
};
// The one that is not revoked, else the one that was revoked last. Errors kUsage "tenant-unknown",
// "credential-unknown"; kVerification "credential-without-dek".
[[nodiscard]] NamedCredential any_credential(const registry::Stores& stores, const Name& name);
// The same; error kFailed "credential-revoked".
[[nodiscard]] NamedCredential credential_named(const registry::Stores& stores, const Name& name);

// The log is read when somebody asks: only what is compromised has a rule that a decision sets.
[[nodiscard]] registry::DecisionInLog decisions_when_asked(const act::Context& context);

}  // namespace keyrite::credential
