// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// judge.py as a process that lives as long as the object: an interpreter's start costs more than a
// look, and it reads of the log what it has not read yet. One thread.
#pragma once

#include <sys/types.h>

#include <string>

#include "cli/site_room.h"

namespace keyrite::test {

class Judge {
 public:
  explicit Judge(const SiteRoom& site);
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;
  ~Judge();

  // The states as Model::text() has them. Fails the running test case where registry, log and, if
  // it is asked for, token do not agree.
  [[nodiscard]] std::string looked(bool with_token);

 private:
  pid_t process_{};
  int ask_{-1};
  int answer_{-1};
};

}  // namespace keyrite::test
