// Records the calls of fsync(2) and rename(2) while it lives, by SystemFaults. One at a time, one
// thread.
#pragma once

#include <string>
#include <vector>

#include "unit/base/system_faults.h"

namespace keyrite::test {

class SystemCallsSeen {
 public:
  SystemCallsSeen();

  // "fsync PATH" ("fsync part in FOLDER" where the file has no name of its own yet), "rename".
  [[nodiscard]] const std::vector<std::string>& calls() const { return calls_; }

 private:
  std::vector<std::string> calls_{};
  SystemFaults faults_;
};

}  // namespace keyrite::test
