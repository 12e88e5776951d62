#include "act/act.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_act.h"
#include "cli/run_tool.h"
#include "cli/token_access.h"
#include "imports/wrap_for_import.h"

namespace keyrite {
namespace {

template <class Request>
int wrap(const Request& request, cli::Run& run) {
  return cli::run_act(imports::wrap_for_import(request), run);
}

constexpr std::string_view kHow =
    "Reads the import parameters, asks you to compare the fingerprint of the cloud's "
    "wrapping key, tries with throw-away keys which method this token supports, wraps "
    "the key inside the token, and writes a bundle: the wrapped key in the cloud's own "
    "format, the exact commands, and what the cloud must answer. keyrite verifies the "
    "bundle from its files before it reports success.\n\nThe key itself is never in this "
    "machine's memory.";

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
               cli::prepare_with(wrap<imports::AwsWrapRequest>)),
       command("azure", "for Azure Key Vault or Managed HSM",
               {"wrap a key for Azure Managed HSM",
                "keyrite wrap-for-import azure --token 'pkcs11:token=Ceremony' \\\n    --label "
                "acme-payments-v3 "
                "--parameters kek.json \\\n    --out acme-payments-v3.azure"},
               cli::prepare_with(wrap<imports::AzureWrapRequest>)),
       command("google", "for Google Cloud KMS",
               {"wrap a key for Google Cloud KMS",
                "keyrite wrap-for-import google --token 'pkcs11:token=Ceremony' \\\n    --label "
                "acme-payments-v3 "
                "--parameters job.json \\\n    --key payments --out acme-payments-v3.google"},
               cli::prepare_with(wrap<imports::GoogleWrapRequest>))}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
