// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// Reads the log of a site on and on, for what it says of ceremonies: each time only what was added.
// One thread.
#pragma once

#include <string>
#include <vector>

#include "ceremony/story.h"
#include "site/site.h"
#include "transcript/log_reader.h"

namespace keyrite::ceremony {

class LogWatch {
 public:
  explicit LogWatch(const site::Site& site);
  // Errors: those of read_log.
  void read_on();
  [[nodiscard]] const std::vector<Story>& stories() const { return stories_.all(); }
  // nullptr: the log does not tell of it.
  [[nodiscard]] const Story* named(const std::string& id) const;
  // The ceremony that is meant: by its id, or the only one that is not over. Errors kUsage
  // "ceremony-unknown", "ceremony-not-given" (none or several are not over); kFailed
  // "ceremony-over".
  [[nodiscard]] const Story& meant(const std::optional<std::string>& id) const;

 private:
  std::string path_;
  Stories stories_;
  transcript::LogStart from_{};
};

}  // namespace keyrite::ceremony
