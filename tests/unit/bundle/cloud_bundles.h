// A bundle for each cloud, from the import parameters to the finished folder, with every module's
// real parts; the wrapped key and the answers are made up. One thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bundle/verify.h"
#include "provider/parameters.h"
#include "support/command.h"

namespace keyrite::test {

struct CloudCase {
  std::string name{};
  std::function<provider::InputFile(const Workshop& shop)> parameters{};
  provider::ImportOptions options{};
  KeyType type{};
  std::size_t blob_bytes{};
};
[[nodiscard]] std::vector<CloudCase> cloud_cases();

// As wrap-for-import would leave it. cloud_now() is a time at which the parameters are valid.
[[nodiscard]] bundle::Contents make_bundle(const Workshop& shop, const CloudCase& one,
                                           TimePoint now);
[[nodiscard]] TimePoint cloud_now();

}  // namespace keyrite::test
