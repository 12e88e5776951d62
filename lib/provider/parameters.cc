#include "provider/parameters.h"

#include <chrono>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "provider/cloud_table.h"
#include "provider/file_form.h"

namespace keyrite::provider {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

// Variants list the providers in the order of the enumeration.
Provider at_index(std::size_t index) { return all_providers().at(index); }

void check_not_before(const ImportParameters& parameters, TimePoint now) {
  const auto* azure = std::get_if<azure::ImportParameters>(&parameters);
  if (azure != nullptr && azure->not_before && now < *azure->not_before) {
    throw Error(Kind::kConfig, "parameters-not-yet-valid",
                fmt::format("the wrapping key is valid from {}, and it is now {}",
                            format_rfc3339(*azure->not_before), format_rfc3339(now)),
                "check the clock of this machine, or wait");
  }
}

// The wrapping key alone, in the place of the JSON that names it.
void require_no_pem(const InputFile& parameters, Provider provider) {
  constexpr std::string_view kMark = "-----BEGIN";
  if (!as_text(parameters.content).starts_with(kMark)) return;
  const bool aws = provider == Provider::kAws;
  throw Error(
      Kind::kUsage, "parameters-are-pem",
      fmt::format(
          "{} is a PEM file, but --parameters needs the JSON that the cloud's command line writes",
          printable(parameters.name)),
      aws ? "give the output of get-parameters-for-import --output json"
          : fmt::format("give a PEM wrapping key with --wrapping-key, together with {}",
                        provider == Provider::kAzure ? "--kid" : "--import-method"));
}

// Every file in the form in which the cloud's own command line writes it.
void require_readable_forms(const ParameterFiles& files, Provider provider) {
  if (files.public_key) require_no_foreign_form(*files.public_key, provider);
  if (!files.parameters) return;
  require_no_pem(*files.parameters, provider);
  require_no_foreign_form(*files.parameters, provider);
  const Json document = parse_json(files.parameters->content, files.parameters->name);
  require_no_other_client(JsonView(document, files.parameters->name), provider);
}

constexpr std::chrono::hours kSlack{1};  // for clocks that differ

// Later than any parameters that were handed out up to now.
void check_not_too_far(const ImportParameters& parameters, TimePoint now) {
  const auto until = valid_until(parameters);
  const auto longest = longest_validity(provider_of(parameters));
  if (!until || !longest || *until - now <= *longest) return;
  throw Error(Kind::kConfig, "parameters-valid-to-too-far",
              fmt::format("the import parameters claim to be valid until {}, but it is now {} and "
                          "{} makes them valid for {} hours",
                          format_rfc3339(*until), format_rfc3339(now),
                          provider_title(provider_of(parameters)), (*longest - kSlack).count()),
              "check the clock of this machine, which may be slow; if it is right, take the time "
              "from the cloud's answer");
}

}  // namespace

Provider provider_of(const ImportOptions& options) { return at_index(options.index()); }
Provider provider_of(const ImportParameters& parameters) { return at_index(parameters.index()); }

std::optional<std::chrono::hours> longest_validity(Provider provider) {
  const auto& lifetime = cloud_of(provider).parameters_lifetime;
  if (!lifetime) return std::nullopt;
  return *lifetime + kSlack;
}

ImportParameters read_parameters(const ParameterFiles& files, const ImportOptions& options) {
  if (files.import_token && provider_of(options) != Provider::kAws) {
    throw Error(Kind::kUsage, "import-token-not-for-provider",
                fmt::format("{} has no import token", provider_title(provider_of(options))),
                "leave --import-token out");
  }
  require_readable_forms(files, provider_of(options));
  return std::visit(Overloaded{[&](const aws::ImportOptions& given) -> ImportParameters {
                                 return aws::read_parameters(files, given);
                               },
                               [&](const azure::ImportOptions& given) -> ImportParameters {
                                 return azure::read_parameters(files, given);
                               },
                               [&](const google::ImportOptions& given) -> ImportParameters {
                                 return google::read_parameters(files, given);
                               }},
                    options);
}

void check_time(const ImportParameters& parameters, TimePoint now) {
  const auto until = valid_until(parameters);
  if (until && now >= *until) {
    const auto ago = std::chrono::duration_cast<std::chrono::seconds>(now - *until);
    throw Error(
        Kind::kConfig, "parameters-expired",
        fmt::format("the import parameters were valid until {}, and it is now {} ({} later)",
                    format_rfc3339(*until), format_rfc3339(now), format_duration(ago)),
        "check the clock of this machine; if it is right, fetch new import parameters");
  }
  check_not_before(parameters, now);
  check_not_too_far(parameters, now);
}

void check_verification_parameters(const ImportParameters& first, const ImportParameters& second) {
  const auto* one = std::get_if<aws::ImportParameters>(&first);
  const auto* other = std::get_if<aws::ImportParameters>(&second);
  if (one == nullptr || other == nullptr) {
    throw Error(
        Kind::kUsage, "verification-not-for-provider",
        fmt::format("{} does not allow a second import for verification",
                    provider_title(provider_of(first))),
        "leave the verification options out: verify-import judges the answers of the first import");
  }
  aws::check_verification_parameters(*one, *other);
}

const crypto::PublicKey& wrapping_key(const ImportParameters& parameters) {
  return std::visit([](const auto& one) -> const crypto::PublicKey& { return one.wrapping_key; },
                    parameters);
}

WrappingAlgorithm wrapping_algorithm(const ImportParameters& parameters) {
  return std::visit(
      Overloaded{[](const aws::ImportParameters& one) { return one.algorithm; },
                 // The BYOK specification knows no other.
                 [](const azure::ImportParameters&) {
                   return WrappingAlgorithm{Scheme::kRsaAesKeyWrap, Hash::kSha1};
                 },
                 [](const google::ImportParameters& one) { return one.method.algorithm; }},
      parameters);
}

std::optional<TimePoint> valid_until(const ImportParameters& parameters) {
  using Until = std::optional<TimePoint>;
  return std::visit(
      Overloaded{[](const aws::ImportParameters& one) -> Until { return one.valid_to; },
                 [](const azure::ImportParameters& one) -> Until { return one.expires; },
                 [](const google::ImportParameters& one) -> Until { return one.expires; }},
      parameters);
}

Json to_json(const ImportParameters& parameters) {
  return std::visit([](const auto& one) { return to_json(one); }, parameters);
}

std::vector<std::pair<std::string, std::string>> describe(const ImportParameters& parameters) {
  return std::visit([](const auto& one) { return describe(one); }, parameters);
}

}  // namespace keyrite::provider
