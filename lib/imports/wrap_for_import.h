// wrap-for-import: reads what the cloud gave, has its wrapping key compared, finds the method that
// this token really does, wraps the target inside the token, and writes a bundle. It verifies the
// bundle from its files before it reports success. read() and the provider's resolve() are pure;
// perform() is the only part that works at a token. One thread.
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
#include "imports/wrapping_key_basis.h"
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
  std::optional<BroughtVouching> vouching{};  // AWS
  act::ReadInputs inputs{};                   // SHA-256 of the bytes that all of that was read from
};

// Errors: those of base's read_file, provider::read_parameters, check_time and
// check_verification_parameters; kUsage "output-exists", "verification-incomplete" (one of the
// verification options without the others), "vouching-incomplete" (a list without a signature, or
// the other way round), "same-output", "target-not-named", "id-invalid".
[[nodiscard]] WrapOrder read(const WrapRequest& request, const provider::ImportOptions& options,
                             TimePoint now);

// An order whose wrapping keys, every one of them, are believed to be the cloud's, each for a
// reason that the site's policy accepts. Only compare_wrapping_key makes one, and perform() takes
// nothing else.
class ComparedOrder {
 public:
  [[nodiscard]] const WrapOrder& order() const { return order_; }
  // In the order of the bundles.
  [[nodiscard]] const std::vector<BelievedKey>& keys() const { return keys_; }
  // Why this wrapping key is believed; nullopt: it is not one of the order.
  [[nodiscard]] std::optional<WrappingKeyBasis> basis_of(
      const crypto::PublicKey& wrapping_key) const;

 private:
  friend ComparedOrder compare_wrapping_key(const WrapOrder& order, const act::Context& context);
  ComparedOrder(WrapOrder order, std::vector<BelievedKey> keys)
      : order_(std::move(order)), keys_(std::move(keys)) {}
  WrapOrder order_;
  std::vector<BelievedKey> keys_;
};

// Decides why each wrapping key is believed. The first of these that there is: the fingerprint
// given with --expect-wrapping-key or --expect-verification-key; the vouching list that was
// brought; a key that is pinned; the person at the terminal, who is shown the fingerprint as hex
// and as PGP words. Errors: those of require_accepted, vouched_key and find_pin; what find_pin says
// why not, when nobody is there to ask; kVerification "wrapping-key-unexpected",
// "wrapping-key-rejected"; kUsage "wrapping-key-not-compared" when nobody is there to ask;
// "fingerprint-invalid".
[[nodiscard]] ComparedOrder compare_wrapping_key(const WrapOrder& order,
                                                 const act::Context& context);
// Under the log's lock, right before the wrap: what is pinned is so still, and the vouching list
// still fresh. Errors: as compare_wrapping_key.
void require_still_believed(const ComparedOrder& compared, const act::Context& context);

// A bundle that was written, as its files say it.
struct MadeBundle {
  std::string folder{};
  KeyUsage usage{};  // of the key in the token
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

// Notes the fingerprints of all wrapping keys, and why each is believed if nobody is asked;
// compares those that were given. Errors: those of vouched_key and find_pin;
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
