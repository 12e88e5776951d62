// wrap-for-import: reads what the cloud gave, has its wrapping key compared, finds the method this
// token really does, wraps the target inside the token, and writes a bundle that is verified from
// its files before success is reported. read() and the provider's resolve() are pure; perform() is
// the only part that works at a token. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acts/context.h"
#include "acts/target_key.h"
#include "acts/token_session.h"
#include "acts/wrap_request.h"
#include "bundle/verify.h"
#include "provider/destination.h"
#include "wrap/plan.h"

namespace keyrite::acts {

// The request with its files read and checked: no token was asked yet.
struct WrapOrder {
  WrapRequest request{};
  provider::ImportOptions options{};
  provider::ImportParameters parameters;
  // AWS: a second set, for the verification bundle.
  std::optional<provider::ImportParameters> verification{};
};

// Errors: those of base's read_file, provider::read_parameters and check_time; kUsage
// "output-exists", "verification-incomplete" (one of the two options without the other),
// "same-output".
[[nodiscard]] WrapOrder read(const WrapRequest& request, const provider::ImportOptions& options,
                             TimePoint now);

// Has the fingerprint of the wrapping key compared: with --expect-wrapping-key, or by the person at
// the terminal, who is shown it as hex and as PGP words. Errors: kVerification
// "wrapping-key-unexpected", "wrapping-key-rejected"; kUsage "wrapping-key-not-compared" when
// nobody is there to ask; "fingerprint-invalid".
void compare_wrapping_key(const WrapOrder& order, const Context& context);

struct MadeBundle {
  std::string folder{};
  bundle::Manifest manifest{};
  provider::Expected expected{};
  std::string manifest_sha256{};
  std::size_t blob_bytes{};
  std::vector<bundle::Check> checks{};
  [[nodiscard]] Json to_json() const;
};

struct WrapPlan {
  TargetKey target{};
  provider::Destination destination;
  wrap::SelfTestResult method{};
  [[nodiscard]] Json to_json() const;
};

struct WrapResult {
  std::optional<WrapPlan> planned{};  // set by a dry run, which makes nothing else
  std::vector<MadeBundle> bundles{};
};

// Errors: those of find_target, provider::resolve, wrap::plan and wrap::execute; kToken
// "target-needs-trusted-wrapping-key", "trusted-not-set"; kVerification from bundle::require_good.
// Nothing is written unless everything before went well.
[[nodiscard]] WrapResult perform(const WrapOrder& order, const Context& context);
// With a module that is loaded already.
[[nodiscard]] WrapResult perform(const WrapOrder& order, const Context& context,
                                 std::shared_ptr<pkcs11::Module> module);

}  // namespace keyrite::acts
