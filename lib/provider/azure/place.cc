// A place in Azure Key Vault or Managed HSM: the host of the vault and the name of a key.
#include <fmt/format.h>

#include "base/error.h"
#include "provider/azure/destination.h"
#include "provider/name_form.h"
#include "provider/place_words.h"

namespace keyrite::provider::azure {
namespace {

constexpr std::string_view kUrl = "https://";
constexpr std::string_view kKeys = "/keys/";
constexpr std::size_t kMaxHostName = 255;
constexpr std::size_t kMaxSubscription = 64;

// https://HOST/keys/NAME, without a version: an import makes one.
void from_url(KeyPlace& place, const PlaceWords& words) {
  const std::string_view rest = std::string_view(words.name).substr(kUrl.size());
  const auto keys = rest.find(kKeys);
  if (keys == std::string_view::npos) {
    throw Error(Kind::kUsage, "key-name-invalid",
                fmt::format("{} is not the identifier of a key in Azure", in_quotes(words.name)),
                "it looks like https://VAULT.vault.azure.net/keys/NAME");
  }
  require_in_identifier(words.container, "--container", rest.substr(0, keys));
  place.container = rest.substr(0, keys);
  place.name = rest.substr(keys + kKeys.size());
}

}  // namespace

// The identifier does not have the region.
PlaceTransport locate(KeyPlace& place, const PlaceWords& words, const KeyType& type, Force force,
                      TimePoint now) {
  if (words.name.starts_with(kUrl)) {
    from_url(place, words);
  } else {
    place.container = needed(words.container, "--container", "which vault it is in");
  }
  place.container = lower_case(place.container);
  if (!is_name(place.container, kMaxHostName, "-.") ||
      place.container.find('.') == std::string::npos) {
    throw Error(
        Kind::kUsage, "container-invalid",
        fmt::format("{} is not the host of a vault or a Managed HSM", in_quotes(place.container)),
        "give the host of its address, such as acme.vault.azure.net");
  }
  if (words.account && !is_name(*words.account, kMaxSubscription, "-")) {
    throw Error(Kind::kUsage, "account-invalid",
                fmt::format("{} is not the id of a subscription", in_quotes(*words.account)),
                "give the id as az account show prints it");
  }
  place.account = words.account.value_or("");
  place.region = region_word(needed(words.region, "--region", "which region it is in"));
  auto options = std::get<ImportOptions>(place.options);
  options.name = place.name;
  check_options(options, place.container, type, force, now);
  return {.algorithm = {Scheme::kRsaAesKeyWrap, Hash::kSha1}};  // as wrapping_algorithm()
}

}  // namespace keyrite::provider::azure
