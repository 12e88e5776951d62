#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "unit/base/system_calls_seen.h"
#include "unit/transcript/log_place_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

TEST_CASE("The last signed checkpoint is on disk before anybody can see it in the log") {
  const LogPlaceScene site;
  auto writer = site.open();
  writer.append(kEntry);
  const SystemCallsSeen seen;
  writer.sign();
  const std::string apart = std::filesystem::path(site.place.last_signed).parent_path();
  const std::string& log = site.place.folder;
  CHECK(seen.calls() == std::vector<std::string>{"fsync part in " + apart, "rename",
                                                 "fsync " + apart, "fsync part in " + log, "rename",
                                                 "fsync " + log});
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
