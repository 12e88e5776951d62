#include "unit/base/system_faults.h"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

namespace keyrite::test {
namespace {

std::optional<FaultPlan>& plan_now() {
  static std::optional<FaultPlan> plan;
  return plan;
}

template <typename Function>
Function of_library(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

template <typename Result>
Result fail(int reason) {
  errno = reason;
  return static_cast<Result>(-1);
}

// What of `size` bytes the disk takes; nullopt: it is full.
std::optional<std::size_t> taken_by_disk(std::size_t size) {
  auto& space = plan_now()->disk_space;
  if (!space) return size;
  constexpr std::size_t kMostAtOnce = 1000;
  const std::size_t taken = std::min({size, *space, kMostAtOnce});
  if (taken == 0 && size > 0) return std::nullopt;
  *space -= taken;
  return taken;
}

int reason_before(std::string_view call) {
  const auto& plan = plan_now();
  return plan && plan->before ? plan->before(call) : 0;
}

}  // namespace

SystemFaults::SystemFaults(FaultPlan plan) { plan_now() = std::move(plan); }
SystemFaults::~SystemFaults() { plan_now().reset(); }

}  // namespace keyrite::test

using keyrite::test::fail;
using keyrite::test::of_library;
using keyrite::test::plan_now;
using keyrite::test::reason_before;
using keyrite::test::taken_by_disk;

extern "C" int fsync(int fd) {
  static const auto real = of_library<int (*)(int)>("fsync");
  if (auto& plan = plan_now(); plan && plan->before_fsync) {
    const int reason = plan->before_fsync(fd);
    if (reason != 0) return fail<int>(reason);
  }
  return real(fd);
}

extern "C" ssize_t write(int fd, const void* data, std::size_t size) {
  static const auto real = of_library<ssize_t (*)(int, const void*, std::size_t)>("write");
  auto& plan = plan_now();
  if (!plan || fd <= STDERR_FILENO) return real(fd, data, size);
  if (const int reason = reason_before("write"); reason != 0) return fail<ssize_t>(reason);
  if (plan->interrupted_writes > 0) {
    --plan->interrupted_writes;
    return fail<ssize_t>(EINTR);
  }
  const auto taken = taken_by_disk(size);
  return taken ? real(fd, data, *taken) : fail<ssize_t>(ENOSPC);
}

extern "C" ssize_t pwrite(int fd, const void* data, std::size_t size, off_t at) {
  using Function = ssize_t (*)(int, const void*, std::size_t, off_t);
  static const auto real = of_library<Function>("pwrite");
  if (!plan_now()) return real(fd, data, size, at);
  if (const int reason = reason_before("pwrite"); reason != 0) return fail<ssize_t>(reason);
  const auto taken = taken_by_disk(size);
  return taken ? real(fd, data, *taken, at) : fail<ssize_t>(ENOSPC);
}

extern "C" int fdatasync(int fd) {
  static const auto real = of_library<int (*)(int)>("fdatasync");
  const int reason = reason_before("fdatasync");
  return reason != 0 ? fail<int>(reason) : real(fd);
}

// SQLite's, which is compiled with other names.
extern "C" ssize_t pwrite64(int fd, const void* data, std::size_t size, off64_t at) {
  return pwrite(fd, data, size, at);
}

extern "C" int unlink(const char* name) noexcept {
  static const auto real = of_library<int (*)(const char*)>("unlink");
  const int reason = reason_before("unlink");
  return reason != 0 ? fail<int>(reason) : real(name);
}

extern "C" int ftruncate(int fd, off_t size) noexcept {
  static const auto real = of_library<int (*)(int, off_t)>("ftruncate");
  const int reason = reason_before("ftruncate");
  return reason != 0 ? fail<int>(reason) : real(fd, size);
}

extern "C" int ftruncate64(int fd, off64_t size) noexcept { return ftruncate(fd, size); }

extern "C" int rename(const char* from, const char* to) noexcept {
  static const auto real = of_library<int (*)(const char*, const char*)>("rename");
  const int reason = reason_before("rename");
  return reason != 0 ? fail<int>(reason) : real(from, to);
}

extern "C" int renameat2(int from_folder, const char* from, int to_folder, const char* to,
                         unsigned flags) noexcept {
  using Function = int (*)(int, const char*, int, const char*, unsigned);
  static const auto real = of_library<Function>("renameat2");
  if (const auto& plan = plan_now(); plan && plan->no_replace_errno != 0)
    return fail<int>(plan->no_replace_errno);
  if (const int reason = reason_before("renameat2"); reason != 0) return fail<int>(reason);
  return real(from_folder, from, to_folder, to, flags);
}
