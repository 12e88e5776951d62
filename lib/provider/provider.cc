#include "provider/provider.h"

#include <array>
#include <string>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::provider {
namespace {

struct Names {
  Provider provider{};
  std::string_view name{};
  std::string_view title{};
  std::string_view client{};
};

constexpr std::array<Names, 3> kNames{{
    {Provider::kAws, "aws", "AWS KMS", "aws"},
    {Provider::kAzure, "azure", "Azure Key Vault", "az"},
    {Provider::kGoogle, "google", "Google Cloud KMS", "gcloud"},
}};

const Names& names_of(Provider provider) {
  for (const Names& row : kNames) {
    if (row.provider == provider) {
      return row;
    }
  }
  throw Error(Kind::kInternal, "value-outside-table", "a provider outside the table");
}

}  // namespace

const std::vector<Provider>& all_providers() {
  static const std::vector<Provider> all{Provider::kAws, Provider::kAzure, Provider::kGoogle};
  return all;
}

std::string_view provider_name(Provider provider) { return names_of(provider).name; }
std::string_view provider_title(Provider provider) { return names_of(provider).title; }
std::string_view provider_client(Provider provider) { return names_of(provider).client; }

Provider parse_provider(std::string_view name) {
  for (const Names& row : kNames) {
    if (row.name == name) {
      return row.provider;
    }
  }
  throw Error(Kind::kUsage, "provider-unknown",
              "keyrite does not know the provider \"" + printable(name) + "\"",
              "give aws, azure or google");
}

}  // namespace keyrite::provider
