// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What fetch.sh asks AWS KMS: a key without material where a new one is needed, and its import
// parameters; of a symmetric key twice, since only a second import of the same key shows that the
// first one was of it.
#include <fmt/format.h>

#include "base/text.h"
#include "provider/aws/destination.h"
#include "provider/commands.h"

namespace keyrite::provider::aws {
namespace {

constexpr std::string_view kParameters = "params.json";
constexpr std::string_view kAgain = "params-again.json";
constexpr std::string_view kDefaultKeySpec = "RSA_4096";
// GetParametersForImport: 0.25 requests per second and account.
constexpr std::string_view kPace = "4";

bool is_symmetric(const FetchOrder& order) {
  const auto& options = std::get<ImportOptions>(order.place.options);
  return cloud_type(Provider::kAws, order.type, options.key_spec).algorithm == "SYMMETRIC_DEFAULT";
}

ShellCommand& finish(ShellCommand& command, const FetchOrder& order) {
  return command.option("--region", order.place.region)
      .option("--profile", std::get<ImportOptions>(order.place.options).profile)
      .fixed("--output json");
}

// A key that is being made is not ready for import parameters.
constexpr std::string_view kAwaitReplica = R"sh(tries=0
  while [ "$(replica_state)" = Creating ] && [ "$tries" -lt 60 ]; do
    tries=$((tries + 1))
    sleep 5
  done
)sh";

std::string replica_lines(const FetchOrder& order) {
  ShellCommand replicate("aws kms replicate-key");
  replicate.option("--key-id", order.primary)
      .option("--replica-region", order.place.region)
      .option("--region", region_of(*order.primary))
      .option("--profile", std::get<ImportOptions>(order.place.options).profile)
      .fixed("--output json");
  return fmt::format(R"sh(  key_id={}
  if [ "$print" = no ] && replica_state > /dev/null 2>&1; then
    say 'the replica key is there already'
  else
    save replica.json {}
  fi
  [ "$print" = yes ] || await_replica
)sh",
                     shell_quote(*order.cloud_key), replicate.text());
}

std::string replica_functions(const FetchOrder& order) {
  if (!order.primary) return {};
  ShellCommand describe("aws kms describe-key");
  describe.option("--key-id", order.cloud_key);
  const auto state =
      fmt::format("  {} --query KeyMetadata.KeyState --output text\n",
                  describe.option("--region", order.place.region)
                      .option("--profile", std::get<ImportOptions>(order.place.options).profile)
                      .text());
  return shell_function("replica_state", state) +
         shell_function("await_replica", "  " + std::string(kAwaitReplica));
}

// The KMS key: the one that has the earlier versions, or a new one without material.
std::string key_lines(const FetchOrder& order) {
  if (order.primary) return replica_lines(order);
  if (order.cloud_key) return fmt::format("  key_id={}\n", shell_quote(*order.cloud_key));
  auto options = std::get<ImportOptions>(order.place.options);
  fill_key(options, order.type, order.usage);
  ShellCommand create("aws kms create-key --origin EXTERNAL");
  create.option("--key-spec", options.key_spec).option("--key-usage", options.key_usage);
  if (options.multi_region) create.fixed("--multi-region");
  return fmt::format(R"sh(  if [ "$print" = no ] && [ -s "$answers/key.json" ]; then
    say "$answers/key.json is there already"
  else
    save key.json {}
  fi
  key_id=KEY_ARN
  [ "$print" = yes ] || key_id=$(member key.json Arn)
  [ -n "$key_id" ] || fail "$answers/key.json names no key"
)sh",
                     finish(create, order).text());
}

std::string set_function(const FetchOrder& order) {
  const auto& options = std::get<ImportOptions>(order.place.options);
  ShellCommand fetch("aws kms get-parameters-for-import");
  fetch.expand("--key-id", "$key_id")
      .option("--wrapping-algorithm", options.wrapping_algorithm)
      .option("--wrapping-key-spec",
              options.wrapping_key_spec.value_or(std::string(kDefaultKeySpec)));
  return shell_function("fetch_set", fmt::format(R"sh(  if [ "$print" = yes ]; then
    save "$1" {0}
    return 0
  fi
  case $(member "$1" KeyId) in
    "$key_id" | */"$key_id") of_key=yes ;;
    *) of_key=no ;;
  esac
  if [ "$of_key" = yes ] && is_ahead "$(member "$1" ParametersValidTo)"; then
    say "$answers/$1 is there already, and has not expired"
  else
    [ "$paced" = no ] || sleep {1}
    save "$1" {0}
    paced=yes
  fi
  member "$1" PublicKey | fingerprint "$1"
)sh",
                                                 finish(fetch, order).text(), kPace));
}

}  // namespace

FetchedFiles fetched_files(const FetchOrder& order) {
  FetchedFiles files{.parameters = std::string(kParameters)};
  if (is_symmetric(order)) files.verification = kAgain;
  return files;
}

ClientCalls make_fetch(const FetchOrder& order) {
  std::string all = key_lines(order) + fmt::format("  fetch_set {}\n", kParameters);
  if (is_symmetric(order)) all += fmt::format("  fetch_set {}\n", kAgain);
  // Times are read as UTC.
  return {.client = "aws",
          .needs = kClientNeeds,
          .functions = client_functions(order.place.region) + "export TZ=UTC0\npaced=no\n\n" +
                       replica_functions(order) + set_function(order) +
                       shell_function("fetch_all", all)};
}

}  // namespace keyrite::provider::aws
