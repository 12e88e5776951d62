// From a wrapped blob to the files of a bundle: computes the challenges in the token, and fills
// manifest and expected.json with what was read, tested and done. Writes nothing. One session, one
// thread.
#pragma once

#include <string>
#include <vector>

#include "act/context.h"
#include "act/token_session.h"
#include "base/file.h"
#include "imports/wrap_for_import.h"
#include "wrap/execute.h"

namespace keyrite::imports {

// A bundle in memory: nothing of it is written yet.
struct PreparedBundle {
  std::vector<FolderFile> files{};
  KeyUsage usage{};            // of the key in the token
  std::string wrapping_key{};  // its SHA-256
  std::size_t blob_bytes{};
  std::string why_not_provable{};  // as MadeBundle's: not known to assemble_bundle
};

// `compared`: what the manifest's key_basis is. `wrapped`: the target of `plan` by the
// recipe of `planned`, which is one of its bundles. Errors: those of provider::lay_out, finish,
// import_script and bundle::assemble; kToken from the challenges.
[[nodiscard]] PreparedBundle assemble_bundle(const ComparedOrder& compared, const WrapPlan& plan,
                                             const PlannedBundle& planned,
                                             const wrap::Wrapped& wrapped,
                                             const act::Context& context, act::TokenSession& token);

}  // namespace keyrite::imports
