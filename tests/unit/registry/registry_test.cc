#include "registry/registry.h"

#include <doctest/doctest.h>

#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

const std::string kFirst(32, 'a');
const std::string kSecond(32, 'b');
const std::string kThird(32, 'c');

using registry::Registry;

struct Place {
  Workshop shop{};
  std::string path{shop.put("registry.sqlite", {})};
};

std::string python(const Place& place, const std::string& query) {
  place.shop.put("query.py", as_bytes(std::string_view(
                                 "import sqlite3, sys\n"
                                 "db = sqlite3.connect('registry.sqlite')\n"
                                 "print(*db.execute(sys.argv[1]).fetchall(), end='')\n")));
  return as_text(place.shop.must("python3 query.py \"" + query + "\""));
}

void sqlite(const Workshop& shop, const std::string& file, const std::string& statement) {
  shop.must(
      "python3 -c \"import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); "
      "db.execute(sys.argv[2]); db.commit()\" " +
      file + " \"" + statement + "\"");
}

TEST_CASE("A name keeps its pseudonym, and python's sqlite3 reads both") {
  const Place place;
  {
    Registry registry(place.path);
    CHECK(registry.pseudonym_of("acme", kFirst) == kFirst);
    CHECK(registry.pseudonym_of("acme", kSecond) == kFirst);
    CHECK(registry.pseudonym_of("other", kThird) == kThird);
  }
  const Registry again(place.path);
  CHECK(again.known_pseudonym("acme") == kFirst);
  CHECK(again.name_of(kThird) == "other");
  CHECK(python(place, "select pseudonym, name from pseudonym order by 1") ==
        "('" + kFirst + "', 'acme') ('" + kThird + "', 'other')");
}

TEST_CASE("What nobody named has no pseudonym, and an erased name is gone") {
  const Place place;
  Registry registry(place.path);
  CHECK_FALSE(registry.known_pseudonym("acme"));
  CHECK_FALSE(registry.name_of(kFirst));
  (void)registry.pseudonym_of("acme", kFirst);
  place.shop.must(
      "python3 -c \"import sqlite3; db = sqlite3.connect('registry.sqlite'); "
      "db.execute('delete from pseudonym'); db.commit()\"");
  CHECK_FALSE(registry.name_of(kFirst));
}

TEST_CASE("Any text is a name, quotes and other alphabets among them") {
  const Place place;
  Registry registry(place.path);
  const std::string name = "a'); drop table pseudonym; -- \xc3\xa4";
  CHECK(registry.pseudonym_of(name, kFirst) == kFirst);
  CHECK(registry.name_of(kFirst) == name);
}

TEST_CASE("Two connections give one name one pseudonym") {
  const Place place;
  Registry one(place.path);
  Registry two(place.path);
  CHECK(one.pseudonym_of("acme", kFirst) == kFirst);
  CHECK(two.pseudonym_of("acme", kSecond) == kFirst);
}

TEST_CASE("What is no registry is refused, a later version too, and nothing is made") {
  const Workshop shop;
  const std::string text =
      shop.put("text", as_bytes(std::string_view(std::string(200, 'x').c_str())));
  CHECK(failure_of([&] { Registry registry(text); }).code == "registry-invalid");
  CHECK(failure_of([&] { Registry registry(shop.folder() / "absent"); }).code == "registry-failed");
  CHECK_FALSE(std::filesystem::exists(shop.folder() / "absent"));
  for (const char* version : {"3", "4", "-1"}) {
    shop.must("rm -f later");
    sqlite(shop, "later", std::string("pragma user_version=") + version);
    const auto later = failure_of([&] { const Registry registry(shop.folder() / "later"); });
    CHECK(later.code == "registry-invalid");
    CHECK(later.kind == Kind::kConfig);
  }
  sqlite(shop, "later", "pragma application_id=1802662503");
  sqlite(shop, "later", "pragma user_version=5");
  const auto later = failure_of([&] { const Registry registry(shop.folder() / "later"); });
  CHECK(later.code == "registry-later-version");
  CHECK(later.kind == Kind::kConfig);
}

TEST_CASE("The registry says of what program and version its file is") {
  const Place place;
  { const Registry registry(place.path); }
  CHECK(python(place, "pragma user_version") == "(4,)");
  CHECK(python(place, "pragma application_id") == "(1802662503,)");
  CHECK(as_text(place.shop.get("registry.sqlite")).substr(68, 4) == "krrg");
}

TEST_CASE("What 0.1.0 made is read, and is of version 4 afterwards") {
  const Workshop shop;
  const std::string path = shop.folder() / "first";
  sqlite(shop, "first",
         "CREATE TABLE pseudonym (pseudonym TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE) "
         "STRICT");
  sqlite(shop, "first", "insert into pseudonym values ('" + kFirst + "', 'acme')");
  sqlite(shop, "first", "pragma user_version=1");
  {
    const Registry registry(path);
    CHECK(registry.name_of(kFirst) == "acme");
  }
  const Registry again(path);
  CHECK(again.known_pseudonym("acme") == kFirst);
  CHECK(as_text(shop.must("python3 -c \"import sqlite3; print(sqlite3.connect('first')"
                          ".execute('pragma user_version').fetchone()[0], end='')\"")) == "4");
  CHECK(as_text(shop.must("python3 -c \"import sqlite3, hashlib; row = sqlite3.connect('first')"
                          ".execute('select name, name_sha256 from pseudonym').fetchone(); "
                          "print(hashlib.sha256(row[0].encode()).hexdigest() == row[1])\"")) ==
        "True\n");
}

TEST_CASE("A database of another program stays as it was") {
  for (const char* made : {"create table pseudonym (pseudonym, name)", "create table other (a)",
                           "pragma application_id=7", "pragma user_version=2"}) {
    const Workshop shop;
    sqlite(shop, "other", made);
    const Bytes before = shop.get("other");
    const auto refused = failure_of([&] { const Registry registry(shop.folder() / "other"); });
    CHECK_MESSAGE(refused.code == "registry-invalid", made);
    CHECK_MESSAGE(shop.get("other") == before, made);
  }
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
