#include "site/last_signed.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/bytes.h"
#include "site/layout.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

constexpr const char* kVkey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr const char* kOther =
    "example.com/bar+a4dd7eaa+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

// A room with site folders and a state folder outside of them.
struct Room {
  Workshop shop{};
  std::vector<std::string> notes{};

  [[nodiscard]] std::string path(const std::string& name) const {
    return (shop.folder() / name).native();
  }
  [[nodiscard]] site::Site site(const std::string& name) const {
    shop.must("mkdir -p " + name + " state && echo signed > state/signed");
    shop.put(name + "/vkeys", as_bytes(std::string(kVkey) + "\n"));
    return {.folder = path(name),
            .settings = {.log = {.last_signed = path("state/signed")}},
            .log_key = transcript::NoteKey::parse(kVkey)};
  }
  Failure enter(const site::Site& site) {
    notes.clear();
    return failure_of([&] {
      site::require_sole_folder(site, [&](std::string_view note) { notes.emplace_back(note); });
    });
  }
  [[nodiscard]] std::string marker() const { return as_text(shop.get("state/signed.site")); }
};

TEST_CASE("The first folder that can be used is taken, and the file has the log's name") {
  const Workshop shop;
  const std::string here = shop.folder().native();
  shop.must("mkdir open shared closed && chmod 777 shared");
  const auto chosen = [&](const std::vector<site::StateFolder>& folders) {
    return site::choose_last_signed(folders, "keyrite.example/hsm 1", from_hex("0a0b"));
  };
  CHECK(
      chosen({{.path = here + "/absent"}, {.path = here + "/shared"}, {.path = here + "/open"}}) ==
      here + "/open/keyrite.example_hsm_1-0a0b.last-signed");
  CHECK(chosen({{.path = here + "/absent/state", .make = true}}) ==
        here + "/absent/state/keyrite.example_hsm_1-0a0b.last-signed");
  const auto none = failure_of([&] {
    (void)chosen({{.path = here + "/absent"}, {.path = here + "/shared"}, {.path = "relative"}});
  });
  CHECK(none.code == "state-folder-missing");
  CHECK(none.kind == Kind::kConfig);
  CHECK(none.message.find("/absent: does not exist") != std::string::npos);
  CHECK(none.message.find("/shared: can be changed by others") != std::string::npos);
  CHECK(none.hint.find("--last-signed") != std::string::npos);
  CHECK(failure_of([&] { (void)chosen({}); }).code == "state-folder-missing");
  // Neither a step upwards nor a hidden file comes of an origin.
  CHECK(site::choose_last_signed({{.path = here}}, "../../x", from_hex("0a")) ==
        here + "/_._.._x-0a.last-signed");
}

TEST_CASE("The folders around it are made for their owner alone") {
  const Workshop shop;
  site::make_folder_of((shop.folder() / "a/b/file").native());
  CHECK(as_text(shop.must("stat -c %a a a/b | tr '\\n' ' '")) == "700 700 ");
}

TEST_CASE("A site that is alone is noted once") {
  Room room;
  const auto site = room.site("site");
  CHECK(room.enter(site).code == "no error");
  CHECK(room.marker() == as_text(room.shop.must("realpath site")));
  CHECK(room.enter(site).code == "no error");
  CHECK(room.notes.empty());
  // By another path it is the same folder.
  room.shop.must("ln -s site link");
  auto linked = site;
  linked.folder = room.path("link");
  CHECK(room.enter(linked).code == "no error");
  CHECK(room.notes.empty());
}

TEST_CASE("A copy of a site that is still there is refused with both paths") {
  Room room;
  CHECK(room.enter(room.site("site")).code == "no error");
  const auto copy = room.site("copy");
  const auto refusal = room.enter(copy);
  CHECK(refusal.code == "site-copied");
  CHECK(refusal.kind == Kind::kVerification);
  CHECK(refusal.message.find(room.path("site")) != std::string::npos);
  CHECK(refusal.message.find(room.path("copy")) != std::string::npos);
  CHECK(room.marker() == as_text(room.shop.must("realpath site")));
}

TEST_CASE("A site that was moved is told of, and is not refused") {
  Room room;
  CHECK(room.enter(room.site("site")).code == "no error");
  room.shop.must("mv site moved");
  auto moved = room.site("moved");
  CHECK(room.enter(moved).code == "no error");
  REQUIRE(room.notes.size() == 1);
  CHECK(room.notes[0].find(room.path("site")) != std::string::npos);
  CHECK(room.marker() == as_text(room.shop.must("realpath moved")));
  // Another site where this one was before is no copy of it.
  room.shop.must("mv moved again && mkdir moved");
  room.shop.put("moved/vkeys", as_bytes(std::string(kOther) + "\n"));
  CHECK(room.enter(room.site("again")).code == "no error");
  CHECK(room.marker() == as_text(room.shop.must("realpath again")));
}

TEST_CASE("A path that does not say whether is told of, and ends nothing") {
  Room room;
  const auto site = room.site("site");
  room.shop.must("ln -s loop loop && printf '%s\\n' \"$PWD/loop/x\" > state/signed.site");
  CHECK(room.enter(site).code == "no error");
  REQUIRE(room.notes.size() == 2);
  CHECK(room.notes[0].find("keyrite cannot look at") != std::string::npos);
}

TEST_CASE("A marker that is none is refused, and a missing last-signed makes none") {
  Room room;
  const auto site = room.site("site");
  room.shop.must("printf 'site\\n' > state/signed.site");
  CHECK(room.enter(site).code == "last-signed-site-invalid");
  room.shop.must("printf '/site' > state/signed.site");
  CHECK(room.enter(site).code == "last-signed-site-invalid");
  room.shop.must("rm state/*");
  CHECK(room.enter(site).code == "no error");
  CHECK(as_text(room.shop.must("ls state")).empty());
}

TEST_CASE("A path is within a folder with links followed, and with what is not there yet") {
  const Workshop shop;
  shop.must("mkdir site && ln -s site link");
  const std::string here = shop.folder().native();
  const auto within = [&](const std::string& path, const std::string& folder) {
    return site::is_within(here + path, here + folder);
  };
  CHECK(within("/site/state/x", "/site"));
  CHECK(within("/link/x", "/site/"));
  CHECK(within("/site", "/site"));
  CHECK(within("/new/x", "/new"));
  CHECK_FALSE(within("/site-2/x", "/site"));
  CHECK_FALSE(within("/site/../x", "/site"));
  CHECK_FALSE(within("/x", "/site"));
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
