// wrap-for-import: reads what the cloud gave, has its wrapping key compared, finds the method this
// token really does, wraps the target inside the token, and writes a bundle that is verified from
// its files before success is reported. read() and the provider's resolve() are pure; perform() is
// the only part that works at a token. One thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "act/context.h"
#include "act/intent.h"
#include "act/log_facts.h"
#include "act/request.h"
#include "act/token_session.h"
#include "bundle/verify.h"
#include "imports/wrap_request.h"
#include "keys/key_origin.h"
#include "keys/target_key.h"
#include "provider/destination.h"
#include "wrap/plan.h"

namespace keyrite::act {
struct Act;
}  // namespace keyrite::act

namespace keyrite::imports {

// The request with its files read and checked: no token was asked yet.
struct WrapOrder {
  WrapRequest request{};
  provider::ImportOptions options{};
  provider::ImportParameters parameters;
  // AWS: a second set, for the verification bundle.
  std::optional<provider::ImportParameters> verification{};
  act::ReadInputs inputs{};  // SHA-256 of the bytes that all of that was read from
};

// Errors: those of base's read_file, provider::read_parameters, check_time and
// check_verification_parameters; kUsage "output-exists", "verification-incomplete" (one of the
// verification options without the others), "same-output", "target-not-named", "id-invalid".
[[nodiscard]] WrapOrder read(const WrapRequest& request, const provider::ImportOptions& options,
                             TimePoint now);

// An order whose wrapping keys, every one of them, were compared with the cloud's over a second
// channel. Only compare_wrapping_key makes one, and perform() takes nothing else.
class ComparedOrder {
 public:
  [[nodiscard]] const WrapOrder& order() const { return order_; }
  // Was this wrapping key among those that were compared?
  [[nodiscard]] bool covers(const crypto::PublicKey& wrapping_key) const;

 private:
  friend ComparedOrder compare_wrapping_key(const WrapOrder& order, const act::Context& context);
  explicit ComparedOrder(WrapOrder order) : order_(std::move(order)) {}
  WrapOrder order_;
};

// Has the fingerprint of each wrapping key compared: with --expect-wrapping-key and
// --expect-verification-key, or by the person at the terminal, who is shown it as hex and as PGP
// words. Errors: kVerification "wrapping-key-unexpected", "wrapping-key-rejected"; kUsage
// "wrapping-key-not-compared" when nobody is there to ask; "fingerprint-invalid".
[[nodiscard]] ComparedOrder compare_wrapping_key(const WrapOrder& order,
                                                 const act::Context& context);

// A bundle that was written, as its files say it.
struct MadeBundle {
  std::string folder{};
  bundle::Manifest manifest{};
  provider::Expected expected{};
  std::string manifest_sha256{};
  std::size_t blob_bytes{};
  std::vector<bundle::Check> checks{};
  std::string why_not_provable{};  // empty: the cloud's answers can prove the import
  [[nodiscard]] Json to_json() const;
  [[nodiscard]] act::LogFacts log_facts() const;
};

// One bundle that is to be made: checked against the cloud's rules and the token's abilities before
// anything is wrapped.
struct PlannedBundle {
  provider::Purpose purpose{};
  provider::Destination destination;
  wrap::ProvenRecipe recipe;       // with the self-test that it passed
  std::string why_not_provable{};  // empty: the cloud's answers may prove the import
};

struct WrapPlan {
  keys::TargetKey target{};
  keys::OriginFinding origin{};
  std::vector<std::string> remarks{};    // about the key's dates, for people
  std::vector<PlannedBundle> bundles{};  // the import's first
  bool trusting{false};  // the wrapping key would be made trusted, which was not tried
  [[nodiscard]] Json to_json() const;
};

// What a transcript records of the bundles of one order.
[[nodiscard]] act::LogFacts log_facts(const std::vector<MadeBundle>& bundles);

// Notes the fingerprints of all wrapping keys, and compares those that were given. Errors
// "wrapping-key-unexpected", "fingerprint-invalid".
void show_wrapping_keys(const WrapOrder& order, const act::Context& context);

// What a transcript records before the act: `recorded` is the request as record() makes it with the
// order's inputs. Approvals bind where the import goes (provider::import_target); trusting a
// wrapping key is a thing that policy may ask approvals for by itself ("trust-wrapping-key").
[[nodiscard]] act::Intent intent_of(const WrapOrder& order, act::RecordedRequest recorded);

// Everything before the first wrap: finds the target, judges it, and finds a method by self-tests.
// Makes no token object, and trusts no wrapping key. Errors: those of find_target, find_origin,
// require_origin, require_within_dates, provider::resolve, check_public_exponent, check_purpose and
// wrap::plan; kToken "target-needs-trusted-wrapping-key".
[[nodiscard]] WrapPlan plan_wrap(const WrapOrder& order, const act::Context& context,
                                 act::TokenSession& token);

// The wrapping keys of an order on their way into the token, and the work with them. Outlives the
// act; one thread.
class WrapWork {
 public:
  explicit WrapWork(const WrapOrder& order);
  WrapWork(const WrapWork&) = delete;
  WrapWork& operator=(const WrapWork&) = delete;
  ~WrapWork();
  // Empty where the order trusts no wrapping key.
  [[nodiscard]] act::TokenSession::OfficerWork officer_work() const;
  // Plans anew, wraps, writes, and reads back what was written: the import's bundle first. Errors:
  // those of plan_wrap and wrap::execute; kToken "trusted-not-set", "wrapping-key-changed";
  // kVerification from bundle::require_good. Nothing is written unless everything before went well.
  [[nodiscard]] std::vector<MadeBundle> perform(const ComparedOrder& compared,
                                                const act::Context& context,
                                                act::TokenSession& token) const;

 private:
  struct Keys;
  std::unique_ptr<Keys> keys_;
  bool trusting_;
};

// All of it as an act: act/act.h.
[[nodiscard]] act::Act wrap_for_import(const AwsWrapRequest& request);
[[nodiscard]] act::Act wrap_for_import(const AzureWrapRequest& request);
[[nodiscard]] act::Act wrap_for_import(const GoogleWrapRequest& request);

}  // namespace keyrite::imports
