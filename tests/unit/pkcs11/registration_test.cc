// Modules registered with p11-kit are looked at as closely as one that is named.
#define P11_KIT_FUTURE_UNSTABLE_API 1
#include <p11-kit/p11-kit.h>

#include <doctest/doctest.h>

#include <filesystem>

#include "act/token_session.h"
#include "support/failure.h"
#include "support/test_token.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;

// p11-kit's configuration in a folder of its own, instead of the machine's.
class Registry {
 public:
  Registry() {
    fs::create_directory(modules_);
    // p11-kit keeps the pointers.
    p11_kit_override_system_files(configuration_.c_str(), nothing_.c_str(), nothing_.c_str(),
                                  modules_.c_str(), nothing_.c_str());
    shop_.put("pkcs11.conf", as_bytes("user-config: none\n"));
  }

  void add(const std::string& name, const std::string& lines) const {
    shop_.put("modules/" + name + ".module", as_bytes(lines + "\n"));
  }
  [[nodiscard]] const Workshop& shop() const { return shop_; }

 private:
  Workshop shop_{};
  fs::path modules_{shop_.folder() / "modules"};
  fs::path configuration_{shop_.folder() / "pkcs11.conf"};
  fs::path nothing_{shop_.folder() / "nothing"};
};

act::TokenBinding by_registration(const TestToken& token) {
  auto binding = token.binding();
  binding.module.reset();
  binding.init_args.reset();
  return binding;
}

Failure load_failure() {
  return failure_of([] { (void)pkcs11::Module::load({}); });
}

std::string real_path(const Workshop& shop, const std::string& path) {
  const Bytes out = shop.must("readlink -f " + path);
  return {out.begin(), out.end() - 1};
}

TEST_CASE("Each token of registered modules is said to be of the module that holds it") {
  const auto soft = make_softhsm();
  const auto nss = make_nss();
  if (!soft || !nss) return;
  const Registry registry;
  registry.add("a-nss", "module: " + *nss->module.path +
                            "\nx-init-reserved: " + nss->module.init_args.value());
  registry.add("b-soft", "module: " + *soft->module.path);
  for (const auto* token : {soft.get(), nss.get()}) {
    CAPTURE(token->name);
    act::TokenSession open(by_registration(*token), pkcs11::Access::kReadWrite);
    CHECK(open.module().path == real_path(registry.shop(), *token->module.path));
    CHECK(open.module().name == (token == soft.get() ? "b-soft" : "a-nss"));
    CHECK_FALSE(open.module().version.empty());
    CHECK(open.session().token().module_info().path == open.module().path);
    open.close();
  }
}

TEST_CASE("A registered module whose calls p11-kit prints is refused before the PIN is asked for") {
  const auto soft = make_softhsm();
  if (!soft) return;
  const Registry registry;
  const std::string line = "module: " + *soft->module.path + "\nlog-calls: ";
  for (const std::string value : {"yes", "maybe"}) {
    CAPTURE(value);
    registry.add("soft", line + value);
    bool asked = false;
    auto binding = by_registration(*soft);
    binding.pin = [&](const pkcs11::TokenInfo&,
                      pkcs11::UserType) -> std::optional<crypto::SecretBytes> {
      asked = true;
      return std::nullopt;
    };
    const auto failure = failure_of([&] { act::TokenSession(binding, pkcs11::Access::kReadOnly); });
    CHECK(failure.code == "module-logs-calls");
    CHECK(failure.kind == Kind::kConfig);
    CHECK_FALSE(asked);
  }
  registry.add("soft", line + "no");
  CHECK(load_failure().code == "no error");
}

TEST_CASE("A registered module that others may change is refused") {
  const auto soft = make_softhsm();
  if (!soft) return;
  const Registry registry;
  const fs::path copy = registry.shop().folder() / "copy.so";
  fs::copy_file(*soft->module.path, copy);
  registry.add("copy", "module: " + copy.native());
  fs::permissions(copy, fs::perms(0666));
  const auto failure = load_failure();
  INFO(failure.message);
  CHECK(failure.code == "module-writable-by-others");
  CHECK(failure.kind == Kind::kConfig);
  fs::permissions(copy, fs::perms(0600));
  CHECK(load_failure().code == "no error");
}

TEST_CASE("A registered module that is another process is refused") {
  const Registry registry;
  registry.add("far", "remote: |/bin/false");
  const auto failure = load_failure();
  CHECK(failure.code == "module-without-file");
  CHECK(failure.kind == Kind::kConfig);
  CHECK(failure.message.find("far") != std::string::npos);
}

TEST_CASE("A registered module that does not start hides no other unless it is critical") {
  const auto soft = make_softhsm();
  const auto nss = make_nss();
  if (!soft || !nss) return;
  const Registry registry;
  registry.add("nss", "module: " + *nss->module.path +
                          "\nx-init-reserved: " + nss->module.init_args.value());
  // SoftHSM takes no init string (CKR_ARGUMENTS_BAD), whatever its version.
  const std::string refusing = "module: " + *soft->module.path + "\nx-init-reserved: text";
  registry.add("soft", refusing);
  CHECK_NOTHROW(act::TokenSession(by_registration(*nss), pkcs11::Access::kReadOnly));
  CHECK(failure_of([&] {
          act::TokenSession(by_registration(*soft), pkcs11::Access::kReadOnly);
        }).code == "token-not-found");
  registry.add("soft", refusing + "\ncritical: yes");
  const auto failure = load_failure();
  CHECK(failure.code == "module-not-loadable");
  CHECK(failure.kind == Kind::kConfig);
}

TEST_CASE("An init string without a module to give it to is refused") {
  const auto failure = failure_of([] { (void)pkcs11::Module::load({.init_args = "text"}); });
  CHECK(failure.code == "init-args-without-module");
  CHECK(failure.kind == Kind::kUsage);
  CHECK(failure.hint.find("x-init-reserved") != std::string::npos);
}

TEST_CASE("module-name in the URI chooses among registered modules") {
  const auto soft = make_softhsm();
  if (!soft) return;
  const Registry registry;
  registry.add("mine", "module: " + *soft->module.path);
  auto binding = by_registration(*soft);
  for (const std::string name : {"mine", "MINE", "softhsm2", "libsofthsm2"}) {
    CAPTURE(name);
    binding.uri = soft->uri + "?module-name=" + name;
    CHECK_NOTHROW(act::TokenSession(binding, pkcs11::Access::kReadOnly));
  }
  for (const std::string name : {"other", "softhsm", "min"}) {
    CAPTURE(name);
    binding.uri = soft->uri + "?module-name=" + name;
    CHECK(failure_of([&] { act::TokenSession(binding, pkcs11::Access::kReadOnly); }).code ==
          "token-not-found");
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
