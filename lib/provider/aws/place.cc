// A place in AWS KMS: an alias or a key, by its ARN or by account and Region.
#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/error.h"
#include "provider/aws/destination.h"
#include "provider/name_form.h"
#include "provider/place_words.h"

namespace keyrite::provider::aws {
namespace {

constexpr std::string_view kAlias = "alias/";
constexpr std::size_t kMaxAlias = 256;
constexpr std::size_t kMaxPlaceId = 256;

bool is_account_id(std::string_view text) {
  constexpr std::size_t kDigits = 12;
  return text.size() == kDigits &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// AliasNameType of the KMS API; "alias/aws/" is of keys that AWS manages.
bool is_alias(std::string_view name) {
  if (!name.starts_with(kAlias)) return false;
  name.remove_prefix(kAlias.size());
  return is_name(name, kMaxAlias - kAlias.size(), "/_-") && !name.starts_with("aws/");
}

// A UUID, or the id of a multi-Region key.
bool is_key_id(std::string_view name) {
  return is_name(name, kMaxPlaceId, "-") && name.size() >= 16 &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-' || c == 'm' ||
                  c == 'r' || c == 'k';
         });
}

[[noreturn]] void not_a_name(std::string_view name) {
  throw Error(Kind::kUsage, "key-name-invalid",
              fmt::format("{} is not an alias, a key id or an ARN of AWS KMS", in_quotes(name)),
              "give alias/NAME, or the ARN of the alias or key");
}

void from_arn(KeyPlace& place, const PlaceWords& words) {
  std::array<std::string_view, 6> parts;
  std::string_view rest = words.name;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto colon = i + 1 == parts.size() ? std::string_view::npos : rest.find(':');
    parts.at(i) = rest.substr(0, colon);
    rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
  }
  constexpr std::string_view kKey = "key/";
  std::string_view resource = parts[5];
  if (parts[2] != "kms" || !is_name(parts[1], kMaxPlaceId, "-")) not_a_name(words.name);
  if (resource.starts_with(kKey)) {
    resource.remove_prefix(kKey.size());
    if (!is_key_id(resource)) not_a_name(words.name);
  } else if (!is_alias(resource)) {
    not_a_name(words.name);
  }
  require_in_identifier(words.region, "--region", parts[3]);
  require_in_identifier(words.account, "--account", parts[4]);
  place.region = region_word(parts[3]);
  place.region_declared = false;
  place.account = parts[4];
  place.name = resource;
}

PlaceTransport transport_of(const ImportOptions& options) {
  if (!options.wrapping_algorithm) {
    throw Error(Kind::kUsage, "wrapping-algorithm-missing",
                "the destination does not say which wrapping algorithm is used",
                "give --wrapping-algorithm, such as RSAES_OAEP_SHA_256");
  }
  PlaceTransport transport{.algorithm = parse_wrapping_algorithm(*options.wrapping_algorithm)};
  if (!options.wrapping_key_spec) return transport;
  constexpr std::string_view kRsa = "RSA_";
  unsigned bits = 0;
  const std::string_view spec = *options.wrapping_key_spec;
  if (spec.starts_with(kRsa))
    (void)std::from_chars(spec.data() + kRsa.size(), spec.data() + spec.size(), bits);
  transport.bits = bits;
  return transport;
}

// A key is a primary one, or the replica of one elsewhere.
void require_replica(const KeyPlace& place) {
  const auto& options = std::get<ImportOptions>(place.options);
  if (!options.replica_of) return;
  if (!options.multi_region && region_word(*options.replica_of) != place.region) return;
  throw Error(Kind::kUsage, "replica-place",
              fmt::format("a replica is in another Region than its primary key ({}), and is none",
                          in_quotes(*options.replica_of)),
              "give --multi-region for the destination of the primary key, and --replica-of with "
              "its Region for each replica");
}

}  // namespace

PlaceTransport locate(KeyPlace& place, const PlaceWords& words, const KeyType& type,
                      Force /*force*/, TimePoint now) {
  if (words.container) {
    throw Error(Kind::kUsage, "option-not-for-provider",
                "a destination at AWS KMS has no container", "leave --container out");
  }
  if (words.name.starts_with("arn:")) {
    from_arn(place, words);
  } else {
    if (!is_alias(words.name) && !is_key_id(words.name)) not_a_name(words.name);
    place.account = needed(words.account, "--account", "which account it is in");
    place.region = region_word(needed(words.region, "--region", "which Region it is in"));
  }
  if (!is_account_id(place.account)) {
    throw Error(Kind::kUsage, "account-invalid",
                fmt::format("{} is not the id of an AWS account", in_quotes(place.account)),
                "give its 12 digits");
  }
  require_replica(place);
  auto options = std::get<ImportOptions>(place.options);
  options.region = place.region;
  check_options(options, type, now);
  return transport_of(options);
}

}  // namespace keyrite::provider::aws
