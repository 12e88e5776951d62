#include "support/test_token.h"

#include <doctest/doctest.h>
#include <p11-kit/pkcs11.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "act/token_session.h"
#include "support/skip.h"

namespace keyrite::test {

namespace {

constexpr const char* kSoftHsm = "/usr/lib/softhsm/libsofthsm2.so";
constexpr const char* kSoftoken = "/usr/lib/x86_64-linux-gnu/libsoftokn3.so";

bool present(const char* module, const char* what) {
  if (std::filesystem::exists(module)) return true;
  skip(std::string(what) + " is not installed: " + module);
  return false;
}

crypto::SecretBytes secret(const std::string& text) { return crypto::SecretBytes(as_bytes(text)); }

}  // namespace

act::TokenBinding TestToken::binding() const {
  return {.uri = uri,
          .module = module.path,
          .init_args = module.init_args,
          .pin = [user_pin = pin, officer_pin = so_pin](const pkcs11::TokenInfo& /*token*/,
                                                        pkcs11::UserType user) {
            return std::optional(secret(user == pkcs11::UserType::kUser ? user_pin : officer_pin));
          }};
}

std::unique_ptr<TestToken> make_softhsm() {
  if (!present(kSoftHsm, "SoftHSMv2")) return nullptr;
  auto token = std::make_unique<TestToken>();
  const std::string folder = token->folder.folder().native();
  token->folder.put("softhsm2.conf", as_bytes("directories.tokendir = " + folder +
                                              "\nobjectstore.backend = file\nlog.level = ERROR\n"));
  REQUIRE(::setenv("SOFTHSM2_CONF", (folder + "/softhsm2.conf").c_str(), 1) ==
          0);  // NOLINT(concurrency-mt-unsafe)
  token->name = "SoftHSM";
  token->module.path = kSoftHsm;
  token->pin = "user-1234";
  token->so_pin = "officer-1234";
  token->uri = "pkcs11:token=TEST-soft";
  token->folder.must(
      "softhsm2-util --init-token --free --label TEST-soft --pin user-1234 --so-pin officer-1234");
  return token;
}

std::unique_ptr<TestToken> make_nss() {
  if (!present(kSoftoken, "NSS softoken")) return nullptr;
  auto token = std::make_unique<TestToken>();
  const std::string folder = token->folder.folder().native();
  token->name = "NSS";
  token->module.path = kSoftoken;
  token->module.init_args =
      "configdir='sql:" + folder + "' certPrefix='' keyPrefix='' secmod='secmod.db' flags=";
  token->pin = "user-1234";
  token->uri = "pkcs11:token=NSS%20Certificate%20DB";
  token->folder.put("pin.txt", as_bytes("user-1234\n"));
  token->folder.must("certutil -N -d sql:. -f pin.txt");
  return token;
}

bool lists_eddsa(const TestToken& token) {
  act::TokenSession open(token.binding(), pkcs11::Access::kReadOnly);
  const auto list = open.session().listed_mechanisms();
  return std::find(list.begin(), list.end(), CKM_EC_EDWARDS_KEY_PAIR_GEN) != list.end();
}

}  // namespace keyrite::test
