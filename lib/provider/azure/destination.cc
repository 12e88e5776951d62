#include "provider/azure/destination.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "provider/name_form.h"

namespace keyrite::provider::azure {
namespace {

constexpr std::size_t kMaxTag = 256;
constexpr std::string_view kVault = "vault";

// "acme.managedhsm.azure.net": the second label tells, in every cloud known; other hosts are told
// by the operator.
std::optional<std::string> store_of(const std::string& host) {
  const auto dot = host.find('.');
  const std::string rest = dot == std::string::npos ? "" : lower_case(host.substr(dot + 1));
  if (rest.substr(0, 6) == "vault.") return std::string(kVault);
  if (rest.substr(0, 11) == "managedhsm.") return std::string(kManagedHsm);
  return std::nullopt;
}

void check_store(ImportOptions& options, const std::string& host) {
  const auto of_host = store_of(host);
  const bool known = !options.store || *options.store == kVault || *options.store == kManagedHsm;
  const bool agree = !options.store || !of_host || *options.store == *of_host;
  if (!known || !agree || (!options.store && !of_host)) {
    throw Error(
        Kind::kUsage, "store-unknown",
        fmt::format("keyrite cannot tell whether {} is a vault or a Managed HSM{}", in_quotes(host),
                    options.store ? "; --store says " + in_quotes(*options.store) : ""),
        "give --store vault or --store managed-hsm");
  }
  if (!options.store) options.store = of_host;
}

void check_name(ImportOptions& options, std::string_view label) {
  if (!options.name) options.name = std::string(label);
  if (!is_name(*options.name, kMaxName, "-")) {
    throw Error(
        Kind::kUsage, "key-name-invalid",
        fmt::format("{} is not a valid key name in Azure Key Vault", in_quotes(*options.name)),
        "with --name, give 1 to 127 letters, digits and -, and no - at the beginning");
  }
}

void check_operations(ImportOptions& options, const CloudType& type, const KeyType& key_type) {
  if (options.ops.empty()) options.ops.assign(type.uses.begin(), type.uses.end());
  for (const std::string& operation : options.ops) {
    if (std::find(type.uses.begin(), type.uses.end(), operation) == type.uses.end()) {
      throw Error(
          Kind::kUsage, "key-operation-not-for-key-type",
          fmt::format("{} cannot do {} in Azure Key Vault", key_type.name(), in_quotes(operation)),
          fmt::format("it can do: {}", fmt::join(type.uses, ", ")));
    }
  }
}

void check_tags(const ImportOptions& options) {
  for (const std::string& tag : options.tags) {
    if (!is_free_text(tag, kMaxTag) || tag.find('=') == 0) {
      throw Error(Kind::kUsage, "tag-invalid",
                  fmt::format("{} is not a valid tag of a key in Azure Key Vault", in_quotes(tag)),
                  "give name=value, at most 256 characters, all of them visible");
    }
  }
}

void check_expires(ImportOptions& options, TimePoint now) {
  if (!options.expires) return;
  const TimePoint until = parse_rfc3339(*options.expires, "--expires");
  if (until <= now) {
    throw Error(Kind::kUsage, "expires-past",
                fmt::format("--expires {} is in the past, it is now {}", format_rfc3339(until),
                            format_rfc3339(now)));
  }
  options.expires = format_rfc3339(until);
}

// The BYOK specification names Managed HSM for oct keys; vaults have them in preview.
bool is_secret_in_vault(const KeyType& key_type, const ImportOptions& options, Force force) {
  if (!key_type.is_secret() || *options.store != kVault) return false;
  if (force == Force::kNo) {
    throw Error(Kind::kUsage, "key-type-unverified",
                fmt::format("no documentation confirms that a vault accepts {}: the BYOK "
                            "specification names Managed HSM only",
                            key_type.name()),
                "add --allow-unverified if you have tried this with the provider");
  }
  return true;
}

}  // namespace

bool is_managed_hsm(const ImportOptions& options, const std::string& host) {
  return (options.store ? options.store : store_of(host)) == kManagedHsm;
}

void check_options(ImportOptions& options, const std::string& host, const KeyType& key_type,
                   Force force, TimePoint now) {
  check_store(options, host);
  check_name(options, "");
  check_operations(options, cloud_type(Provider::kAzure, key_type, std::nullopt), key_type);
  check_tags(options);
  check_expires(options, now);
  (void)is_secret_in_vault(key_type, options, force);
}

void complete(Destination& destination, std::string_view label, Force force, TimePoint now) {
  auto& options = std::get<ImportOptions>(destination.options);
  const auto& parameters = std::get<ImportParameters>(destination.parameters);
  const CloudType& type = cloud_type(Provider::kAzure, destination.key_type, std::nullopt);
  check_store(options, parameters.kid.host);
  check_name(options, label);
  check_operations(options, type, destination.key_type);
  check_tags(options);
  check_expires(options, now);
  if (is_secret_in_vault(destination.key_type, options, force))
    destination.unverified.emplace_back("azure-oct-key-in-vault");
  destination.key_name = *options.name;
  destination.cloud_key = fmt::format("https://{}/keys/{}", parameters.kid.host, *options.name);
  destination.cloud_algorithm = type.algorithm;
  destination.use = {Provider::kAzure, "", options.ops};
  destination.names = {
      {std::string(*options.store == kVault ? kVault : "hsm"), parameters.kid.store_name()},
      {"name", *options.name},
      {"kty", destination.cloud_algorithm}};
  if (destination.key_type.family == KeyFamily::kEc) {
    destination.names.emplace_back("curve", curve_info(destination.key_type.curve).jwk);
  }
  destination.names.emplace_back("ops", fmt::format("{}", fmt::join(options.ops, " ")));
  if (options.expires) destination.names.emplace_back("expires", *options.expires);
}

}  // namespace keyrite::provider::azure
