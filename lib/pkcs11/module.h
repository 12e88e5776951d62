// A PKCS#11 module (or all that p11-kit has registered), initialised once. Sessions and logins hold
// a shared_ptr to it; finalize() ends it and reports, the destructor is the safety net. Initialised
// with CKF_OS_LOCKING_OK, so sessions may be used from different threads, one thread a session. Not
// usable after a fork: some modules leave the child logged in, so every call of another process is
// refused.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

struct _CK_FUNCTION_LIST;  // p11-kit's name for CK_FUNCTION_LIST

namespace keyrite::pkcs11 {

struct ModuleSpec {
  std::optional<std::string> path{};  // absolute; unset: the modules registered with p11-kit
  std::optional<std::string>
      init_args{};  // where C_Initialize's pReserved stands (NSS: LibraryParameters)
};

struct ModuleInfo {
  std::string path{};  // empty for an adopted module
  // Of that file, from before its code was loaded; of a registered module, from before its first
  // call.
  std::string sha256{};
  std::string name{};  // as it is registered with p11-kit; else empty
  std::string description{};
  std::string manufacturer{};
  std::string version{};
};

// The function table with its life: every Cryptoki call goes through its gate. Internal to this
// module's sources.
class Api;

class Module {
 public:
  // Errors: kUsage "init-args-without-module"; kConfig "module-not-absolute", "module-unreadable",
  // "module-writable-by-others", "module-not-loadable"; kVerification "module-changed" when the
  // file was exchanged or written to meanwhile; and for a registered module "module-logs-calls",
  // "module-without-file"; kToken with the CKR of C_Initialize
  // ("module-wants-init-args").
  [[nodiscard]] static std::shared_ptr<Module> load(const ModuleSpec& spec);
  // For tests: a function table that somebody else loaded; C_Initialize is called, with
  // `init_args`.
  [[nodiscard]] static std::shared_ptr<Module> adopt(
      _CK_FUNCTION_LIST* functions, const std::optional<std::string>& init_args = {});
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;
  ~Module();

  // Of the one module; of registered modules nothing: Token::module_info() says which holds it.
  [[nodiscard]] const ModuleInfo& info() const { return info_; }
  // C_Finalize of everything initialised here. Error kToken with the CKR. A second call does
  // nothing.
  void finalize();
  // C_Finalize and C_Initialize, for a token that was lost: some modules see it again only then.
  // Every session and login is gone. What C_Finalize answers does not count. Error kToken with the
  // CKR of C_Initialize.
  void restart();

  [[nodiscard]] const std::vector<std::shared_ptr<Api>>& apis() const { return apis_; }

 private:
  Module();
  void load_registered();
  void load_file(const std::string& given, const std::optional<std::string>& init_args);
  void start(_CK_FUNCTION_LIST* functions, const ModuleInfo& known,
             const std::optional<std::string>& init_args);

  struct Loaded;
  ModuleInfo info_{};
  std::unique_ptr<Loaded> loaded_;
  std::vector<std::shared_ptr<Api>> apis_{};
};

}  // namespace keyrite::pkcs11
