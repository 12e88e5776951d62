// How the registry's SQLite is set (ADR 10): every connection begins with the opposite here, so
// that what SQLite or the distribution chooses by itself proves nothing.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <map>
#include <string>
#include <string_view>

#include "registry/registry.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

using registry::Registry;

sqlite3*& newest() {
  static sqlite3* connection = nullptr;
  return connection;
}

std::string& ignored() {
  static std::string pragma;
  return pragma;
}

// SQLite then does as if the setting were not there.
int ignore_setting(void* /*unused*/, int action, const char* name, const char* value,
                   const char* /*database*/, const char* /*trigger*/) {
  const bool setting = action == SQLITE_PRAGMA && value != nullptr && name == ignored();
  return setting ? SQLITE_IGNORE : SQLITE_OK;
}

int spoil(sqlite3* connection, char** /*message*/, const sqlite3_api_routines* /*unused*/) {
  newest() = connection;
  const int result = sqlite3_exec(connection,
                                  "PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA "
                                  "trusted_schema=ON; PRAGMA secure_delete=OFF; PRAGMA "
                                  "journal_mode=MEMORY; PRAGMA temp_store=FILE",
                                  nullptr, nullptr, nullptr);
  sqlite3_set_authorizer(connection, ignore_setting, nullptr);
  return result;
}

class Spoiled {
 public:
  explicit Spoiled(std::string setting_ignored = {}) {
    ignored() = std::move(setting_ignored);
    REQUIRE(sqlite3_auto_extension(reinterpret_cast<void (*)()>(spoil)) == SQLITE_OK);
  }
  ~Spoiled() { sqlite3_reset_auto_extension(); }
  Spoiled(const Spoiled&) = delete;
  Spoiled& operator=(const Spoiled&) = delete;
};

std::string setting(const std::string& name) {
  std::string value;
  const auto take = [](void* into, int count, char** values, char** /*names*/) {
    if (count == 1 && values[0] != nullptr) *static_cast<std::string*>(into) = values[0];
    return 0;
  };
  REQUIRE(sqlite3_exec(newest(), ("PRAGMA " + name).c_str(), take, &value, nullptr) == SQLITE_OK);
  return value;
}

const std::map<std::string, std::string>& wanted() {
  static const std::map<std::string, std::string> settings{
      {"journal_mode", "delete"}, {"synchronous", "3"},   {"foreign_keys", "1"},
      {"trusted_schema", "0"},    {"secure_delete", "1"}, {"temp_store", "2"}};
  return settings;
}

TEST_CASE("Each open of the registry sets every PRAGMA of ADR 10") {
  const Workshop shop;
  const std::string path = shop.put("registry.sqlite", {});
  const Spoiled spoiled;
  for (int i = 0; i < 2; ++i) {
    const Registry registry(path);
    for (const auto& one : wanted()) CHECK_MESSAGE(setting(one.first) == one.second, one.first);
  }
}

TEST_CASE("A PRAGMA that SQLite does not take is told, and nothing is made") {
  for (const auto& one : wanted()) {
    const std::string& name = one.first;
    const Workshop shop;
    const std::string path = shop.put("registry.sqlite", {});
    const Spoiled spoiled(name);
    const auto failure = failure_of([&] { const Registry registry(path); });
    CHECK_MESSAGE(failure.code == "registry-unsafe", name);
    CHECK(failure.kind == Kind::kFailed);
    CHECK(shop.get("registry.sqlite").empty());
  }
}

TEST_CASE("A name that was erased stands in no byte of the file") {
  const Workshop shop;
  const std::string path = shop.put("registry.sqlite", {});
  const Spoiled spoiled;
  const std::string name = "acme-payments-of-the-customer-that-left";
  const auto in_file = [&] {
    return as_text(shop.get("registry.sqlite")).find(name) != std::string::npos;
  };
  Registry registry(path);
  (void)registry.pseudonym_of("another", "bb22");
  (void)registry.pseudonym_of(name, "aa11");
  REQUIRE(in_file());
  CHECK(registry.erase(name));
  CHECK_FALSE(in_file());
  CHECK_FALSE(registry.erase(name));
  CHECK_FALSE(registry.name_of("aa11"));
  CHECK(registry.name_of("bb22") == "another");
  shop.must("test \"$(ls)\" = registry.sqlite");  // and no journal stays
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
