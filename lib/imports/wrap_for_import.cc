#include "imports/wrap_for_import.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "imports/bundle_assembly.h"
#include "imports/internal/all_or_none.h"
#include "imports/internal/wrapping_key_in_token.h"
#include "wrap/execute.h"

namespace keyrite::imports {

namespace {

bundle::Policy policy_of(const PreparedBundle& prepared, const WrapRequest& request,
                         TimePoint now) {
  return {.now = now,
          .allow_host_ephemeral = request.allow_host_ephemeral,
          .expect_wrapping_key = prepared.wrapping_key};
}

// Why no answer to the import will prove it; empty when one can.
std::string why_not_provable(const PlannedBundle& planned, const provider::Expected& expected,
                             bool again) {
  if (!expected.signatures.empty() || !expected.answers.empty() || again) return {};
  if (!expected.not_asked.empty())
    return "the token computed no answer: " + expected.not_asked.front().reason;
  return provider::why_no_challenge(planned.destination.use, planned.destination.key_type);
}

// One bundle in memory: wrapped, challenged, assembled and checked. Nothing is written here, so
// everything that can be wrong with a bundle is found before the first of them is written.
PreparedBundle prepare(const ComparedOrder& compared, const WrapPlan& plan,
                       const PlannedBundle& planned, act::TokenSession& token,
                       WrappingKeyInToken& wrapping_key, const act::Context& context) {
  const WrapOrder& order = compared.order();
  const keys::TargetKey& target = plan.target;
  const Method method = planned.recipe.recipe().method;
  context.note(fmt::format("wrapping \"{}\" for {}, method {}, custody {}", printable(target.label),
                           provider::purpose_name(planned.purpose), method_name(method),
                           custody_name(custody_of(method))));
  for (const auto& remark : planned.destination.remarks) context.note(remark);
  const wrap::Wrapped wrapped =
      wrap::execute(token.session(), planned.recipe, wrapping_key.in(token.session()),
                    {target.handle, target.type, target.label});
  auto prepared = assemble_bundle(compared, plan, planned, wrapped, context, token);
  const auto report =
      bundle::verify(prepared.files, policy_of(prepared, order.request, context.now()));
  bundle::require_good(report);
  prepared.why_not_provable =
      why_not_provable(planned, report.expected, order.verification.has_value());
  return prepared;
}

// From the files that were written, as whoever gets them will check them.
MadeBundle read_back(const PreparedBundle& prepared, const std::string& folder,
                     const WrapRequest& request, TimePoint now) {
  const auto report =
      bundle::verify(bundle::read_contents(folder), policy_of(prepared, request, now));
  bundle::require_good(report);
  return {.folder = folder,
          .usage = prepared.usage,
          .manifest = report.manifest,
          .expected = report.expected,
          .manifest_sha256 = report.manifest_sha256,
          .blob_bytes = prepared.blob_bytes,
          .checks = report.checks,
          .why_not_provable = prepared.why_not_provable};
}

// The folder of each bundle of an order, in the sequence of the plan's.
std::vector<std::string> folders_of(const WrapRequest& request) {
  std::vector<std::string> folders{request.out};
  if (request.verification_out) folders.push_back(*request.verification_out);
  return folders;
}

std::vector<MadeBundle> publish_all(const std::vector<PreparedBundle>& prepared,
                                    const WrapRequest& request, TimePoint now) {
  const auto paths = folders_of(request);
  std::vector<MadeBundle> made;
  std::vector<NewFolder> folders;
  for (std::size_t i = 0; i < prepared.size(); ++i)
    folders.push_back({paths.at(i), &prepared[i].files});
  write_all_or_none(folders, [&](std::size_t place) {
    made.push_back(read_back(prepared[place], paths.at(place), request, now));
  });
  return made;
}

// What may be done twice: session objects of the token, and nothing on the disk.
std::vector<PreparedBundle> wrap_in_memory(const ComparedOrder& compared,
                                           const act::Context& context, act::TokenSession& token,
                                           std::vector<WrappingKeyInToken>& wrapping) {
  const WrapPlan plan = plan_wrap(compared.order(), context, token);
  context.note(
      fmt::format("origin of \"{}\": {}", printable(plan.target.label), plan.origin.text()));
  for (const auto& remark : plan.remarks) context.note(remark);
  std::vector<PreparedBundle> prepared;
  for (std::size_t i = 0; i < plan.bundles.size(); ++i) {
    prepared.push_back(prepare(compared, plan, plan.bundles[i], token, wrapping.at(i), context));
  }
  return prepared;
}

std::vector<MadeBundle> wrap_all(const ComparedOrder& compared, const act::Context& context,
                                 act::TokenSession& token,
                                 std::vector<WrappingKeyInToken>& wrapping) {
  const auto& request = compared.order().request;
  std::vector<PreparedBundle> prepared;
  try {
    prepared = wrap_in_memory(compared, context, token, wrapping);
  } catch (const Error& error) {
    // A wrapping key that the security officer trusted is gone with its session.
    if (request.trust_wrapping_key || !token.is_lost(error)) throw;
    context.note(fmt::format("the connection to the token was lost: {}; connecting again, once",
                             error.message()));
    token.reconnect();
    prepared = wrap_in_memory(compared, context, token, wrapping);
  }
  return publish_all(prepared, request, context.now());
}

}  // namespace

// In the sequence of the plan's bundles.
struct WrapWork::Keys {
  std::vector<WrappingKeyInToken> keys{};
};

WrapWork::WrapWork(const WrapOrder& order)
    : keys_(std::make_unique<Keys>()), trusting_(order.request.trust_wrapping_key) {
  keys_->keys.emplace_back(provider::wrapping_key(order.parameters));
  if (order.verification) keys_->keys.emplace_back(provider::wrapping_key(*order.verification));
}

WrapWork::~WrapWork() = default;

act::TokenSession::OfficerWork WrapWork::officer_work() const {
  if (!trusting_) return {};
  return [keys = keys_.get()](pkcs11::Session& session) {
    for (auto& key : keys->keys) key.put_trusted(session);
  };
}

std::vector<MadeBundle> WrapWork::perform(const ComparedOrder& compared,
                                          const act::Context& context,
                                          act::TokenSession& token) const {
  return wrap_all(compared, context, token, keys_->keys);
}

}  // namespace keyrite::imports
