// Every attribute of RFC 7512 selects a token or is refused by name; none is passed over.
#include <doctest/doctest.h>

#include <regex>

#include "act/token_session.h"
#include "support/failure.h"
#include "support/function_table.h"
#include "support/test_token.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

std::string serial_of(const TestToken& token, const std::string& label) {
  const Bytes out = token.folder.must("softhsm2-util --show-slots | grep -B4 'Label: *" + label +
                                      "' | grep 'Serial number'");
  std::smatch found;
  const std::string text(out.begin(), out.end());
  REQUIRE(std::regex_search(text, found, std::regex("Serial number: *([0-9a-f]+)")));
  return found[1];
}

// As SoftHSM calls the slot of a token: the number in it is that of the serial's end.
std::string slot_description(const TestToken& token, const std::string& label) {
  const Bytes out = token.folder.must("softhsm2-util --show-slots");
  const std::string text(out.begin(), out.end());
  const auto at = text.rfind("Description:", text.find("Label:            " + label));
  REQUIRE(at != std::string::npos);
  std::smatch found;
  const std::string rest = text.substr(at, 200);
  REQUIRE(std::regex_search(rest, found, std::regex("Description: *(\\S.*\\S) *\n")));
  return std::regex_replace(found[1].str(), std::regex(" "), "%20");
}

struct Row {
  std::string uri{};
  std::string code{"no error"};
};

void check_rows(const TestToken& token, const std::vector<Row>& rows) {
  for (const auto& row : rows) {
    CAPTURE(row.uri);
    auto binding = token.binding();
    binding.uri = row.uri;
    const auto failure = failure_of([&] {
      act::TokenSession open(binding, pkcs11::Access::kReadOnly);
      CHECK(open.info().label == "TEST-soft");
      open.close();
    });
    CHECK(failure.code == row.code);
  }
}

TEST_CASE("What a URI says of token and slot and library selects the token or finds none") {
  const auto token = make_softhsm();
  if (!token) return;
  token->folder.must(
      "softhsm2-util --init-token --free --label OTHER --pin user-1234 --so-pin officer-1234");
  const std::string serial = serial_of(*token, "TEST-soft");
  const std::string mine = "pkcs11:token=TEST-soft";
  const auto module = pkcs11::Module::load(token->module);
  const std::string version = module->info().version;
  module->finalize();
  const std::string absent = "token-not-found";
  check_rows(*token, {{mine},
                      {"pkcs11:token=%54EST%2dsoft"},
                      {"pkcs11:token=TEST-sof", absent},
                      {"pkcs11:token=test-soft", absent},
                      {"pkcs11:serial=" + serial},
                      {"pkcs11:serial=0000", absent},
                      {"pkcs11:token=OTHER;serial=" + serial, absent},
                      {mine + ";manufacturer=SoftHSM%20project"},
                      {mine + ";manufacturer=Other", absent},
                      {"pkcs11:manufacturer=SoftHSM%20project", "token-ambiguous"},
                      {mine + ";model=SoftHSM%20v2"},
                      {mine + ";model=SoftHSM%20v3", absent},
                      {mine + ";slot-description=" + slot_description(*token, "TEST-soft")},
                      {mine + ";slot-description=nonsense", absent},
                      {"pkcs11:slot-description=" + slot_description(*token, "TEST-soft")},
                      {mine + ";slot-manufacturer=SoftHSM%20project"},
                      {mine + ";slot-manufacturer=nonsense", absent},
                      {mine + ";library-manufacturer=SoftHSM"},
                      {mine + ";library-manufacturer=nonsense", absent},
                      {mine + ";library-description=Implementation%20of%20PKCS11"},
                      {mine + ";library-description=nonsense", absent},
                      {mine + ";library-version=" + version},
                      {mine + ";library-version=99.9", absent},
                      {mine + ";library-version=0.0", absent},
                      {mine + "?module-name=softhsm2"},
                      {mine + "?module-name=nonsense", absent},
                      {mine + "?module-path=" + *token->module.path},
                      {mine + "?module-path=/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm%32.so"},
                      {mine + "?module-path=/nowhere.so", "modules-contradict"},
                      {mine + "?module-path=/usr/lib/x86_64-linux-gnu/libsoftokn3.so",
                       "modules-contradict"}});
}

TEST_CASE("What a URI says and cannot be honoured is refused by name") {
  const std::vector<Row> rows{{"pkcs11:token=t;slot-id=4", "uri-names-slot"},
                              {"pkcs11:token=t;slot-id=0", "uri-names-slot"},
                              {"pkcs11:token=t;object=k", "uri-names-object"},
                              {"pkcs11:token=t;id=%01", "uri-names-object"},
                              {"pkcs11:token=t;type=private", "uri-names-object"},
                              {"pkcs11:token=t?pin-value=1234", "uri-has-pin-value"},
                              {"pkcs11:token=t;pin-value=1234", "uri-has-pin-value"},
                              {"pkcs11:token=t;token=u", "uri-invalid"},
                              {"pkcs11:token=t?module-name=a&module-name=b", "uri-invalid"},
                              {"pkcs11:token=t?pin-source=a&pin-source=b", "uri-invalid"},
                              {"pkcs11:token=t;x-vendor=1", "uri-invalid"},
                              {"pkcs11:token=t?x-vendor=1", "uri-invalid"},
                              {"pkcs11:token=t?slot-id=1", "uri-invalid"},
                              {"pkcs11:token=t;module-path=/m.so", "uri-invalid"},
                              {"pkcs11:token=t;slot-id=zz", "uri-invalid"},
                              {"pkcs11:token=t;type=nonsense", "uri-invalid"},
                              {"pkcs11:token=t;;type=private", "uri-invalid"},
                              {"pkcs11:token=t;", "uri-invalid"},
                              {"pkcs11:;token=t", "uri-invalid"},
                              {"pkcs11:token=t?pin-source=a&&module-name=b", "uri-invalid"},
                              {"pkcs11:token=%zz", "uri-invalid"},
                              {"pkcs11:token=" + std::string(33, 'a'), "uri-invalid"},
                              {std::string("pkcs11:token=t\0;serial=1", 24), "uri-invalid"},
                              {"token=t", "uri-invalid"},
                              {"", "uri-invalid"}};
  for (const auto& row : rows) {
    CAPTURE(row.uri);
    const auto failure = failure_of([&] { (void)pkcs11::TokenUri::parse(row.uri); });
    CHECK(failure.code == row.code);
    CHECK(failure.kind == Kind::kUsage);
    CHECK(failure.message.find("1234") == std::string::npos);
    CHECK_FALSE(failure.hint.empty());
  }
}

TEST_CASE("The query of a URI says where the PIN and the module are") {
  const auto uri =
      pkcs11::TokenUri::parse("pkcs11:token=t?module-path=/m%20m.so&pin-source=file:/p");
  CHECK(uri.module_path() == "/m m.so");
  CHECK(uri.pin_source() == "file:/p");
  CHECK(uri.names_module({.path = "/m m.so"}));
  CHECK_FALSE(uri.names_module({.path = "/m.so"}));
  CHECK_FALSE(uri.names_module({}));
}

CK_FUNCTION_LIST* real = nullptr;
CK_RV unreadable_answer = CKR_OK;

// SoftHSM's last slot always holds a token that is not initialised.
CK_RV token_info_of_a_bad_slot(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  const CK_RV rv = real->C_GetTokenInfo(slot, info);
  return (info->flags & CKF_TOKEN_INITIALIZED) != 0 ? rv : unreadable_answer;
}

TEST_CASE("A slot that cannot be read hides no other token and is named when none matches") {
  struct Unreadable {
    CK_RV answer{};
    const char* name{};
  };
  for (const auto& row : {Unreadable{CKR_TOKEN_NOT_RECOGNIZED, "CKR_TOKEN_NOT_RECOGNIZED"},
                          Unreadable{CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT"},
                          Unreadable{CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR"}}) {
    CAPTURE(row.name);
    const auto token = make_softhsm();
    if (!token) return;
    real = real_table(*token->module.path);
    unreadable_answer = row.answer;
    CK_FUNCTION_LIST table = *real;
    table.C_GetTokenInfo = token_info_of_a_bad_slot;
    auto module = pkcs11::Module::adopt(&table);
    CHECK(pkcs11::find_token(module, pkcs11::TokenUri::parse(token->uri)).info().label ==
          "TEST-soft");
    const auto failure = failure_of(
        [&] { (void)pkcs11::find_token(module, pkcs11::TokenUri::parse("pkcs11:token=absent")); });
    CHECK(failure.code == "token-not-found");
    CHECK(failure.hint.find("TEST-soft") != std::string::npos);
    CHECK(failure.hint.find(row.name) != std::string::npos);
    module->finalize();
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
