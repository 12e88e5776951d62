#include "pkcs11/module.h"

#include <p11-kit/p11-kit.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/internal/api.h"
#include "pkcs11/internal/padded_text.h"

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
                "check the path given with --module");
  }
  const bool foreign = status.st_uid != 0 && status.st_uid != ::geteuid();
  const bool shared = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  const bool sticky_folder = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  if (foreign || (shared && !sticky_folder)) writable_by_others(path);
}

std::string checked_path(const std::string& given) {
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
  return real.native();
}

// C_Initialize's arguments. NSS reads one pointer behind the standard's struct, where its own has
// another member.
struct InitializeArgs {
  CK_C_INITIALIZE_ARGS standard{};
  void* behind{nullptr};
};

void initialize(const Api& api, const std::optional<std::string>& init_args) {
  std::string text = init_args.value_or("");
  InitializeArgs args;
  args.standard.flags = CKF_OS_LOCKING_OK;
  args.standard.pReserved = init_args ? text.data() : nullptr;
  const auto called = KEYRITE_CK(api, C_Initialize, static_cast<void*>(&args));
  if (called.rv() == CKR_ARGUMENTS_BAD && !init_args) {
    throw Error(Kind::kToken, "module-wants-init-args",
                "the module does not start without an init string",
                "give it with --module-init-args; its vendor documents the form")
        .with_ckr({"C_Initialize", ckr_name(called.rv()), called.rv()});
  }
  called.expect_ok("starting the module");
}

ModuleInfo describe(const Api& api, std::string path) {
  CK_INFO info{};
  KEYRITE_CK(api, C_GetInfo, &info).expect_ok("asking the module for its version");
  return {.path = std::move(path),
          .description = padded_text(info.libraryDescription),
          .manufacturer = padded_text(info.manufacturerID),
          .version = fmt::format("{}.{}", info.libraryVersion.major, info.libraryVersion.minor)};
}

}  // namespace

// What must be given back to p11-kit, and whether C_Finalize is ours to call.
struct Module::Loaded {
  CK_FUNCTION_LIST* single{nullptr};       // from p11_kit_module_load
  CK_FUNCTION_LIST** registered{nullptr};  // from p11_kit_modules_load_and_initialize
  bool initialized{false};
};

std::shared_ptr<Module> Module::load(const ModuleSpec& spec) {
  std::shared_ptr<Module> module(new Module);
  module->loaded_ = std::make_unique<Loaded>();
  if (!spec.path) {
    module->loaded_->registered = p11_kit_modules_load_and_initialize(0);
    if (module->loaded_->registered == nullptr) {
      throw Error(Kind::kConfig, "module-not-loadable",
                  "the registered PKCS#11 modules cannot be loaded",
                  "name one with --module, or repair the registration (p11-kit list-modules)");
    }
    module->loaded_->initialized = true;
    for (auto** list = module->loaded_->registered; *list != nullptr; ++list) {
      module->apis_.push_back(std::make_shared<Api>(*list));
    }
    module->info_ = {.description = "registered modules"};
    return module;
  }
  const std::string path = checked_path(*spec.path);
  // Unmanaged: p11-kit's managed modules leave no way to hand over an init string.
  module->loaded_->single = p11_kit_module_load(path.c_str(), P11_KIT_MODULE_UNMANAGED);
  if (module->loaded_->single == nullptr) {
    const char* reason = p11_kit_message();
    throw Error(Kind::kConfig, "module-not-loadable",
                fmt::format("{} cannot be loaded as a PKCS#11 module: {}", printable(path),
                            printable(reason != nullptr ? reason : "no reason given")),
                "check that it is a PKCS#11 module and that its own libraries are installed");
  }
  module->apis_.push_back(std::make_shared<Api>(module->loaded_->single));
  initialize(*module->apis_.front(), spec.init_args);
  module->loaded_->initialized = true;
  module->info_ = describe(*module->apis_.front(), path);
  return module;
}

std::shared_ptr<Module> Module::adopt(_CK_FUNCTION_LIST* functions,
                                      const std::optional<std::string>& init_args) {
  std::shared_ptr<Module> module(new Module);
  module->loaded_ = std::make_unique<Loaded>();
  module->apis_.push_back(std::make_shared<Api>(functions));
  initialize(*module->apis_.front(), init_args);
  module->loaded_->initialized = true;
  module->info_ = describe(*module->apis_.front(), "");
  return module;
}

Module::~Module() {
  try {
    finalize();
  } catch (const Error&) {
    // finalize() is the call that reports; here the process is on its way out.
  }
}

void Module::finalize() {
  if (!loaded_->initialized) return;
  loaded_->initialized = false;
  if (loaded_->registered != nullptr) {
    p11_kit_modules_finalize_and_release(loaded_->registered);
    return;
  }
  // The library stays mapped: unloading some modules runs destructors that crash (failures in the
  // field, row 16).
  KEYRITE_CK(*apis_.front(), C_Finalize, static_cast<void*>(nullptr))
      .expect_ok("ending the module");
}

}  // namespace keyrite::pkcs11
