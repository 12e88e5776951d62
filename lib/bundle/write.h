// Puts a bundle together: adds expected.json, wrapping-key.der and manifest.json, which lists and
// hashes all others. The caller writes the result with base's write_new_folder. Pure, any thread.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "bundle/manifest.h"
#include "crypto/public_key.h"
#include "provider/expected.h"

namespace keyrite::bundle {

struct Parts {
  Manifest manifest{};  // `files` is filled in by assemble
  provider::Expected expected{};
  Bytes wrapping_key{};  // DER SPKI
  std::vector<FolderFile>
      payload{};  // the provider's own files: EncryptedKeyMaterial.bin, x.byok, ...
  std::vector<FolderFile> challenges{};  // provider::ChallengeSet::files
  std::string import_script{};
  std::string readme{};
};

// Where expected.json does not belong to the manifest: one clause for people; empty when they agree
// on provider, purpose, key, cloud key, algorithm, check values and public key.
[[nodiscard]] std::string contradiction(const Manifest& manifest,
                                        const provider::Expected& expected);

// The files of the bundle, manifest.json last. Errors kInternal: "bundle-name-clash" (two files of
// one name), "bundle-name-unsafe", "bundle-inconsistent" (expected and manifest speak of different
// keys, or the wrapping key is not the one recorded).
[[nodiscard]] std::vector<FolderFile> assemble(const Parts& parts);

}  // namespace keyrite::bundle
