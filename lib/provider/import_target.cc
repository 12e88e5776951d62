#include "provider/import_target.h"

#include <array>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "base/error.h"

namespace keyrite::provider {
namespace {

class Words {
 public:
  void plain(std::string_view name, std::string_view value) {
    if (!value.empty()) words_.push_back({std::string(name), std::string(value), false});
  }
  void name(std::string_view name, std::string_view value) {
    if (!value.empty()) words_.push_back({std::string(name), std::string(value), true});
  }
  // `prefix` and the name of the key, which is the label's where no option gives it.
  void cloud_key(std::string_view prefix, const std::optional<std::string>& given,
                 const std::optional<std::string>& label) {
    const auto& key = given ? given : label;
    if (key) return name("cloud_key", fmt::format("{}{}", prefix, *key));
    name("cloud_key_in", prefix);
    plain("cloud_key_name", "the label that the key has in the token");
  }
  [[nodiscard]] std::vector<TargetWord> words() && { return std::move(words_); }

 private:
  std::vector<TargetWord> words_{};
};

// arn:PARTITION:kms:REGION:ACCOUNT:key/ID; empty parts of a key id that is no ARN.
struct ArnParts {
  std::string region{};
  std::string account{};
};
ArnParts parts_of(std::string_view arn) {
  constexpr std::size_t kRegion = 3;
  constexpr std::size_t kAccount = 4;
  std::array<std::string_view, kAccount + 1> parts;
  for (auto& part : parts) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    part = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  return {std::string(parts[kRegion]), std::string(parts[kAccount])};
}

void add(Words& words, const aws::ImportParameters& parameters, const aws::ImportOptions& options,
         const std::optional<std::string>& /*label*/) {
  const ArnParts arn = parts_of(parameters.key_id);
  words.name("cloud_key", parameters.key_id);
  words.name("account", arn.account);
  words.name("region", options.region.value_or(arn.region));
  words.plain("wrapping_algorithm", aws::wrapping_algorithm_name(parameters.algorithm));
}

void add(Words& words, const azure::ImportParameters& parameters,
         const azure::ImportOptions& options, const std::optional<std::string>& label) {
  words.cloud_key(fmt::format("https://{}/keys/", parameters.kid.host), options.name, label);
  words.name("vault", parameters.kid.host);
  words.name("key_exchange_key", parameters.kid.text());
}

void add(Words& words, const google::ImportParameters& parameters,
         const google::ImportOptions& options, const std::optional<std::string>& label) {
  const auto& job = parameters.job;
  words.cloud_key(fmt::format("projects/{}/locations/{}/keyRings/{}/cryptoKeys/", job.project,
                              job.location, job.keyring),
                  options.key, label);
  words.name("project", job.project);
  words.name("location", job.location);
  words.name("key_ring", job.keyring);
  words.name("import_job", job.text());
  words.plain("wrapping_algorithm", parameters.method.name);
  words.plain("protection_level", parameters.protection_level);
}

template <class Parameters, class Options>
void add_of(Words& words, const ImportParameters& parameters, const ImportOptions& options,
            const std::optional<std::string>& label) {
  const auto* of = std::get_if<Options>(&options);
  if (of == nullptr)
    throw Error(Kind::kInternal, "options-provider", "options of another provider");
  add(words, std::get<Parameters>(parameters), *of, label);
}

}  // namespace

std::vector<TargetWord> import_target(const ImportParameters& parameters,
                                      const ImportOptions& options,
                                      const std::optional<std::string>& label) {
  Words words;
  words.plain("cloud", provider_name(provider_of(parameters)));
  switch (provider_of(parameters)) {
    case Provider::kAws:
      add_of<aws::ImportParameters, aws::ImportOptions>(words, parameters, options, label);
      break;
    case Provider::kAzure:
      add_of<azure::ImportParameters, azure::ImportOptions>(words, parameters, options, label);
      words.plain("wrapping_algorithm", wrapping_algorithm(parameters).name());
      break;
    case Provider::kGoogle:
      add_of<google::ImportParameters, google::ImportOptions>(words, parameters, options, label);
      break;
  }
  if (const auto until = valid_until(parameters))
    words.plain("parameters_valid_to", format_rfc3339(*until));
  return std::move(words).words();
}

}  // namespace keyrite::provider
