#include "registry/registry.h"

#include <doctest/doctest.h>

#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace {

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

TEST_CASE("A name keeps its pseudonym, and python's sqlite3 reads both") {
  const Place place;
  {
    Registry registry(place.path);
    CHECK(registry.pseudonym_of("acme", "aa11") == "aa11");
    CHECK(registry.pseudonym_of("acme", "bb22") == "aa11");
    CHECK(registry.pseudonym_of("other", "cc33") == "cc33");
  }
  const Registry again(place.path);
  CHECK(again.known_pseudonym("acme") == "aa11");
  CHECK(again.name_of("cc33") == "other");
  CHECK(python(place, "select pseudonym, name from pseudonym order by 1") ==
        "('aa11', 'acme') ('cc33', 'other')");
}

TEST_CASE("What nobody named has no pseudonym, and an erased name is gone") {
  const Place place;
  Registry registry(place.path);
  CHECK_FALSE(registry.known_pseudonym("acme"));
  CHECK_FALSE(registry.name_of("aa11"));
  (void)registry.pseudonym_of("acme", "aa11");
  place.shop.must(
      "python3 -c \"import sqlite3; db = sqlite3.connect('registry.sqlite'); "
      "db.execute('delete from pseudonym'); db.commit()\"");
  CHECK_FALSE(registry.name_of("aa11"));
}

TEST_CASE("Any text is a name, quotes and other alphabets among them") {
  const Place place;
  Registry registry(place.path);
  const std::string name = "a'); drop table pseudonym; -- \xc3\xa4";
  CHECK(registry.pseudonym_of(name, "aa11") == "aa11");
  CHECK(registry.name_of("aa11") == name);
}

TEST_CASE("Two connections give one name one pseudonym") {
  const Place place;
  Registry one(place.path);
  Registry two(place.path);
  CHECK(one.pseudonym_of("acme", "aa11") == "aa11");
  CHECK(two.pseudonym_of("acme", "bb22") == "aa11");
}

TEST_CASE("What is no registry is refused, a later version too, and nothing is made") {
  const Workshop shop;
  const std::string text =
      shop.put("text", as_bytes(std::string_view(std::string(200, 'x').c_str())));
  CHECK(failure_of([&] { Registry registry(text); }).code == "registry-invalid");
  CHECK(failure_of([&] { Registry registry(shop.folder() / "absent"); }).code == "registry-failed");
  CHECK_FALSE(std::filesystem::exists(shop.folder() / "absent"));
  shop.must(
      "python3 -c \"import sqlite3; db = sqlite3.connect('later'); "
      "db.execute('pragma user_version=2')\"");
  const auto later = failure_of([&] { Registry registry(shop.folder() / "later"); });
  CHECK(later.code == "registry-invalid");
  CHECK(later.kind == Kind::kConfig);
}

}  // namespace
}  // namespace keyrite::test
