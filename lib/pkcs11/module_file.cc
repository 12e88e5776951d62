#include "pkcs11/internal/module_file.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/text.h"

namespace keyrite::pkcs11 {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void writable_by_others(const fs::path& path) {
  throw Error(Kind::kConfig, "module-writable-by-others",
              fmt::format("{} can be changed by others, and a PKCS#11 module sees the PIN",
                          printable(path.native())),
              "make it, and its folder, writable by root or by you alone");
}

// The file or folder belongs to root or to us, and nobody else may write it. A sticky folder (/tmp)
// does not let others replace our files.
void require_ours(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    throw Error(Kind::kConfig, "module-unreadable",
                fmt::format("the module {} cannot be read: {}", printable(path.native()),
                            std::generic_category().message(errno)),
                "check the path given with --module, or the registration (p11-kit list-modules)");
  }
  const bool foreign = status.st_uid != 0 && status.st_uid != ::geteuid();
  const bool shared = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  const bool sticky_folder = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  if (foreign || (shared && !sticky_folder)) writable_by_others(path);
}

// Who may write a folder further up can put another folder, and another module, in the place of
// ours.
void require_not_shared(const fs::path& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) != 0) return;
  const bool shared = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  if (shared && (status.st_mode & S_ISVTX) == 0) writable_by_others(folder);
}

}  // namespace

std::string checked_module_path(const std::string& given) {
  const fs::path path(given);
  if (!path.is_absolute()) {
    throw Error(Kind::kConfig, "module-not-absolute",
                fmt::format("the module path {} is not absolute", printable(given)),
                "give the whole path, such as /usr/lib/softhsm/libsofthsm2.so");
  }
  require_ours(path);
  const fs::path real = fs::canonical(path);
  require_ours(real);
  require_ours(real.parent_path());
  for (fs::path folder = real.parent_path().parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    require_not_shared(folder);
  }
  return real.native();
}

}  // namespace keyrite::pkcs11
