// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "base/internal/file_system.h"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include <fmt/format.h>

#include "base/error.h"
#include "base/internal/file_error.h"

namespace keyrite {

namespace {

namespace fs = std::filesystem;

}  // namespace

void require_file_system(const fs::path& folder, const fs::path& subject) {
  constexpr std::array<long, 10> kMadeUp{
      PROC_SUPER_MAGIC, SYSFS_MAGIC,      CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, DEBUGFS_MAGIC,
      TRACEFS_MAGIC,    SECURITYFS_MAGIC, DEVPTS_SUPER_MAGIC, BPF_FS_MAGIC,        PSTOREFS_MAGIC};
  struct statfs system {};
  if (::statfs(folder.c_str(), &system) != 0) unwritable(subject, errno);
  if (std::ranges::find(kMadeUp, system.f_type) != kMadeUp.end()) {
    throw Error(Kind::kFailed, "file-unwritable",
                fmt::format("{} cannot be written: {} is not on a disk, the kernel makes it up",
                            shown(subject), shown(folder)),
                "choose a folder on a disk");
  }
  if (system.f_blocks != 0 && system.f_bfree == 0) unwritable(subject, ENOSPC);
}

}  // namespace keyrite
