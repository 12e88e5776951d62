// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// That this process rotates a key: a locked file in the site's folder, whose lock ends with the
// process however that ends. Between two acts of a rotation nobody holds the log, so the log's lock
// does not tell two of them apart. One owner; one thread.
#pragma once

#include <string>

#include "site/site.h"

namespace keyrite::rotation {

class HeldKey {
 public:
  // `key`: its id; `text`: how people call it. Errors kFailed "rotation-running": another process
  // rotates it; "file-unwritable".
  HeldKey(const site::Site& site, const std::string& key, const std::string& text);
  HeldKey(const HeldKey&) = delete;
  HeldKey& operator=(const HeldKey&) = delete;
  ~HeldKey();

 private:
  std::string path_;
  int descriptor_{-1};
};

}  // namespace keyrite::rotation
