// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
// That a process is still at work on a run whose intent is in the log, while it does not hold the
// log: a locked file in the site's folder, whose lock ends with the process however that ends. So
// nobody settles an act that is not over. One owner; one thread.
#pragma once

#include <string>

#include "site/site.h"

namespace keyrite::act {

class UnderWay {
 public:
  // Error kFailed "file-unwritable".
  UnderWay(const site::Site& site, const std::string& run);
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;
  ~UnderWay();

 private:
  std::string path_;
  int descriptor_{-1};
};

// Whether a process has one of this run. A file that nobody holds any more is removed.
[[nodiscard]] bool is_under_way(const site::Site& site, const std::string& run);

}  // namespace keyrite::act
