// What is asked of a module's file before its code may see a PIN: the same for a module that is
// named and for one that is registered with p11-kit. Reads the file system, any thread.
#pragma once

#include <sys/stat.h>

#include <string>

namespace keyrite::pkcs11 {

// The real path of `given`, which is absolute, and which nobody but root and this user may change.
// Errors kConfig "module-not-absolute", "module-unreadable", "module-writable-by-others".
[[nodiscard]] std::string checked_module_path(const std::string& given);

// A module's file, open from before its code is loaded until that was looked at: what is said of it
// is said of what runs.
class ModuleFile {
 public:
  // `path`: as checked_module_path() gives it. Error kConfig "module-unreadable".
  explicit ModuleFile(std::string path);
  ModuleFile(const ModuleFile&) = delete;
  ModuleFile& operator=(const ModuleFile&) = delete;
  ~ModuleFile();

  // SHA-256 of the open file, in hex.
  [[nodiscard]] const std::string& sha256() const { return sha256_; }
  // After it was loaded: its path leads to this very file, nobody wrote to it, and it is what this
  // process has mapped. Error kVerification "module-changed".
  void require_loaded() const;

 private:
  [[nodiscard]] std::string opened() const;

  std::string path_;
  int descriptor_;
  struct stat status_ {};
  std::string sha256_{};
};

}  // namespace keyrite::pkcs11
