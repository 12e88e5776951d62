#include "acts/wrap_for_import.h"

#include <fmt/format.h>

#include "acts/bundle_assembly.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "wrap/execute.h"

namespace keyrite::acts {

namespace {

using pkcs11::Attr;

std::optional<provider::InputFile> read_input(const std::optional<std::string>& path) {
  if (!path) return std::nullopt;
  return provider::InputFile{.name = *path, .content = read_file(*path)};
}

void check_outputs(const WrapRequest& request) {
  require_writable_new_path(request.out);
  if (request.verification_parameters.has_value() != request.verification_out.has_value()) {
    throw Error(Kind::kUsage, "verification-incomplete",
                "--verification-parameters and --verification-out go together, and one is missing",
                "give both, or neither");
  }
  if (!request.verification_out) return;
  if (*request.verification_out == request.out) {
    throw Error(Kind::kUsage, "same-output", "--out and --verification-out name the same folder",
                "the verification bundle is a bundle of its own");
  }
  require_writable_new_path(*request.verification_out);
}

// The wrapping key in the token: a session object, trusted by the officer where that was asked for.
class WrappingKeyInToken {
 public:
  explicit WrappingKeyInToken(const crypto::PublicKey& key) : key_(key) {}

  void put_trusted(pkcs11::Session& officer) {
    auto wanted = wrap::wrapping_key_template(key_);
    wanted.set<Attr::kToken>(false).set<Attr::kTrusted>(true);
    trusted_ = officer.create_object(wanted, "putting the wrapping key into the token as trusted");
  }

  [[nodiscard]] wrap::WrappingKey in(pkcs11::Session& session) {
    if (!trusted_) return {wrap::import_wrapping_key(session, key_), &key_};
    if (!session.exists(*trusted_) || session.read_bool(*trusted_, Attr::kTrusted) != true) {
      throw Error(
          Kind::kToken, "trusted-not-set",
          "the token took the wrapping key from the security officer, but does not hold it as "
          "trusted",
          "use the tools of the token's vendor to trust a wrapping key, or a target without "
          "--wrap-with-trusted");
    }
    return {*trusted_, &key_};
  }

 private:
  const crypto::PublicKey& key_;
  std::optional<pkcs11::ObjectHandle> trusted_{};
};

void check_trust(const TargetKey& target, const WrapRequest& request) {
  if (!target.wrap_with_trusted || request.trust_wrapping_key) return;
  throw Error(Kind::kToken, "target-needs-trusted-wrapping-key",
              fmt::format("\"{}\" was made with CKA_WRAP_WITH_TRUSTED and may only be wrapped by a "
                          "wrapping key that "
                          "the security officer trusts",
                          printable(target.label)),
              "run again with --trust-wrapping-key, with the security officer present");
}

wrap::Wish wish_for(const WrapRequest& request, const TargetKey& target,
                    const provider::Destination& destination) {
  wrap::Wish wish{.algorithm = destination.algorithm,
                  .target = target.type,
                  .wrapping_key_bits = provider::wrapping_key(destination.parameters).rsa_bits(),
                  .allow_host_ephemeral = request.allow_host_ephemeral,
                  .accept_padded_pkcs8 = request.accept_padded_pkcs8,
                  .target_needs_trusted = target.wrap_with_trusted};
  if (request.method) wish.method = parse_method(*request.method);
  if (wish.method == Method::kHostEphemeral && !request.allow_host_ephemeral) {
    throw Error(
        Kind::kUsage, "host-ephemeral-not-allowed",
        "--method host-ephemeral puts a transport key into host memory, which was not allowed",
        "add --allow-host-ephemeral to accept that");
  }
  return wish;
}

provider::Destination resolve(const WrapOrder& order, const provider::ImportParameters& parameters,
                              const TargetKey& target, TimePoint now) {
  return provider::resolve(
      parameters, order.options, target.type, target.label,
      order.request.allow_unverified ? provider::Force::kYes : provider::Force::kNo, now);
}

// One bundle in memory: wrapped, challenged, assembled. Nothing is written here.
PreparedBundle prepare(const WrapOrder& order, const provider::Destination& destination,
                       const TargetKey& target, provider::Purpose purpose, wrap::SelfTest& tests,
                       TokenSession& token, WrappingKeyInToken& wrapping_key,
                       const Context& context) {
  const wrap::ProvenRecipe recipe = wrap::plan(wish_for(order.request, target, destination), tests);
  context.note(fmt::format("wrapping \"{}\" by method {}, custody {}", printable(target.label),
                           method_name(recipe.recipe().method),
                           custody_name(custody_of(recipe.recipe().method))));
  const Bytes blob = wrap::execute(token.session(), recipe, wrapping_key.in(token.session()),
                                   {target.handle, target.type, target.label});
  return assemble_bundle({.destination = destination,
                          .target = target,
                          .recipe = recipe,
                          .purpose = purpose,
                          .blob = blob,
                          .now = context.now(),
                          .tool = context.tool_version},
                         token);
}

MadeBundle publish(const PreparedBundle& prepared, const std::string& folder,
                   const WrapRequest& request, TimePoint now) {
  write_new_folder(folder, prepared.files);
  const auto report = bundle::verify(bundle::read_contents(folder),
                                     {.now = now,
                                      .allow_host_ephemeral = request.allow_host_ephemeral,
                                      .expect_wrapping_key = prepared.wrapping_key});
  bundle::require_good(report);
  return {.folder = folder,
          .manifest = report.manifest,
          .expected = report.expected,
          .manifest_sha256 = report.manifest_sha256,
          .blob_bytes = prepared.blob_bytes,
          .checks = report.checks};
}

WrapResult work(const WrapOrder& order, const Context& context, TokenSession& token,
                WrappingKeyInToken& first, WrappingKeyInToken* second) {
  TargetKey target = find_target(token.session(), order.request.label, order.request.id);
  check_trust(target, order.request);
  const auto destination = resolve(order, order.parameters, target, context.now());
  wrap::SelfTestMemory nothing_yet;
  wrap::SelfTest tests(token.session(),
                       context.self_tests != nullptr ? *context.self_tests : nothing_yet);
  if (context.dry_run) {
    const auto recipe = wrap::plan(wish_for(order.request, target, destination), tests);
    return {.planned = WrapPlan{target, destination, recipe.evidence()}};
  }
  std::vector<std::pair<PreparedBundle, std::string>> prepared;
  prepared.emplace_back(
      prepare(order, destination, target, provider::Purpose::kImport, tests, token, first, context),
      order.request.out);
  if (second != nullptr) {
    const auto again = resolve(order, *order.verification, target, context.now());
    prepared.emplace_back(prepare(order, again, target, provider::Purpose::kVerification, tests,
                                  token, *second, context),
                          *order.request.verification_out);
  }
  WrapResult result;
  for (const auto& [bundle, folder] : prepared) {
    result.bundles.push_back(publish(bundle, folder, order.request, context.now()));
  }
  return result;
}

WrapResult run(
    const WrapOrder& order, const Context& context,
    const std::function<std::unique_ptr<TokenSession>(const TokenSession::OfficerWork&)>& open) {
  WrappingKeyInToken first(provider::wrapping_key(order.parameters));
  std::optional<WrappingKeyInToken> second;
  if (order.verification) second.emplace(provider::wrapping_key(*order.verification));
  TokenSession::OfficerWork officer;
  if (order.request.trust_wrapping_key) {
    officer = [&](pkcs11::Session& session) {
      first.put_trusted(session);
      if (second) second->put_trusted(session);
    };
  }
  const auto token = open(officer);
  WrapResult result = work(order, context, *token, first, second ? &*second : nullptr);
  token->close();
  return result;
}

}  // namespace

WrapOrder read(const WrapRequest& request, const provider::ImportOptions& options, TimePoint now) {
  check_outputs(request);
  const provider::ParameterFiles files{.parameters = read_input(request.parameters),
                                       .public_key = read_input(request.wrapping_key),
                                       .import_token = read_input(request.import_token)};
  WrapOrder order{.request = request,
                  .options = options,
                  .parameters = provider::read_parameters(files, options)};
  provider::check_time(order.parameters, now);
  if (request.verification_parameters) {
    order.verification = provider::read_parameters(
        {.parameters = read_input(request.verification_parameters)}, options);
    provider::check_time(*order.verification, now);
  }
  return order;
}

WrapResult perform(const WrapOrder& order, const Context& context) {
  return run(order, context, [&](const TokenSession::OfficerWork& officer) {
    return std::make_unique<TokenSession>(context.token, pkcs11::Access::kReadWrite, officer);
  });
}

WrapResult perform(const WrapOrder& order, const Context& context,
                   std::shared_ptr<pkcs11::Module> module) {
  return run(order, context, [&](const TokenSession::OfficerWork& officer) {
    return std::make_unique<TokenSession>(module, context.token, pkcs11::Access::kReadWrite,
                                          officer);
  });
}

}  // namespace keyrite::acts
