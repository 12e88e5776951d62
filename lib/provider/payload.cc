#include "provider/payload.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "provider/cloud_table.h"
#include "provider/payload_files.h"

namespace keyrite::provider {

std::vector<FolderFile> lay_out(const Destination& destination, ByteView blob,
                                std::string_view generator) {
  check_blob(blob, destination.key_type, destination.algorithm,
             wrapping_key(destination.parameters).rsa_bits());
  return cloud_of(destination.provider()).payload_files(destination, blob, generator);
}

void check_files(Provider provider, const Json& import_parameters, const KeyType& type,
                 WrappingAlgorithm algorithm, unsigned wrapping_bits,
                 const std::vector<FolderFile>& files) {
  try {
    const JsonView parameters(import_parameters, "import_parameters");
    cloud_of(provider).check_payload({parameters, type, algorithm, wrapping_bits, files});
  } catch (const Error& error) {
    throw Error(Kind::kVerification, "bundle-payload", error.message(),
                "do not use this bundle; wrap again");
  }
}

std::string payload_contradiction(const RecordedImport& import, std::string_view generator,
                                  const std::vector<FolderFile>& files) {
  return cloud_of(import.provider).payload_contradiction(import, generator, files);
}

const FolderFile& PayloadCheck::file(std::string_view name) const {
  const auto it = std::find_if(files.begin(), files.end(),
                               [&](const FolderFile& one) { return one.name == name; });
  if (it == files.end()) {
    throw Error(Kind::kVerification, "bundle-payload", fmt::format("{} is missing", name));
  }
  return *it;
}

}  // namespace keyrite::provider
