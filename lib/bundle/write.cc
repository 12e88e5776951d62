#include "bundle/write.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"
#include "bundle/file_name.h"
#include "crypto/digest.h"

namespace keyrite::bundle {
namespace {

FolderFile text_file(std::string_view name, std::string_view text, bool executable = false) {
  const ByteView bytes = as_bytes(text);
  return {std::string(name), Bytes(bytes.begin(), bytes.end()), executable};
}

void require_names(const std::vector<FolderFile>& sorted) {
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (!is_safe_file_name(sorted[i].name)) {
      throw Error(Kind::kInternal, "bundle-name-unsafe",
                  "the bundle has a file named \"" + sorted[i].name + "\"");
    }
    if (sorted[i].name == kManifestFile || (i > 0 && sorted[i - 1].name == sorted[i].name)) {
      throw Error(Kind::kInternal, "bundle-name-clash",
                  "the bundle has two files named " + sorted[i].name);
    }
  }
}

[[noreturn]] void inconsistent(const std::string& why) {
  throw Error(Kind::kInternal, "bundle-inconsistent", "the bundle contradicts itself: " + why);
}

}  // namespace

std::string contradiction(const Manifest& manifest, const provider::Expected& expected) {
  if (expected.provider != manifest.provider) return "expected.json is for another provider";
  if (expected.purpose != manifest.purpose) return "expected.json has another purpose";
  if (expected.key_label != manifest.key.label)
    return "expected.json is for a key of another label";
  if (!(expected.key_type == manifest.key.type))
    return "expected.json is for a key of another type";
  if (expected.cloud_key != manifest.cloud.key) return "expected.json names another cloud key";
  if (expected.cloud_algorithm != manifest.cloud.algorithm)
    return "expected.json names another cloud algorithm";
  if (expected.check_values != manifest.check_values) return "expected.json has other check values";
  const std::string fingerprint =
      expected.public_key.empty() ? std::string{} : crypto::sha256_hex(expected.public_key);
  if (fingerprint != manifest.key.public_key_sha256) return "expected.json has another public key";
  return {};
}

std::vector<FolderFile> assemble(const Parts& parts) {
  if (const std::string why = contradiction(parts.manifest, parts.expected); !why.empty()) {
    inconsistent(why);
  }
  if (parts.manifest.checked != wrap_check_of(parts.manifest.method)) {
    inconsistent("what was checked of the wrap is not what its method allows");
  }
  if (crypto::sha256_hex(parts.wrapping_key) != parts.manifest.wrapping_key.sha256) {
    inconsistent("the wrapping key is not the one recorded");
  }
  std::vector<FolderFile> files = parts.payload;
  files.insert(files.end(), parts.challenges.begin(), parts.challenges.end());
  files.push_back(text_file(kExpectedFile, dump_json(provider::to_json(parts.expected))));
  files.push_back({std::string(kWrappingKeyFile), parts.wrapping_key, false});
  files.push_back(text_file(kImportScript, parts.import_script, true));
  files.push_back(text_file(kReadmeFile, parts.readme));
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  require_names(files);

  Manifest manifest = parts.manifest;
  manifest.files.clear();
  for (const FolderFile& file : files) {
    manifest.files.push_back({file.name, file.content.size(), crypto::sha256_hex(file.content)});
  }
  manifest.core_sha256 = core_sha256_of(to_json(manifest));
  files.push_back(text_file(kManifestFile, dump_json(to_json(manifest))));
  return files;
}

}  // namespace keyrite::bundle
