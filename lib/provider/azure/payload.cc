// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "provider/azure/byok.h"
#include "provider/name_form.h"
#include "provider/payload.h"
#include "provider/payload_files.h"

namespace keyrite::provider::azure {

namespace {

constexpr std::string_view kByokSuffix = ".byok";

bool is_byok(const FolderFile& file) {
  return file.name.size() > kByokSuffix.size() &&
         file.name.compare(file.name.size() - kByokSuffix.size(), kByokSuffix.size(),
                           kByokSuffix) == 0;
}

}  // namespace

std::vector<FolderFile> payload_files(const Destination& destination, ByteView blob,
                                      std::string_view generator) {
  const auto& parameters = std::get<ImportParameters>(destination.parameters);
  return {{destination.key_name + std::string(kByokSuffix),
           write_byok({parameters.kid.text(), Bytes(blob.begin(), blob.end()), {}}, generator)}};
}

void check_payload(const PayloadCheck& wanted) {
  if (std::count_if(wanted.files.begin(), wanted.files.end(), is_byok) != 1) {
    throw Error(Kind::kVerification, "bundle-payload",
                "the bundle must contain exactly one .byok file");
  }
  const auto& file = *std::find_if(wanted.files.begin(), wanted.files.end(), is_byok);
  const Byok byok = read_byok(file.content, file.name);
  if (byok.kid != wanted.parameters.text("kid")) {
    throw Error(
        Kind::kVerification, "bundle-payload",
        fmt::format("{} is for the wrapping key {}, but the import parameters contain {}",
                    file.name, in_quotes(byok.kid), in_quotes(wanted.parameters.text("kid"))));
  }
  check_blob(byok.blob, wanted.type, wanted.algorithm, wanted.wrapping_bits);
}

std::string payload_contradiction(const RecordedImport& import, std::string_view generator,
                                  const std::vector<FolderFile>& files) {
  const auto file = std::find_if(files.begin(), files.end(), is_byok);
  if (file == files.end()) return "the bundle contains no .byok file";
  const auto name = std::find_if(import.names.begin(), import.names.end(),
                                 [](const auto& one) { return one.first == "name"; });
  if (name == import.names.end() || file->name != name->second + std::string(kByokSuffix)) {
    return fmt::format("{} does not have the name of this key", file->name);
  }
  const std::string found = read_byok(file->content, file->name).generator;
  return found == printable_ascii(generator)
             ? std::string()
             : fmt::format("{} names the generator {}, but the manifest says {}", file->name,
                           in_quotes(found), in_quotes(generator));
}

}  // namespace keyrite::provider::azure
