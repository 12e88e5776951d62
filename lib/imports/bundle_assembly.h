// From a wrapped blob to the files of a bundle: computes the challenges in the token, and fills
// manifest and expected.json with what was read, tested and done. Nothing is written. One session,
// one thread.
#pragma once

#include <string>
#include <vector>

#include "act/token_session.h"
#include "base/file.h"
#include "bundle/manifest.h"
#include "imports/wrap_for_import.h"
#include "keys/key_origin.h"
#include "keys/target_key.h"
#include "provider/destination.h"
#include "wrap/execute.h"
#include "wrap/recipe.h"

namespace keyrite::imports {

struct WrappedTarget {
  const ComparedOrder& compared;  // what the manifest's key_compared stands on
  const provider::Destination& destination;
  const keys::TargetKey& target;
  const keys::OriginFinding& origin;
  const wrap::ProvenRecipe& recipe;
  provider::Purpose purpose{};
  const Bytes& blob;
  WrapCheck checked{};  // of this blob
  TimePoint now{};
  std::string tool{};
};

struct PreparedBundle {
  std::vector<FolderFile> files{};
  std::string wrapping_key{};  // its SHA-256
  std::size_t blob_bytes{};
};

// Errors: those of provider::lay_out, finish, import_script and bundle::assemble; kToken from the
// challenges.
[[nodiscard]] PreparedBundle assemble_bundle(const WrappedTarget& wrapped,
                                             act::TokenSession& token);

}  // namespace keyrite::imports
