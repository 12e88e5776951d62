// Everything before the first wrap: the target is found and judged, and each bundle gets the method
// that this token really does.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "imports/wrap_for_import.h"
#include "keys/cloud_ability.h"
#include "keys/unowned_key.h"
#include "provider/public_exponent.h"
#include "registry/registry.h"
#include "site/layout.h"

namespace keyrite::imports {

namespace {

void check_trust(const keys::TargetKey& target, const WrapRequest& request) {
  if (!target.wrap_with_trusted || request.trust_wrapping_key) return;
  throw Error(Kind::kToken, "target-needs-trusted-wrapping-key",
              fmt::format("\"{}\" has CKA_WRAP_WITH_TRUSTED=true: only a wrapping key that the "
                          "security officer trusts may wrap it",
                          printable(target.label)),
              "run the command again with --trust-wrapping-key, with the security officer present");
}

wrap::Requirements requirements_of(const WrapRequest& request, const keys::TargetKey& target,
                                   const provider::Destination& destination) {
  wrap::Requirements required{
      .algorithm = destination.algorithm,
      .target = target.type,
      .wrapping_key_bits = provider::wrapping_key(destination.parameters).rsa_bits(),
      .allow_host_ephemeral = request.allow_host_ephemeral,
      .accept_padded_pkcs8 = request.accept_padded_pkcs8,
      .target_needs_trusted = target.wrap_with_trusted};
  if (request.method) required.method = parse_method(*request.method);
  if (required.method == Method::kHostEphemeral && !request.allow_host_ephemeral) {
    throw Error(
        Kind::kUsage, "host-ephemeral-not-allowed",
        "--method host-ephemeral puts a transport key into host memory, and that was not accepted",
        "add --allow-host-ephemeral to accept that, or leave --method out");
  }
  return required;
}

// A key that may be used with one hash alone is, where the cloud leaves a choice and the options
// say nothing, of that hash there too: with another one nothing could be proven later.
provider::ImportOptions options_for(provider::ImportOptions options,
                                    const keys::TargetKey& target) {
  auto* aws = std::get_if<provider::aws::ImportOptions>(&options);
  if (aws != nullptr && !aws->key_spec && target.hash)
    aws->key_spec =
        provider::mac_type(provider::Provider::kAws, target.type,
                           static_cast<unsigned>(crypto::digest_bytes(*target.hash)) * 8);
  return options;
}

provider::Destination resolve(const WrapOrder& order, const provider::ImportParameters& parameters,
                              const keys::TargetKey& target, TimePoint now) {
  const auto force = order.request.allow_unverified ? provider::Force::kYes : provider::Force::kNo;
  auto destination = provider::resolve(parameters, options_for(order.options, target), target.type,
                                       target.label, force, now, target.usage);
  if (target.public_key) {
    for (auto& point :
         provider::check_public_exponent(destination.provider(), *target.public_key, force))
      destination.unverified.push_back(std::move(point));
  }
  return destination;
}

// Why no answer of this cloud will prove an import of such a key, known before anything is wrapped.
std::string why_never_provable(const WrapOrder& order, const provider::Destination& destination) {
  if (!destination.key_type.is_secret() || order.verification) return {};
  return provider::why_no_challenge(destination.use, destination.key_type);
}

// What the cloud can be asked for instead, where this token wraps such a key so: with the options
// that were given, or with more.
std::string instead(const WrapOrder& order, const keys::TargetKey& target, provider::Provider cloud,
                    wrap::SelfTest& tests) {
  const auto& request = order.request;
  std::vector<std::string> names;
  for (const auto& one :
       keys::cloud_abilities(cloud, target.type, tests, target.wrap_with_trusted)) {
    if (!one.ability.choice.recipe) continue;
    auto options = one.options();
    std::erase_if(options, [&](const std::string& name) {
      return (name == "--allow-unverified" && request.allow_unverified) ||
             (name == "--accept-padded-pkcs8" && request.accept_padded_pkcs8) ||
             (name == "--allow-host-ephemeral" && request.allow_host_ephemeral);
    });
    names.push_back(options.empty()
                        ? one.asked
                        : fmt::format("{} with {}", one.asked, fmt::join(options, " ")));
  }
  const auto what = fmt::format("{} for {}", target.type.name(), provider::provider_title(cloud));
  return names.empty() ? fmt::format("this token wraps {} by no wrapping algorithm", what)
                       : fmt::format("this token wraps {} so: {}", what, fmt::join(names, ", "));
}

// As wrap::plan. A person who cannot go on learns what does work here.
wrap::ProvenRecipe plan_recipe(const WrapOrder& order, const keys::TargetKey& target,
                               const provider::Destination& destination, wrap::SelfTest& tests) {
  try {
    return wrap::plan(requirements_of(order.request, target, destination), tests);
  } catch (const Error& error) {
    if (error.code() != "no-wrap-method" && error.code() != "padded-pkcs8") throw;
    throw Error(error.kind(), error.code(), error.message(),
                instead(order, target, destination.provider(), tests) + "\n" + error.hint());
  }
}

PlannedBundle plan_bundle(const WrapOrder& order, const provider::ImportParameters& parameters,
                          provider::Purpose purpose, const keys::TargetKey& target,
                          wrap::SelfTest& tests, const act::Context& context) {
  auto destination = resolve(order, parameters, target, context.now());
  provider::check_purpose(destination, purpose);
  auto recipe = plan_recipe(order, target, destination, tests);
  auto why = why_never_provable(order, destination);
  return {purpose, std::move(destination), std::move(recipe), std::move(why)};
}

// Before any self-test: the cheap refusals come first.
void require_possible(const WrapOrder& order, const keys::TargetKey& target, TimePoint now) {
  check_trust(target, order.request);
  if (!order.verification) return;
  provider::check_purpose(resolve(order, *order.verification, target, now),
                          provider::Purpose::kVerification);
}

// What policy and request demand of the key itself, wherever it goes.
keys::OriginFinding judge_target(const WrapOrder& order, const keys::TargetKey& target,
                                 act::TokenSession& token, const act::Context& context) {
  require_possible(order, target, context.now());
  if (!order.request.allow_outside_dates) keys::require_within_dates(target, context.now());
  auto origin = keys::find_origin(token.session(), target, context, token.info());
  keys::require_origin(origin, keys::demanded_origin(order.request.require_origin, context),
                       target.label);
  return origin;
}

std::vector<PlannedBundle> plan_bundles(const WrapOrder& order, const keys::TargetKey& target,
                                        act::TokenSession& token, const act::Context& context) {
  wrap::SelfTestMemory nothing_yet;
  wrap::SelfTest tests(token.session(),
                       context.self_tests != nullptr ? *context.self_tests : nothing_yet);
  std::vector<PlannedBundle> bundles;
  bundles.push_back(
      plan_bundle(order, order.parameters, provider::Purpose::kImport, target, tests, context));
  if (order.verification) {
    bundles.push_back(plan_bundle(order, *order.verification, provider::Purpose::kVerification,
                                  target, tests, context));
  }
  return bundles;
}

// A tenant's key leaves the token only for its tenant's destinations, and a destroyed one never.
void require_unowned(const keys::TargetKey& target, const act::Context& context) {
  if (!context.site) return;
  const registry::Registry registry(context.site->site.path(site::kRegistryName));
  (void)keys::unowned_version(*registry.read().operator->(), target.id);
}

}  // namespace

WrapPlan plan_wrap(const WrapOrder& order, const act::Context& context, act::TokenSession& token) {
  WrapPlan plan{.target = keys::find_target(token.session(), order.request.label, order.request.id),
                .trusting = order.request.trust_wrapping_key};
  if (!order.request.tenant) require_unowned(plan.target, context);
  plan.origin = judge_target(order, plan.target, token, context);
  plan.remarks = keys::date_remarks(plan.target, context.now());
  plan.bundles = plan_bundles(order, plan.target, token, context);
  return plan;
}

}  // namespace keyrite::imports
