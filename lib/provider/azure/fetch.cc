// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// What fetch.sh asks Azure: the key-exchange key of the vault, created where it is missing, and its
// public half.
#include <fmt/format.h>

#include "base/text.h"
#include "provider/azure/destination.h"
#include "provider/commands.h"

namespace keyrite::provider::azure {
namespace {

constexpr std::string_view kParameters = "kek.json";
constexpr std::string_view kBits = "4096";

ShellCommand of_kek(std::string_view operation, const FetchOrder& order) {
  const auto& host = order.place.container;
  const bool in_hsm = is_managed_hsm(std::get<ImportOptions>(order.place.options), host);
  ShellCommand command(fmt::format("az keyvault key {}", operation));
  command.option(in_hsm ? "--hsm-name" : "--vault-name", host.substr(0, host.find('.')))
      .option("--name", std::string(kExchangeKey));
  return command;
}

}  // namespace

FetchedFiles fetched_files(const FetchOrder& /*order*/) {
  return {.parameters = std::string(kParameters)};
}

ClientCalls make_fetch(const FetchOrder& order) {
  ShellCommand show = of_kek("show", order);
  ShellCommand create = of_kek("create", order);
  create.fixed(fmt::format("--kty RSA-HSM --size {} --ops import --output json", kBits));
  ShellCommand download = of_kek("download", order);
  download.fixed("--encoding PEM").expand("--file", "$(target kek.pem)");
  const std::string all = fmt::format(R"sh(  if [ "$print" = yes ]; then
    save {0} {1}
    save {0} {2}
  elif ! save {0} {1}; then
    grep -q 'KeyNotFound' "$work/said" || fail "az does not say whether the vault has the key {3}: correct what the message above says"
    save {0} {2}
  fi
  fetch kek.pem {4}
  [ "$print" = yes ] || sed '/^-/d' "$answers/kek.pem" | tr -d '\r\n' | fingerprint kek.pem
)sh",
                                      kParameters, show.fixed("--output json").text(),
                                      create.text(), kExchangeKey, download.text());
  return {.client = "az",
          .needs = kClientNeeds,
          .functions = client_functions() + shell_function("fetch_all", all)};
}

}  // namespace keyrite::provider::azure
