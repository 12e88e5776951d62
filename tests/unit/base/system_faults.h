// Puts faults into the system calls by which files are written: this program has its own write(2),
// pwrite(2), fsync(2), fdatasync(2), ftruncate(2), rename(2), renameat2(2) and unlink(2), which
// pass on to the C library unless a SystemFaults lives. SQLite calls them too. One at a time, one
// thread.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

namespace keyrite::test {

struct FaultPlan {
  // Called before each fsync(2) with its descriptor: an errno to fail with, or 0 to let it happen.
  std::function<int(int)> before_fsync{};
  // Called before each write(2) of a file, pwrite(2), fdatasync(2), ftruncate(2), rename(2),
  // renameat2(2) and unlink(2) with its name, and likewise.
  std::function<int(std::string_view call)> before{};
  // What write(2) and pwrite(2) take of files before ENOSPC, at most 1000 bytes a call.
  std::optional<std::size_t> disk_space{};
  int interrupted_writes{};  // how many calls of write(2) first fail with EINTR
  int no_replace_errno{};    // renameat2(2) fails with it
};

class SystemFaults {
 public:
  explicit SystemFaults(FaultPlan plan);
  ~SystemFaults();
  SystemFaults(const SystemFaults&) = delete;
  SystemFaults& operator=(const SystemFaults&) = delete;
};

}  // namespace keyrite::test
