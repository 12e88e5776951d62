#include "provider/aws/destination.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/text.h"
#include "provider/name_form.h"

namespace keyrite::provider::aws {
namespace {

constexpr std::string_view kExpires = "KEY_MATERIAL_EXPIRES";
constexpr std::string_view kDoesNotExpire = "KEY_MATERIAL_DOES_NOT_EXPIRE";
constexpr std::string_view kNewMaterial = "NEW_KEY_MATERIAL";
constexpr std::string_view kExistingMaterial = "EXISTING_KEY_MATERIAL";
constexpr std::string_view kSymmetric = "SYMMETRIC_DEFAULT";
constexpr auto kLongestValidity = std::chrono::days(365);
constexpr std::size_t kMaterialIdDigits = 64;
constexpr std::size_t kMaxDescription = 256;
constexpr std::size_t kMaxProfile = 128;
constexpr std::size_t kMaxRegion = 32;

// The KeyUsage that is what the key may do in the token.
std::string_view usage_of(std::optional<KeyUsage> usage) {
  if (!usage) return "";
  switch (*usage) {
    case KeyUsage::kEncrypt:
    case KeyUsage::kWrap:  // what unwraps keys in the token decrypts them in the cloud
      return "ENCRYPT_DECRYPT";
    case KeyUsage::kSign:
      return "SIGN_VERIFY";
    case KeyUsage::kDerive:
      return "KEY_AGREEMENT";
  }
  throw Error(Kind::kInternal, "value-outside-table", "a usage outside the table");
}

// Whether the token's usage, `of_token`, is one of those in the cloud.
bool check_usage(ImportOptions& options, const CloudType& type, std::string_view of_token) {
  const bool possible = std::find(type.uses.begin(), type.uses.end(), of_token) != type.uses.end();
  if (!options.key_usage) options.key_usage = possible ? of_token : type.uses.front();
  if (std::find(type.uses.begin(), type.uses.end(), *options.key_usage) == type.uses.end()) {
    throw Error(Kind::kUsage, "key-usage-not-for-key-spec",
                fmt::format("a key of spec {} cannot have usage {}", type.algorithm,
                            in_quotes(*options.key_usage)),
                fmt::format("it can have: {}", fmt::join(type.uses, ", ")));
  }
  return possible;
}

void check_valid_to(const ImportOptions& options, TimePoint now) {
  const TimePoint until = parse_rfc3339(*options.valid_to, "--valid-to");
  if (until <= now) {
    throw Error(Kind::kUsage, "valid-to-past",
                fmt::format("--valid-to {} is in the past, it is now {}", format_rfc3339(until),
                            format_rfc3339(now)));
  }
  if (until - now > kLongestValidity) {
    throw Error(Kind::kUsage, "valid-to-too-far",
                fmt::format("--valid-to {} is more than 365 days ahead", format_rfc3339(until)),
                "AWS accepts at most 365 days from the import");
  }
}

// AWS's own default would be KEY_MATERIAL_EXPIRES, which then fails for want of a date.
void check_expiration(ImportOptions& options, TimePoint now) {
  if (!options.expiration_model) {
    options.expiration_model = options.valid_to ? kExpires : kDoesNotExpire;
  }
  if (*options.expiration_model == kExpires) {
    if (!options.valid_to) {
      throw Error(Kind::kUsage, "valid-to-missing", "KEY_MATERIAL_EXPIRES needs a date",
                  "give it with --valid-to, at most 365 days ahead");
    }
    check_valid_to(options, now);
    options.valid_to = format_rfc3339(parse_rfc3339(*options.valid_to, "--valid-to"));
    return;
  }
  if (*options.expiration_model != kDoesNotExpire) {
    throw Error(Kind::kUsage, "expiration-model-unknown",
                fmt::format("AWS has no expiration model {}", in_quotes(*options.expiration_model)),
                fmt::format("{} or {}", kExpires, kDoesNotExpire));
  }
  if (options.valid_to) {
    throw Error(Kind::kUsage, "valid-to-not-allowed",
                "--valid-to is not allowed with KEY_MATERIAL_DOES_NOT_EXPIRE",
                "leave --valid-to out, or use KEY_MATERIAL_EXPIRES");
  }
}

bool is_material_id(std::string_view id) {
  return id.size() == kMaterialIdDigits && std::all_of(id.begin(), id.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

void check_material_id(ImportOptions& options) {
  if (!is_material_id(*options.key_material_id)) {
    throw Error(Kind::kUsage, "key-material-id-invalid",
                fmt::format("the key material id {} is not 64 lower-case hex digits",
                            in_quotes(*options.key_material_id)),
                "take it from the answer of the first import or from describe-key");
  }
  if (!options.import_type) options.import_type = kExistingMaterial;
  if (*options.import_type == kNewMaterial) {
    throw Error(Kind::kUsage, "key-material-id-not-allowed",
                "--key-material-id is not allowed with NEW_KEY_MATERIAL",
                "leave it out: AWS chooses the id of new material");
  }
}

// KeyMaterialDescriptionType of the KMS API: 0 to 256 of [a-zA-Z0-9:/_\s.-]. Not the white space
// that breaks lines: a command stays one line in import.sh.
bool is_description(std::string_view text) {
  return text.empty() || is_name(text, kMaxDescription, ":/_.- \t");
}

void check_material(ImportOptions& options, std::string_view spec) {
  const bool given =
      options.import_type || options.key_material_id || options.key_material_description;
  if (given && spec != kSymmetric) {
    throw Error(Kind::kUsage, "import-option-not-for-key-type",
                fmt::format("import type, key material id and description are for "
                            "SYMMETRIC_DEFAULT keys only, but this one is {}",
                            spec),
                "leave them out");
  }
  if (options.import_type && *options.import_type != kNewMaterial &&
      *options.import_type != kExistingMaterial) {
    throw Error(Kind::kUsage, "import-type-unknown",
                fmt::format("AWS has no import type {}", in_quotes(*options.import_type)),
                fmt::format("{} or {}", kNewMaterial, kExistingMaterial));
  }
  if (options.key_material_id) check_material_id(options);
  if (options.key_material_description && !is_description(*options.key_material_description)) {
    throw Error(Kind::kUsage, "key-material-description-invalid",
                fmt::format("AWS does not accept the description {}",
                            in_quotes(*options.key_material_description)),
                "give at most 256 letters, digits, spaces, tabs and : / _ . -, and no - at the "
                "beginning, which the client would read as an option");
  }
}

void check_client(ImportOptions& options, const std::string& key_id) {
  const auto of_key = region_of(key_id);
  if (options.region && of_key && *options.region != *of_key) {
    throw Error(Kind::kUsage, "region-mismatch",
                fmt::format("the key is in Region {}, but --region names {}", in_quotes(*of_key),
                            in_quotes(*options.region)),
                "leave --region out");
  }
  if (!options.region) options.region = of_key;
  if (options.region && !is_name(*options.region, kMaxRegion, "-")) {
    throw Error(Kind::kUsage, "region-invalid",
                fmt::format("{} is not an AWS Region", in_quotes(*options.region)));
  }
  if (options.profile && !is_free_text(*options.profile, kMaxProfile)) {
    throw Error(Kind::kUsage, "profile-invalid",
                fmt::format("{} is not a profile name", in_quotes(*options.profile)));
  }
}

}  // namespace

std::optional<std::string> region_of(const std::string& key_id) {
  std::size_t start = 0;
  for (int colons = 0; colons < 3; ++colons) {
    const auto colon = key_id.find(':', start);
    if (colon == std::string::npos) return std::nullopt;
    start = colon + 1;
  }
  return key_id.substr(start, key_id.find(':', start) - start);
}

void check_options(ImportOptions& options, const KeyType& key_type, TimePoint now) {
  const CloudType& type = cloud_type(Provider::kAws, key_type, options.key_spec);
  (void)check_usage(options, type, "");
  check_expiration(options, now);
  check_material(options, type.algorithm);
  check_client(options, {});
}

void fill_key(ImportOptions& options, const KeyType& key_type, std::optional<KeyUsage> usage) {
  const CloudType& type = cloud_type(Provider::kAws, key_type, options.key_spec);
  options.key_spec = type.algorithm;
  (void)check_usage(options, type, usage_of(usage));
}

void complete(Destination& destination, std::string_view /*label*/, Force /*force*/,
              TimePoint now) {
  auto& options = std::get<ImportOptions>(destination.options);
  const auto& parameters = std::get<ImportParameters>(destination.parameters);
  const CloudType& type = cloud_type(Provider::kAws, destination.key_type, options.key_spec);
  options.key_spec = type.algorithm;
  const std::string_view of_token = usage_of(destination.usage);
  if (check_usage(options, type, of_token) && *options.key_usage != of_token) {
    destination.remarks.push_back(
        fmt::format("in the token the usage of this key is {}, in AWS KMS it will be {}", of_token,
                    *options.key_usage));
  }
  check_expiration(options, now);
  check_material(options, type.algorithm);
  check_client(options, parameters.key_id);
  destination.key_name = parameters.key_id;
  destination.cloud_key = parameters.key_id;
  destination.cloud_algorithm = type.algorithm;
  destination.use = {Provider::kAws, destination.cloud_algorithm, {*options.key_usage}};
  destination.names = {{"key", parameters.key_id},
                       {"key_spec", destination.cloud_algorithm},
                       {"key_usage", *options.key_usage},
                       {"expiration_model", *options.expiration_model}};
  const auto add = [&](const char* name, const std::optional<std::string>& value) {
    if (value) destination.names.emplace_back(name, *value);
  };
  add("valid_to", options.valid_to);
  add("import_type", options.import_type);
  add("key_material_id", options.key_material_id);
  if (options.key_material_description && !options.key_material_description->empty()) {
    add("key_material_description", printable(*options.key_material_description));
  }
  add("region", options.region);
}

}  // namespace keyrite::provider::aws
