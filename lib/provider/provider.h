// The three clouds, and a file as it was saved beside them: the words every provider function
// shares. Pure values, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace keyrite::provider {

enum class Provider { kAws, kAzure, kGoogle };

[[nodiscard]] const std::vector<Provider>& all_providers();
[[nodiscard]] std::string_view provider_name(
    Provider provider);  // "aws", "azure", "google": options and JSON
[[nodiscard]] std::string_view provider_title(
    Provider provider);  // "AWS KMS", "Azure Key Vault", "Google Cloud KMS"
// The program of the provider's command line: "aws", "az", "gcloud".
[[nodiscard]] std::string_view provider_client(Provider provider);
[[nodiscard]] Provider parse_provider(std::string_view name);  // Error kUsage "provider-unknown"

// A file saved from a cloud's command line, already read: import parameters or evidence. `name` is
// for messages only; what a file is, is decided by its content.
struct InputFile {
  std::string name{};
  Bytes content{};
};

}  // namespace keyrite::provider
