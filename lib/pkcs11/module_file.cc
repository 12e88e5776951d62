#include "pkcs11/internal/module_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/ownership.h"
#include "base/text.h"

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

}  // namespace

std::string checked_module_path(const std::string& given) {
  const fs::path path(given);
  if (!path.is_absolute()) {
    throw Error(Kind::kConfig, "module-not-absolute",
                fmt::format("the module path {} is not absolute", printable(given)),
                "give the whole path, such as /usr/lib/softhsm/libsofthsm2.so");
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
