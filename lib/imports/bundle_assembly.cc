#include "imports/bundle_assembly.h"

#include <fmt/format.h>

#include "base/text.h"
#include "bundle/cross_checks.h"
#include "bundle/write.h"
#include "crypto/random.h"
#include "imports/challenge_values.h"
#include "keys/check_values.h"
#include "provider/payload.h"
#include "provider/script.h"
#include "wrap/protection.h"

namespace keyrite::imports {

namespace {

std::string number_text(unsigned long number) { return fmt::format("0x{:08x}", number); }

// The mechanisms that a method stands on, in the order of bundle::tested_texts.
std::vector<pkcs11::Mechanism> mechanisms_of(const wrap::Recipe& recipe) {
  const auto oaep = pkcs11::Mechanism::rsa_oaep(recipe.algorithm.hash);
  switch (recipe.method) {
    case Method::kDirect:
      return {oaep};
    case Method::kNative:
      return {pkcs11::Mechanism::rsa_aes_key_wrap(256, recipe.algorithm.hash)};
    case Method::kComposed:
      return {oaep, pkcs11::Mechanism::aes_key_wrap(recipe.kwp.value())};
    case Method::kHostEphemeral:
      return {pkcs11::Mechanism::aes_key_wrap(recipe.kwp.value())};
  }
  return {};
}

// What the self-test showed, one row for each mechanism.
std::vector<bundle::SelfTestRow> self_test_rows(const wrap::SelfTestResult& test) {
  const auto& recipe = test.recipe;
  const auto mechanisms = mechanisms_of(recipe);
  const auto texts = bundle::tested_texts(recipe.method, recipe.algorithm.hash, test.tested_with);
  std::vector<bundle::SelfTestRow> rows;
  for (std::size_t i = 0; i < mechanisms.size(); ++i) {
    rows.push_back({mechanisms[i].name(), number_text(mechanisms[i].number()), texts.at(i),
                    std::string(wrap::outcome_name(test.outcome))});
  }
  return rows;
}

bundle::TokenRecord token_record(act::TokenSession& token) {
  const auto& info = token.info();
  // What a token says of itself is whatever its vendor stored: it goes into files as one line of
  // text.
  return {.label = printable(info.label),
          .manufacturer = printable(info.manufacturer),
          .model = printable(info.model),
          .serial = printable(info.serial),
          .firmware = printable(info.firmware_version),
          .module = token.module().path,
          .module_sha256 = token.module().sha256};
}

// What was read back of the target, and whether the token keeps CKA_WRAP_WITH_TRUSTED where the
// target has it.
bundle::NamedTexts protections_of(act::TokenSession& token, const keys::TargetKey& target) {
  bundle::NamedTexts protections(target.protections.begin(), target.protections.end());
  if (target.wrap_with_trusted) {
    protections.emplace_back("wrap-with-trusted",
                             wrap::enforcement_name(wrap::untrusted_is_refused(token.session())));
  }
  return protections;
}

bundle::Manifest manifest_of(const ComparedOrder& compared, const WrapPlan& plan,
                             const PlannedBundle& planned, WrapCheck checked,
                             const act::Context& context, act::TokenSession& token) {
  const keys::TargetKey& target = plan.target;
  const keys::OriginFinding& origin = plan.origin;
  const auto& destination = planned.destination;
  const auto& wrapping_key = provider::wrapping_key(destination.parameters);
  const auto& test = planned.recipe.evidence();
  const TimePoint now = context.now();
  bundle::Manifest manifest{
      .provider = destination.provider(),
      .purpose = planned.purpose,
      .created = std::chrono::floor<std::chrono::seconds>(now),
      .valid_until = provider::valid_until(destination.parameters),
      .tool = context.tool_version,
      .key = {target.label, to_hex(target.id), target.type,
              target.public_key ? target.public_key->sha256() : std::string{}},
      .origin = {origin.origin, origin.entry, {origin.judged_by.begin(), origin.judged_by.end()}},
      .cloud = {destination.cloud_key, destination.cloud_algorithm, destination.names},
      .algorithm = destination.algorithm,
      .method = test.recipe.method,
      .custody = custody_of(test.recipe.method),
      .checked = checked,
      .wrapping_key = {wrapping_key.sha256(), wrapping_key.rsa_bits(),
                       compared.basis_of(wrapping_key)},
      .import_parameters = provider::to_json(destination.parameters),
      .token = token_record(token),
      .self_test = self_test_rows(test),
      .check_values = keys::check_values(token.session(), target.type, target.usage, target.handle,
                                         target.public_key, target.hash),
      .protections = protections_of(token, target),
      .unverified = destination.unverified};
  if (manifest.valid_until)
    manifest.valid_until = std::chrono::floor<std::chrono::seconds>(*manifest.valid_until);
  if (test.padded_pkcs8) manifest.exceptions.emplace_back("padded-pkcs8");
  if (keys::is_outside_dates(target, now)) manifest.exceptions.emplace_back("outside-dates");
  return manifest;
}

// What the first import answered: a re-import must be answered the same.
std::optional<std::string> expected_material(const PlannedBundle& planned) {
  const auto* aws = std::get_if<provider::aws::ImportOptions>(&planned.destination.options);
  const bool again = planned.purpose == provider::Purpose::kVerification;
  return aws != nullptr && again ? aws->key_material_id : std::nullopt;
}

}  // namespace

PreparedBundle assemble_bundle(const ComparedOrder& compared, const WrapPlan& plan,
                               const PlannedBundle& planned, const wrap::Wrapped& wrapped,
                               const act::Context& context, act::TokenSession& token) {
  const auto& destination = planned.destination;
  const keys::TargetKey& target = plan.target;
  const Bytes challenge = crypto::random_bytes(provider::kChallengeBytes);
  const Bytes hidden = crypto::random_bytes(provider::kHiddenBytes);
  const auto specs = provider::challenges_for(destination.use, target.type, challenge, hidden);
  const auto set = provider::finish(compute_challenges(token.session(), target, specs), challenge,
                                    target.public_key);

  bundle::Parts parts{
      .manifest = manifest_of(compared, plan, planned, wrapped.checked, context, token),
      .wrapping_key = provider::wrapping_key(destination.parameters).spki(),
      .payload = provider::lay_out(
          destination, wrapped.blob,
          fmt::format("{}; {} {}", context.tool_version, printable(token.info().model),
                      token.info().firmware_version)),
      .challenges = set.files};
  parts.expected = {.provider = destination.provider(),
                    .purpose = planned.purpose,
                    .key_type = target.type,
                    .key_label = target.label,
                    .cloud_key = destination.cloud_key,
                    .cloud_algorithm = destination.cloud_algorithm,
                    .key_material_id = expected_material(planned),
                    .public_key = target.public_key ? target.public_key->spki() : Bytes{},
                    .challenge = challenge,
                    .answers = set.answers,
                    .signatures = set.signatures,
                    .not_asked = set.not_asked,
                    .check_values = parts.manifest.check_values};
  provider::ScriptInput script{
      .purpose = planned.purpose,
      .files = parts.payload,
      .asked = set.asked,
      .origin = plan.origin.text(),
      .core_sha256 = bundle::core_sha256_of(bundle::to_json(parts.manifest))};
  script.files.insert(script.files.end(), set.files.begin(), set.files.end());
  parts.import_script = provider::import_script(destination, script);
  parts.readme = provider::readme(destination, script);
  return {.files = bundle::assemble(parts),
          .usage = target.usage,
          .wrapping_key = parts.manifest.wrapping_key.sha256,
          .blob_bytes = wrapped.blob.size()};
}

}  // namespace keyrite::imports
