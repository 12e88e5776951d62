// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "rotation/internal/public_half.h"

#include <filesystem>

#include <fmt/format.h>

#include "act/tenant_key.h"
#include "base/file.h"
#include "base/key_type.h"
#include "keys/logged_public_half.h"

namespace keyrite::rotation {

Json give_public_half(const RotateRequest& request, const act::Context& context,
                      const Standing& standing) {
  const auto& version = standing.meant();
  if (!request.output || !version || parse_key_type(standing.key.type).is_secret()) return {};
  const auto key = keys::logged_public_half(act::required_site(context), *version);
  if (!key) return {};
  const auto file =
      std::filesystem::path(*request.output) /
      fmt::format("public-{}-v{}.pem", standing.key.id.substr(0, 8), version->id.number);
  require_folder(*request.output);
  replace_file(file, as_bytes(key->pem()));
  return {{"version", version->id.number}, {"sha256", key->sha256()}, {"file", file.string()}};
}

}  // namespace keyrite::rotation
