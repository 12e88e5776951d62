#include "pkcs11/internal/module_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/ownership.h"
#include "base/text.h"
#include "crypto/digest.h"

namespace keyrite::pkcs11 {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void unreadable(const fs::path& path, const std::string& why) {
  throw Error(Kind::kConfig, "module-unreadable",
              fmt::format("the module {} cannot be read: {}", printable(path.native()), why),
              "check the path given with --module, or the registration (p11-kit list-modules)");
}

void require_readable(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) unreadable(path, std::generic_category().message(errno));
}

bool same_time(const timespec& one, const timespec& other) {
  return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

bool same_file(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino && one.st_size == other.st_size &&
         same_time(one.st_mtim, other.st_mtim) && same_time(one.st_ctim, other.st_ctim);
}

// proc(5), maps: what was replaced since has " (deleted)" behind its name.
bool is_mapped(const std::string& path) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const auto name = line.find('/');
    if (name != std::string::npos && std::string_view(line).substr(name) == path) return true;
  }
  return false;
}

[[noreturn]] void changed(const std::string& path, std::string_view how) {
  throw Error(
      Kind::kVerification, "module-changed",
      fmt::format("the module {} was changed while it was loaded: {}", printable(path), how),
      "find out who changed it; a package update on this machine can do so: run the command again "
      "when the update is finished");
}

}  // namespace

ModuleFile::ModuleFile(std::string path)
    : path_(std::move(path)), descriptor_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)) {
  if (descriptor_ < 0 || ::fstat(descriptor_, &status_) != 0) {
    const int number = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    unreadable(path_, std::generic_category().message(number));
  }
  try {
    sha256_ = crypto::sha256_file_hex(opened());
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

ModuleFile::~ModuleFile() { ::close(descriptor_); }

// The file itself, wherever its path leads by now.
std::string ModuleFile::opened() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

void ModuleFile::require_loaded() const {
  struct stat now {};
  if (::stat(path_.c_str(), &now) != 0 || !same_file(status_, now))
    changed(path_, "another file replaced it, or somebody wrote to it");
  if (crypto::sha256_file_hex(opened()) != sha256_) changed(path_, "its content is different");
  if (!is_mapped(path_)) changed(path_, "the loaded file is a different one");
}

std::string checked_module_path(const std::string& given) {
  const fs::path path(given);
  if (!path.is_absolute()) {
    throw Error(Kind::kConfig, "module-not-absolute",
                fmt::format("the module path {} is not absolute", printable(given)),
                "give the full path, such as /usr/lib/softhsm/libsofthsm2.so");
  }
  require_readable(path);
  if (const auto shared = changeable_by_others(path)) {
    throw Error(Kind::kConfig, "module-writable-by-others",
                fmt::format("{} can be changed by others, and a PKCS#11 module sees the PIN",
                            printable(shared->native())),
                "make it, and its folder, writable by root or by you alone");
  }
  std::error_code failed;
  const fs::path real = fs::canonical(path, failed);
  if (failed) unreadable(path, failed.message());
  return real.native();
}

}  // namespace keyrite::pkcs11
