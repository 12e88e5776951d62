#include <fmt/format.h>

#include "acts/logged_refusal.h"
#include "acts/wrap_for_import.h"
#include "base/text.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"

namespace keyrite {
namespace {

void show_parameters(const provider::ImportParameters& parameters, TimePoint now,
                     const cli::Run& run) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, value] : provider::describe(parameters))
    rows.push_back({name, printable(value)});
  rows.push_back({"this machine's clock", format_rfc3339(now)});
  if (const auto until = provider::valid_until(parameters)) {
    rows.push_back({"valid for", format_duration(std::chrono::duration_cast<std::chrono::seconds>(
                                     *until - now))});
  }
  run.show(format_table(rows));
}

void show_plan(const acts::WrapPlan& plan, const cli::Run& run) {
  for (const auto& bundle : plan.bundles) {
    const auto& recipe = bundle.method.recipe;
    const std::string wrapped =
        bundle.purpose == provider::Purpose::kImport
            ? fmt::format("would wrap {} \"{}\" for {}", plan.target.type.name(),
                          printable(plan.target.label),
                          provider::provider_title(bundle.destination.provider()))
            : std::string("would wrap it once more for the verification bundle");
    run.show(fmt::format("{}, method {}, custody {}:", wrapped, method_name(recipe.method),
                         custody_name(custody_of(recipe.method))));
    for (const auto& step : recipe.steps()) run.show("  " + step);
    run.show("self-test: " + bundle.method.detail);
    for (const auto& remark : bundle.destination.remarks) run.show("note: " + remark);
    for (const auto& point : bundle.destination.unverified)
      run.show("confirmed by no source: " + point);
    run.show(bundle.why_not_provable.empty()
                 ? "can be proven: by what the cloud answers to what the bundle asks it"
                 : "cannot be proven by an answer: " + bundle.why_not_provable);
  }
  if (plan.trusting) {
    run.show(
        "not tried: whether the token takes a wrapping key as trusted from the security officer; "
        "token-check --trusted tries that");
  }
  for (const auto& line : plan.needs.lines()) run.show(line);
}

void show_bundle(const acts::MadeBundle& made, const cli::Run& run) {
  const auto& manifest = made.manifest;
  run.show(fmt::format("made {} bundle {}", provider::purpose_name(manifest.purpose),
                       printable(made.folder)));
  std::vector<std::vector<std::string>> rows{
      {"key", fmt::format("{} \"{}\", id {}", manifest.key.type.name(),
                          printable(manifest.key.label), manifest.key.id)},
      {"for", printable(manifest.cloud.key)},
      {"as", manifest.cloud.algorithm},
      {"wrapped by", fmt::format("{}, method {}, {} bytes", manifest.algorithm.name(),
                                 method_name(manifest.method), made.blob_bytes)},
      {"custody", std::string(custody_name(manifest.custody))}};
  if (manifest.valid_until)
    rows.push_back({"import before", format_rfc3339(*manifest.valid_until)});
  for (const auto& value : manifest.check_values)
    rows.push_back({"check value " + value.alg, value.value});
  for (const auto& [name, value] : manifest.protections) rows.push_back({name, value});
  for (const auto& exception : manifest.exceptions) rows.push_back({"accepted by name", exception});
  for (const auto& point : manifest.unverified) rows.push_back({"confirmed by no source", point});
  for (const auto& challenge : made.expected.not_asked) {
    rows.push_back(
        {"not asked later", fmt::format("{}: {}", challenge.id, printable(challenge.reason))});
  }
  rows.push_back({"verified", fmt::format("{} checks of the files passed", made.checks.size())});
  run.show(format_table(rows));
  // A line of their own each: they are compared and written down, and must not be broken.
  run.show(fmt::format("wrapping key SHA-256\n  {}\nmanifest SHA-256\n  {}",
                       manifest.wrapping_key.sha256, made.manifest_sha256));
  if (!made.why_not_provable.empty())
    run.show("verify-import cannot prove this import: " + made.why_not_provable);
}

template <class Request>
int wrap_order(const Request& request, cli::Run& run) {
  const TimePoint now = run.context.now();
  const auto logged = [&](const auto& step) {
    return acts::with_refusals_logged(run.context, cli::kWrapForImport.name, step);
  };
  const auto order = logged([&] { return acts::read(request, request, now); });
  show_parameters(order.parameters, now, run);
  if (order.verification) {
    run.show("and for the verification bundle");
    show_parameters(*order.verification, now, run);
  }
  if (run.context.dry_run) {
    const auto plan = acts::dry_run(order, run.context);
    show_plan(plan, run);
    run.plan(plan.to_json());
    return 0;
  }
  const auto compared = logged([&] { return acts::compare_wrapping_key(order, run.context); });
  const auto result = acts::perform(compared, run.context, acts::record(request, order.inputs));
  Json bundles = Json::array();
  for (const auto& made : result.bundles) {
    show_bundle(made, run);
    bundles.push_back(made.to_json());
  }
  run.show(
      "Carry the folder to the connected machine and run ./import.sh there; then verify-import "
      "answers.");
  run.result({{"bundles", bundles}});
  return 0;
}

int wrap_aws(const acts::AwsWrapRequest& request, cli::Run& run) {
  return wrap_order(request, run);
}
int wrap_azure(const acts::AzureWrapRequest& request, cli::Run& run) {
  return wrap_order(request, run);
}
int wrap_google(const acts::GoogleWrapRequest& request, cli::Run& run) {
  return wrap_order(request, run);
}

constexpr std::string_view kHow =
    "Reads the import parameters, has the fingerprint of the cloud's wrapping key compared, tries "
    "with throw-away "
    "keys which method this token really does, wraps the key inside the token, and writes a "
    "bundle: the wrapped key "
    "in the cloud's own format, the exact commands, and what the cloud must answer. The bundle is "
    "verified from its "
    "files before success is reported.\n\nThe key itself is never in this machine's memory.";

cli::Command command(std::string_view name, std::string_view summary, cli::Example example,
                     std::function<cli::PreparedCommand()> prepare) {
  return {.name = name,
          .summary = summary,
          .description = kHow,
          .examples = {example},
          .token = cli::user_and_so_token_access,
          .site = cli::SiteAccess::kApproved,
          .dry_run = cli::DryRun::kOffered,
          .prepare = std::move(prepare)};
}

cli::Tool tool() {
  return {
      cli::kWrapForImport,
      {command("aws", "for AWS KMS",
               {"wrap a key for AWS KMS",
                "keyrite wrap-for-import aws --token 'pkcs11:token=Ceremony' \\\n    --label "
                "acme-payments-v3 "
                "--parameters params.json \\\n    --wrapping-algorithm RSAES_OAEP_SHA_256 --out "
                "acme-payments-v3.aws"},
               cli::prepare_with(wrap_aws)),
       command("azure", "for Azure Key Vault or Managed HSM",
               {"wrap a key for Azure Managed HSM",
                "keyrite wrap-for-import azure --token 'pkcs11:token=Ceremony' \\\n    --label "
                "acme-payments-v3 "
                "--parameters kek.json \\\n    --out acme-payments-v3.azure"},
               cli::prepare_with(wrap_azure)),
       command("google", "for Google Cloud KMS",
               {"wrap a key for Google Cloud KMS",
                "keyrite wrap-for-import google --token 'pkcs11:token=Ceremony' \\\n    --label "
                "acme-payments-v3 "
                "--parameters job.json \\\n    --key payments --out acme-payments-v3.google"},
               cli::prepare_with(wrap_google))}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
