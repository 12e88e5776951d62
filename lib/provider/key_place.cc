#include "provider/key_place.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "provider/aws/destination.h"
#include "provider/azure/destination.h"
#include "provider/cloud_table.h"
#include "provider/name_form.h"
#include "provider/place_words.h"

namespace keyrite::provider {
namespace {

void same_part(std::string_view what, std::string_view found, std::string_view of_place) {
  if (lower_case(found) == lower_case(of_place)) return;
  throw Error(Kind::kConfig, "parameters-of-other-place",
              fmt::format("the import parameters are of {} {}, and the destination is in {}", what,
                          in_quotes(found), in_quotes(of_place)),
              "fetch the parameters of the destination, or name the destination that they are of");
}

void put_place(aws::ImportOptions& options, const KeyPlace& place) {
  options.region = place.region;
}
void put_place(azure::ImportOptions& options, const KeyPlace& place) { options.name = place.name; }
void put_place(google::ImportOptions& options, const KeyPlace& place) { options.key = place.name; }

// The name and the Region of a place are options too.
void same_option(std::string_view option, const std::optional<std::string>& given,
                 std::string_view of_place) {
  if (given && lower_case(*given) != lower_case(of_place))
    not_of_destination(option, *given, of_place);
}
void compare_options(const aws::ImportOptions& given, const KeyPlace& place) {
  same_option("region", given.region, place.region);
}
void compare_options(const azure::ImportOptions& given, const KeyPlace& place) {
  same_option("name", given.name, place.name);
}
void compare_options(const google::ImportOptions& given, const KeyPlace& place) {
  same_option("key", given.key, place.name);
}

// A bare key id says neither account nor Region.
void compare_place(const aws::ImportParameters& parameters, const KeyPlace& place) {
  const auto& id = parameters.key_id;
  const auto region = aws::region_of(id);
  if (region) {
    const auto account = id.find(':' + *region + ':') + region->size() + 2;
    same_part("Region", *region, place.region);
    same_part("account", id.substr(account, id.find(':', account) - account), place.account);
  }
  if (!place.name.starts_with("alias/")) same_part("key", id.substr(id.rfind('/') + 1), place.name);
}
void compare_place(const azure::ImportParameters& parameters, const KeyPlace& place) {
  same_part("vault", parameters.kid.host, place.container);
}
void compare_place(const google::ImportParameters& parameters, const KeyPlace& place) {
  same_part("project", parameters.job.project, place.account);
  same_part("location", parameters.job.location, place.region);
  same_part("key ring", parameters.job.keyring, place.container);
}

}  // namespace

KeyPlace make_place(const PlaceWords& words, const ImportOptions& options, const KeyType& type,
                    Force force, TimePoint now) {
  const Provider provider = provider_of(options);
  check_key_type(provider, type, force);
  KeyPlace place{.name = words.name, .options = options};
  const auto transport = cloud_of(provider).locate(place, words, type, force, now);
  place.algorithm = transport.algorithm;
  if (transport.bits) {
    check_transport(provider, type, place.algorithm, *transport.bits, force);
  } else {
    check_key_type(provider, type, force, place.algorithm);
  }
  return place;
}

ImportOptions import_options(const KeyPlace& place) {
  ImportOptions options = place.options;
  std::visit([&](auto& one) { put_place(one, place); }, options);
  return options;
}

ImportOptions import_options(const KeyPlace& place, const ImportOptions& given) {
  ImportOptions options = given;
  std::visit([&](const auto& one) { compare_options(one, place); }, given);
  fill_stored(options, place.options);
  std::visit([&](auto& one) { put_place(one, place); }, options);
  return options;
}

bool in_managed_hsm(const KeyPlace& place) {
  const auto* options = std::get_if<azure::ImportOptions>(&place.options);
  return options != nullptr && azure::is_managed_hsm(*options, place.container);
}

std::optional<std::string> region_in(const ImportParameters& parameters) {
  if (const auto* of_aws = std::get_if<aws::ImportParameters>(&parameters))
    return aws::region_of(of_aws->key_id);
  if (const auto* of_google = std::get_if<google::ImportParameters>(&parameters))
    return of_google->job.location;
  return std::nullopt;
}

std::string wrapping_key_place(const ImportParameters& parameters) {
  if (const auto* of_azure = std::get_if<azure::ImportParameters>(&parameters))
    return lower_case(of_azure->kid.host);
  if (const auto* of_google = std::get_if<google::ImportParameters>(&parameters))
    return fmt::format("projects/{}/locations/{}/keyRings/{}", of_google->job.project,
                       of_google->job.location, of_google->job.keyring);
  return {};
}

WrappingKeyPlace parse_wrapping_key_place(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  constexpr std::size_t kRingSlashes = 5;
  const bool ring = text.starts_with("projects/");
  const auto slashes = static_cast<std::size_t>(std::ranges::count(text, '/'));
  const bool whole = text.find("//") == std::string_view::npos && !text.ends_with('/');
  if (ring && whole && slashes == kRingSlashes &&
      text.find("/locations/") != std::string_view::npos &&
      text.find("/keyRings/") != std::string_view::npos && is_name(text, kLongest, "/-_.:"))
    return {Provider::kGoogle, std::string(text)};
  if (!ring && text.find('.') != std::string_view::npos && is_name(text, kLongest, "-."))
    return {Provider::kAzure, lower_case(text)};
  throw Error(Kind::kUsage, "pin-place",
              fmt::format("{} is neither the host of an Azure vault nor a Google key ring",
                          in_quotes(text)),
              "give acme.vault.azure.net, or projects/PROJECT/locations/LOCATION/keyRings/RING");
}

void require_place(const ImportParameters& parameters, const KeyPlace& place) {
  std::visit([&](const auto& one) { compare_place(one, place); }, parameters);
}

}  // namespace keyrite::provider
