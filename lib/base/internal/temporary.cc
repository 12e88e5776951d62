// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "base/internal/temporary.h"

#include <sys/random.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <system_error>

#include <fmt/format.h>

#include "base/internal/durable_name.h"
#include "base/internal/file_error.h"
#include "base/internal/new_path.h"

namespace keyrite {

namespace {

namespace fs = std::filesystem;

// Random, since a process number is shared by threads and by the containers that see one folder;
// short, so that it fits wherever the final name does.
fs::path temporary_beside(const fs::path& path) {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number) unwritable(path, errno);
  return folder_of(path) / fmt::format("{}{:016x}{}", kTemporaryPrefix, number, kTemporarySuffix);
}

}  // namespace

Temporary::Temporary(const fs::path& final_path)
    : final_(final_path), path_(temporary_beside(final_path)) {}

Temporary::~Temporary() {
  std::error_code ignored;
  if (!kept_) fs::remove_all(path_, ignored);
}

void Temporary::publish() {
  rename_new(path_, final_);
  path_ = final_;
  sync_folder(folder_of(final_), final_);
  kept_ = true;
}

void Temporary::replace() {
  if (::rename(path_.c_str(), final_.c_str()) != 0) unwritable(final_, errno);
  kept_ = true;
  sync_folder(folder_of(final_), final_);
}

}  // namespace keyrite
