// What the operator says about an import besides the files: one plain struct per provider, so that
// a request table can bind its fields. Plain values, any thread.
#pragma once

#include <optional>
#include <variant>

#include "provider/aws/options.h"
#include "provider/azure/options.h"
#include "provider/google/options.h"
#include "provider/provider.h"

namespace keyrite::provider {

using ImportOptions = std::variant<aws::ImportOptions, azure::ImportOptions, google::ImportOptions>;

// The files of import parameters, already read.
struct ParameterFiles {
  // JSON: AWS get-parameters-for-import, Azure key show or key create, Google import-jobs describe.
  std::optional<InputFile> parameters{};
  // The wrapping key by itself. AWS: DER. Azure: PEM or DER (az keyvault key download). Google:
  // PEM.
  std::optional<InputFile> public_key{};
  std::optional<InputFile> import_token{};  // AWS only: binary, beside public_key
};

[[nodiscard]] Provider provider_of(const ImportOptions& options);

}  // namespace keyrite::provider
