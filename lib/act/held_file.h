// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
//
// That a process is at work: a locked file in the site's folder, whose lock ends with the process
// however that ends. Between two acts, or two parts of one, nobody holds the log, so the log's lock
// does not tell. One owner; one thread.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "site/site.h"

namespace keyrite::act {

class HeldFile {
 public:
  // `name`: of the file. nullopt: another process holds it. Error kFailed "file-unwritable".
  [[nodiscard]] static std::optional<HeldFile> take(const site::Site& site,
                                                    const std::string& name);
  // Whether a process holds it. A file that nobody holds any more is removed.
  [[nodiscard]] static bool is_held(const site::Site& site, const std::string& name);

  HeldFile(HeldFile&& other) noexcept;
  HeldFile& operator=(HeldFile&& other) noexcept;
  HeldFile(const HeldFile&) = delete;
  HeldFile& operator=(const HeldFile&) = delete;
  ~HeldFile();

 private:
  HeldFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::string path_;
  int descriptor_{-1};
};

}  // namespace keyrite::act
