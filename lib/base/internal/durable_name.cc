// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "base/internal/durable_name.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/internal/descriptor.h"
#include "base/internal/file_error.h"
#include "base/internal/temporary.h"

namespace keyrite {

namespace {

namespace fs = std::filesystem;

}  // namespace

void rename_new(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
  if (errno == EEXIST) already_exists(to);
  if (errno != EINVAL && errno != ENOSYS) unwritable(to, errno);
  struct stat status {};
  if (::lstat(to.c_str(), &status) == 0) already_exists(to);
  if (::rename(from.c_str(), to.c_str()) != 0) unwritable(to, errno);
}

void sync_folder(const fs::path& folder, const fs::path& subject) {
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.open() || ::fsync(fd.get()) != 0) unwritable(subject, errno);
}

}  // namespace keyrite
