#include "provider/google/destination.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/error.h"
#include "provider/name_form.h"

namespace keyrite::provider::google {
namespace {

constexpr std::size_t kMaxName = 63;
constexpr std::size_t kMaxVersionDigits = 9;
constexpr std::uint64_t kDay = 24ULL * 60 * 60;
constexpr std::uint64_t kLongestDestroyDelay = 120 * kDay;

void check_name(ImportOptions& options, std::string_view label) {
  if (!options.key) options.key = std::string(label);
  if (!is_name(*options.key, kMaxName, "-_")) {
    throw Error(
        Kind::kUsage, "key-name-invalid",
        fmt::format("{} is not a valid key name in Google Cloud KMS", in_quotes(*options.key)),
        "with --key, give 1 to 63 letters, digits, - and _, and no - at the beginning");
  }
}

// The purpose that is what the key may do in the token; of RSA keys alone there is a choice.
std::string_view purpose_of(const KeyType& key_type, std::optional<KeyUsage> usage) {
  if (key_type.family != KeyFamily::kRsa || !usage) return "";
  switch (*usage) {
    case KeyUsage::kEncrypt:
    case KeyUsage::kWrap:  // what unwraps keys in the token decrypts them in the cloud
      return "asymmetric-encryption";
    case KeyUsage::kSign:
      return "asymmetric-signing";
    case KeyUsage::kDerive:
      return "";
  }
  throw Error(Kind::kInternal, "value-outside-table", "a usage outside the table");
}

// The algorithm that was given; else the first of the purpose that was given, or that the token's
// usage is; else the default.
const CloudType& choose_type(const KeyType& key_type, std::string_view of_token,
                             const ImportOptions& options) {
  if (!options.algorithm) {
    const std::string purpose = options.purpose.value_or(std::string(of_token));
    for (const CloudType& one : key_rule(Provider::kGoogle, key_type).cloud_types) {
      if (one.uses.front() == purpose) return one;
    }
  }
  return cloud_type(Provider::kGoogle, key_type, options.algorithm);
}

void remark_usage(Destination& destination, const CloudType& type) {
  const std::string_view of_token = purpose_of(destination.key_type, destination.usage);
  if (of_token.empty() || type.uses.front() == of_token) return;
  destination.remarks.push_back(
      fmt::format("in the token the usage of this key is {}, in Google Cloud KMS it will be {}",
                  of_token, type.uses.front()));
}

void check_purpose(ImportOptions& options, const CloudType& type) {
  const std::string wanted(type.uses.front());
  if (!options.purpose) options.purpose = wanted;
  if (*options.purpose != wanted) {
    throw Error(Kind::kUsage, "purpose-not-for-algorithm",
                fmt::format("a key of algorithm {} cannot have purpose {}", type.algorithm,
                            in_quotes(*options.purpose)),
                "leave --purpose out, or give " + wanted);
  }
}

void check_level(std::string_view level, const KeyType& type) {
  if (type.curve == Curve::kSecp256k1 && level == "software") {
    throw Error(Kind::kUsage, "protection-level-not-for-key-type",
                fmt::format("Google accepts {} at protection level hsm only, but the import job "
                            "has protection level software",
                            type.name()),
                "create an import job with --protection-level hsm");
  }
}

bool is_version(std::string_view version) {
  return !version.empty() && version.size() <= kMaxVersionDigits && version.front() != '0' &&
         std::all_of(version.begin(), version.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "24h", "30d", "86400s" as gcloud takes it; Google's upper bound is 120 days.
bool is_destroy_duration(std::string_view text) {
  constexpr std::string_view kUnits = "smhd";
  constexpr std::array<std::uint64_t, kUnits.size()> kSeconds{1, 60, 3600, kDay};
  const auto unit = text.empty() ? std::string_view::npos : kUnits.find(text.back());
  if (unit == std::string_view::npos) return false;
  text.remove_suffix(1);
  std::uint64_t count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  return failure == std::errc() && end == text.data() + text.size() && count > 0 &&
         count <= kLongestDestroyDelay / kSeconds.at(unit);
}

void check_rest(const ImportOptions& options) {
  if (options.version && !is_version(*options.version)) {
    throw Error(Kind::kUsage, "key-version-invalid",
                fmt::format("{} is not the number of a key version", in_quotes(*options.version)));
  }
  if (options.destroy_scheduled_duration &&
      !is_destroy_duration(*options.destroy_scheduled_duration)) {
    throw Error(Kind::kUsage, "destroy-duration-invalid",
                fmt::format("{} is not a delay before destruction",
                            in_quotes(*options.destroy_scheduled_duration)),
                "give a number followed by s, m, h or d, at most 120d");
  }
}

}  // namespace

void check_options(ImportOptions& options, const KeyType& key_type) {
  const CloudType& type = choose_type(key_type, "", options);
  check_name(options, "");
  check_purpose(options, type);
  if (options.protection_level)
    check_level(parse_protection_level(*options.protection_level), key_type);
  check_rest(options);
}

void complete(Destination& destination, std::string_view label, Force /*force*/,
              TimePoint /*now*/) {
  auto& options = std::get<ImportOptions>(destination.options);
  const auto& parameters = std::get<ImportParameters>(destination.parameters);
  const CloudType& type = choose_type(destination.key_type,
                                      purpose_of(destination.key_type, destination.usage), options);
  options.algorithm = type.algorithm;
  check_name(options, label);
  check_purpose(options, type);
  check_level(parameters.protection_level, destination.key_type);
  check_rest(options);
  remark_usage(destination, type);
  // Whether the key of the job is an HSM's is believed.
  if (parameters.of_hsm()) destination.unverified.emplace_back("google-job-attestation-not-judged");
  const JobName& job = parameters.job;
  destination.key_name = *options.key;
  destination.cloud_key = fmt::format("projects/{}/locations/{}/keyRings/{}/cryptoKeys/{}",
                                      job.project, job.location, job.keyring, *options.key);
  destination.cloud_algorithm = type.algorithm;
  destination.use = {Provider::kGoogle, destination.cloud_algorithm, {}};
  destination.names = {{"project", job.project},
                       {"location", job.location},
                       {"keyring", job.keyring},
                       {"key", *options.key},
                       {"algorithm", destination.cloud_algorithm},
                       {"purpose", *options.purpose},
                       {"protection_level", parameters.protection_level}};
  if (options.version) destination.names.emplace_back("version", *options.version);
}

}  // namespace keyrite::provider::google
