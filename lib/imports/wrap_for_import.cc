#include "imports/wrap_for_import.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "imports/bundle_assembly.h"
#include "imports/internal/all_or_none.h"
#include "provider/import_target.h"
#include "wrap/execute.h"

namespace keyrite::imports {

using pkcs11::Attr;

// The wrapping key in the token: a session object, trusted by the officer where that was asked for.
class WrappingKeyInToken {
 public:
  explicit WrappingKeyInToken(crypto::PublicKey key) : key_(std::move(key)) {}

  void put_trusted(pkcs11::Session& officer) {
    auto wanted = wrap::wrapping_key_template(key_);
    wanted.set<Attr::kToken>(false).set<Attr::kTrusted>(true);
    trusted_ = officer.create_object(wanted, "putting the wrapping key into the token as trusted");
  }

  [[nodiscard]] wrap::WrappingKey in(pkcs11::Session& session) {
    if (!trusted_) return {wrap::import_wrapping_key(session, key_), &key_};
    if (!session.exists(*trusted_) || session.read_bool(*trusted_, Attr::kTrusted) != true) {
      throw Error(Kind::kToken, "trusted-not-set",
                  "the token stored the wrapping key for the security officer, but not as a "
                  "trusted key (CKA_TRUSTED)",
                  "trust the wrapping key with the tools of the token's vendor, or use a key that "
                  "does not have CKA_WRAP_WITH_TRUSTED");
    }
    wrap::require_modulus(session, *trusted_, key_);
    return {*trusted_, &key_};
  }

 private:
  crypto::PublicKey key_;  // a copy: the work outlives the order that it was read from
  std::optional<pkcs11::ObjectHandle> trusted_{};
};

namespace {

// Reads an input once: what is hashed for the approvers is what is parsed.
std::optional<provider::InputFile> read_input(std::string_view field,
                                              const std::optional<std::string>& path,
                                              act::ReadInputs& inputs) {
  if (!path) return std::nullopt;
  provider::InputFile file{.name = *path, .content = read_file(*path)};
  inputs[std::string(field)] = {crypto::sha256_hex(file.content)};
  return file;
}

void check_outputs(const WrapRequest& request) {
  require_writable_new_path(request.out);
  if (request.expect_verification_key && !request.verification_parameters) {
    throw Error(Kind::kUsage, "verification-incomplete",
                "--expect-verification-key is given without --verification-parameters",
                "give both, or neither");
  }
  if (request.verification_parameters.has_value() != request.verification_out.has_value()) {
    throw Error(Kind::kUsage, "verification-incomplete",
                "--verification-parameters and --verification-out go together, and one is missing",
                "give both, or neither");
  }
  if (!request.verification_out) return;
  if (*request.verification_out == request.out) {
    throw Error(Kind::kUsage, "same-output", "--out and --verification-out name the same folder",
                "name two folders: the verification bundle is a separate bundle");
  }
  require_writable_new_path(*request.verification_out);
}

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

// What leaves, and whither.
act::RecordedRequest inputs_of(const WrapOrder& order) {
  act::RecordedRequest inputs;
  for (auto& word : provider::import_target(order.parameters, order.options, order.request.label)) {
    inputs.push_back({.name = std::move(word.name),
                      .value = std::move(word.value),
                      .is_name = word.tells_whose});
  }
  Json keys = Json::array({provider::wrapping_key(order.parameters).sha256()});
  if (order.verification) keys.push_back(provider::wrapping_key(*order.verification).sha256());
  inputs.push_back({.name = "wrapping_keys", .value = std::move(keys)});
  if (!order.verification) return inputs;
  if (const auto until = provider::valid_until(*order.verification)) {
    inputs.push_back({.name = "verification_parameters_valid_to", .value = format_rfc3339(*until)});
  }
  return inputs;
}

}  // namespace

act::Intent intent_of(const WrapOrder& order, act::RecordedRequest recorded) {
  const auto& request = order.request;
  act::Intent intent{.act = "wrap-for-import",
                     .request = std::move(recorded),
                     .label = request.label,
                     .id = request.id,
                     .outputs = {request.out}};
  if (request.trust_wrapping_key) intent.also.emplace_back("trust-wrapping-key");
  if (request.verification_out) intent.outputs.push_back(*request.verification_out);
  intent.inputs = inputs_of(order);
  intent.valid_until = provider::valid_until(order.parameters);
  if (order.verification) {
    const auto other = provider::valid_until(*order.verification);
    if (other && (!intent.valid_until || *other < *intent.valid_until)) intent.valid_until = other;
  }
  return intent;
}

WrapOrder read(const WrapRequest& request, const provider::ImportOptions& options, TimePoint now) {
  check_outputs(request);
  act::ReadInputs inputs;
  const provider::ParameterFiles files{
      .parameters = read_input("parameters", request.parameters, inputs),
      .public_key = read_input("wrapping-key", request.wrapping_key, inputs),
      .import_token = read_input("import-token", request.import_token, inputs)};
  WrapOrder order{.request = request,
                  .options = options,
                  .parameters = provider::read_parameters(files, options)};
  provider::check_time(order.parameters, now);
  if (request.verification_parameters) {
    order.verification = provider::read_parameters(
        {.parameters =
             read_input("verification-parameters", request.verification_parameters, inputs)},
        options);
    provider::check_time(*order.verification, now);
    provider::check_verification_parameters(order.parameters, *order.verification);
  }
  order.inputs = std::move(inputs);
  keys::require_named(request.label, request.id);
  return order;
}

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
