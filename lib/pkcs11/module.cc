#include "pkcs11/module.h"

#include <p11-kit/p11-kit.h>

#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/internal/api.h"
#include "pkcs11/internal/module_file.h"
#include "pkcs11/internal/padded_text.h"
#include "pkcs11/internal/registration.h"

namespace keyrite::pkcs11 {

namespace {

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
                "the PKCS#11 module does not start without an init string",
                "give it with --module-init-args; its vendor documents the form")
        .with_ckr({"C_Initialize", ckr_name(called.rv()), called.rv()});
  }
  called.expect_ok("starting the module");
}

ModuleInfo describe(const Api& api, ModuleInfo known) {
  CK_INFO info{};
  KEYRITE_CK(api, C_GetInfo, &info).expect_ok("asking the module for its version");
  known.description = padded_text(info.libraryDescription);
  known.manufacturer = padded_text(info.manufacturerID);
  known.version = fmt::format("{}.{}", info.libraryVersion.major, info.libraryVersion.minor);
  return known;
}

// One of several modules that does not answer must not hide the others' tokens.
ModuleInfo described_or(const ModuleInfo& known, const Api& api) {
  try {
    return describe(api, known);
  } catch (const Error&) {
    return known;
  }
}

[[noreturn]] void refuse_registered(std::string_view what) {
  const char* reason = p11_kit_message();
  throw Error(Kind::kConfig, "module-not-loadable",
              fmt::format("the registered PKCS#11 modules cannot be {}: {}", what,
                          printable(reason != nullptr ? reason : "no reason given")),
              "name one with --module, or repair the registration (p11-kit list-modules)");
}

}  // namespace

// What must be given back to p11-kit, and whether C_Finalize is ours to call.
struct Module::Loaded {
  Loaded() = default;
  Loaded(const Loaded&) = delete;
  Loaded& operator=(const Loaded&) = delete;
  ~Loaded() {
    if (registered != nullptr) p11_kit_modules_release(registered);
  }

  std::shared_ptr<Api> single{};           // from p11_kit_module_load, or adopted
  CK_FUNCTION_LIST** registered{nullptr};  // from p11_kit_modules_load
  std::optional<std::string> init_args{};
  bool initialized{false};
};

// All are looked at before the first C_Initialize: a module that others may change is already in
// this process, whichever token is meant.
void Module::load_registered() {
  loaded_->registered = p11_kit_modules_load(nullptr, 0);
  if (loaded_->registered == nullptr) refuse_registered("loaded");
  std::map<CK_FUNCTION_LIST*, ModuleInfo> known;
  for (auto** list = loaded_->registered; *list != nullptr; ++list)
    known[*list] = checked_registration(*list);
  // Takes those that do not start out of the list, and fails when one of them is critical.
  const auto release = [](void* functions) {
    p11_kit_module_release(static_cast<CK_FUNCTION_LIST*>(functions));
  };
  const CK_RV rv = p11_kit_modules_initialize(loaded_->registered, release);
  loaded_->initialized = true;
  if (rv != CKR_OK) refuse_registered("started");
  for (auto** list = loaded_->registered; *list != nullptr; ++list) {
    apis_.push_back(std::make_shared<Api>(*list));
    apis_.back()->set_info(described_or(known[*list], *apis_.back()));
  }
  info_ = {.description = "registered modules"};
}

void Module::load_file(const std::string& given, const std::optional<std::string>& init_args) {
  const std::string path = checked_module_path(given);
  const ModuleFile file(path);
  // Unmanaged: p11-kit's managed modules leave no way to hand over an init string.
  auto* functions = p11_kit_module_load(path.c_str(), P11_KIT_MODULE_UNMANAGED);
  if (functions == nullptr) {
    const char* reason = p11_kit_message();
    throw Error(Kind::kConfig, "module-not-loadable",
                fmt::format("{} cannot be loaded as a PKCS#11 module: {}", printable(path),
                            printable(reason != nullptr ? reason : "no reason given")),
                "check that it is a PKCS#11 module and that its own libraries are installed");
  }
  file.require_loaded();
  start(functions, {.path = path, .sha256 = file.sha256()}, init_args);
}

void Module::start(CK_FUNCTION_LIST* functions, const ModuleInfo& known,
                   const std::optional<std::string>& init_args) {
  loaded_->single = std::make_shared<Api>(functions);
  loaded_->init_args = init_args;
  initialize(*loaded_->single, init_args);
  loaded_->initialized = true;
  info_ = describe(*loaded_->single, known);
  loaded_->single->set_info(info_);
  apis_.push_back(loaded_->single);
}

std::shared_ptr<Module> Module::load(const ModuleSpec& spec) {
  if (spec.init_args && !spec.path) {
    throw Error(Kind::kUsage, "init-args-without-module",
                "an init string is given, but no module is named",
                "name the module with --module, or set x-init-reserved in the p11-kit "
                "configuration of the registered module");
  }
  std::shared_ptr<Module> module(new Module);
  if (spec.path) {
    module->load_file(*spec.path, spec.init_args);
  } else {
    module->load_registered();
  }
  return module;
}

std::shared_ptr<Module> Module::adopt(_CK_FUNCTION_LIST* functions,
                                      const std::optional<std::string>& init_args) {
  std::shared_ptr<Module> module(new Module);
  module->start(functions, {}, init_args);
  return module;
}

Module::Module() : loaded_(std::make_unique<Loaded>()) {}

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
    p11_kit_modules_finalize_and_release(std::exchange(loaded_->registered, nullptr));
    return;
  }
  // The library stays mapped: unloading some modules runs destructors that crash.
  KEYRITE_CK(*loaded_->single, C_Finalize, static_cast<void*>(nullptr))
      .expect_ok("ending the module");
}

void Module::restart() {
  if (loaded_->registered != nullptr) {
    (void)p11_kit_modules_finalize(loaded_->registered);
    const CK_RV rv = p11_kit_modules_initialize(loaded_->registered, nullptr);
    if (rv != CKR_OK) throw ckr_error("C_Initialize", rv, "starting the modules again");
    return;
  }
  (void)KEYRITE_CK(*loaded_->single, C_Finalize, static_cast<void*>(nullptr));
  loaded_->initialized = true;
  try {
    initialize(*loaded_->single, loaded_->init_args);
  } catch (const Error& error) {
    // The module did not end: what it was asked for is so already.
    if (error.code() == "ckr-cryptoki-already-initialized") return;
    loaded_->initialized = false;
    throw;
  }
}

}  // namespace keyrite::pkcs11
