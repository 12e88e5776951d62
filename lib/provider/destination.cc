#include "provider/destination.h"

#include <fmt/format.h>

#include "base/error.h"
#include "provider/cloud_table.h"

namespace keyrite::provider {

Destination resolve(const ImportParameters& parameters, const ImportOptions& options,
                    const KeyType& key_type, std::string_view label, Force force, TimePoint now,
                    std::optional<KeyUsage> usage) {
  const Provider provider = provider_of(parameters);
  if (provider_of(options) != provider) {
    throw Error(Kind::kInternal, "provider-mixed",
                "the import parameters and the options are for different providers");
  }
  check_time(parameters, now);
  Destination destination{
      .parameters = parameters, .options = options, .key_type = key_type, .usage = usage};
  destination.algorithm = wrapping_algorithm(parameters);
  check_transport(provider, key_type, destination.algorithm, wrapping_key(parameters).rsa_bits(),
                  force);
  destination.unverified = unverified_points(provider, key_type, destination.algorithm);
  cloud_of(provider).complete(destination, label, force, now);
  return destination;
}

// Only AWS says of symmetric material whether it is what was imported before.
void check_purpose(const Destination& destination, Purpose purpose) {
  const bool can = destination.provider() == Provider::kAws &&
                   destination.cloud_algorithm == "SYMMETRIC_DEFAULT";
  if (purpose == Purpose::kVerification && !can) {
    throw Error(Kind::kUsage, "reimport-not-for-key-type",
                fmt::format("{} cannot be imported into {} a second time for verification",
                            destination.key_type.name(), provider_title(destination.provider())),
                "its public key, or the answers to the challenges, verify the import");
  }
}

}  // namespace keyrite::provider
