#include "pkcs11/internal/registration.h"

#include <fmt/format.h>
#include <p11-kit/p11-kit.h>

#include <cstdlib>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/text.h"
#include "pkcs11/internal/module_file.h"

namespace keyrite::pkcs11 {

namespace {

// p11-kit hands out texts that are ours to free.
std::optional<std::string> taken(char* text) {
  const std::unique_ptr<char, decltype(&std::free)> owned(text, &std::free);
  return text != nullptr ? std::optional<std::string>(text) : std::nullopt;
}

void require_no_call_log(CK_FUNCTION_LIST* module, const std::string& name) {
  const auto log_calls = taken(p11_kit_config_option(module, "log-calls"));
  // p11-kit takes "yes" alone for yes; whatever else is not a plain "no" is not relied upon.
  if (!log_calls || *log_calls == "no") return;
  throw Error(Kind::kConfig, "module-logs-calls",
              fmt::format("p11-kit is configured to print every call to the module \"{}\", PINs "
                          "included (log-calls: {})",
                          printable(name), printable(*log_calls)),
              "remove log-calls from the p11-kit configuration of the module");
}

}  // namespace

ModuleInfo checked_registration(CK_FUNCTION_LIST* module) {
  ModuleInfo info;
  info.name = taken(p11_kit_module_get_name(module)).value_or("");
  require_no_call_log(module, info.name);
  const auto file = taken(p11_kit_module_get_filename(module));
  if (!file) {
    throw Error(Kind::kConfig, "module-without-file",
                fmt::format("the registered module \"{}\" has no file: another process answers for "
                            "it, and keyrite cannot tell which program that is",
                            printable(info.name)),
                "name the token's module with --module");
  }
  info.path = checked_module_path(*file);
  // p11-kit has loaded it: which file that is, its configuration says only then.
  const ModuleFile loaded(info.path);
  loaded.require_loaded();
  info.sha256 = loaded.sha256();
  return info;
}

}  // namespace keyrite::pkcs11
