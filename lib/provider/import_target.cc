#include "provider/import_target.h"

#include <utility>

#include "provider/cloud_table.h"
#include "provider/target_words.h"

namespace keyrite::provider {

std::vector<TargetWord> import_target(const ImportParameters& parameters,
                                      const ImportOptions& options,
                                      const std::optional<std::string>& label) {
  const Provider provider = provider_of(parameters);
  TargetWords words;
  words.plain("cloud", provider_name(provider));
  cloud_of(provider).add_target(words, parameters, options, label);
  if (const auto until = valid_until(parameters))
    words.plain("parameters_valid_to", format_rfc3339(*until));
  return std::move(words).words();
}

}  // namespace keyrite::provider
