#include "site/site.h"

#include <doctest/doctest.h>

#include "base/file.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace {

// The key of the specification's example (c2sp.org/signed-note), under its own name.
constexpr const char* kVkey =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

site::Settings settings() {
  site::Settings all{
      .token = {.uri = "pkcs11:token=Ceremony",
                .module = "/usr/lib/softhsm/libsofthsm2.so",
                .module_init_args = "a=\"b\" \\ x",
                .pin_file = "/run/pin",
                .so_pin_file = "so-pin"},
      .log = {.origin = "example.com/foo", .key_id = "0a0b", .last_signed = "state/last-signed"},
      .approvals = site::default_approvals()};
  all.approvals.longest = std::chrono::hours(5);
  all.approvals.initiator_counts = true;
  return all;
}

struct Folder {
  Workshop shop{};
  explicit Folder(const std::string& toml, const std::string& vkeys = kVkey) {
    shop.put("site.toml", as_bytes(toml));
    shop.put("vkeys", as_bytes(vkeys + "\n"));
  }
  [[nodiscard]] site::Site read() const { return site::read_site(shop.folder()); }
  [[nodiscard]] std::string refusal() const {
    return failure_of([&] { (void)read(); }).code;
  }
};

TEST_CASE("What is written is read back the same, and python reads the same from it") {
  const Folder folder(site::site_toml(settings()));
  const auto read = folder.read();
  CHECK(read.settings.token.uri == "pkcs11:token=Ceremony");
  CHECK(read.settings.token.module_init_args == settings().token.module_init_args);
  CHECK(read.settings.token.so_pin_file == "so-pin");
  CHECK(read.settings.log.key_id == "0a0b");
  CHECK(read.settings.approvals.longest == std::chrono::hours(5));
  CHECK(read.settings.approvals.initiator_counts);
  CHECK(read.settings.approvals.needed == site::default_approvals().needed);
  CHECK(read.log_key.text() == kVkey);
  CHECK(read.path("x") == (folder.shop.folder() / "x").native());
  CHECK(read.path("/x") == "/x");
  // tomllib came with Python 3.11.
  folder.shop.put("read.py", as_bytes(std::string_view(R"py(
import tomllib
site = tomllib.load(open("site.toml", "rb"))
print(site["token"]["module_init_args"], site["approvals"]["hours"], site["approvals"]["needed"], end="")
)py")));
  const auto told = folder.shop.must("python3 read.py");
  CHECK(as_text(told) ==
        R"(a="b" \ x 5 )"
        "{'shred': {'security-officer': 2}, 'trust-wrapping-key': {'security-officer': 2}}");
  CHECK(as_text(folder.shop.must("sha256sum site.toml | cut -c1-64 | tr -d '\\n'")) == read.sha256);
}

TEST_CASE(
    "Two people must approve a shred and a trusted wrapping key by default, and nothing else") {
  const auto needed = site::default_approvals().needed;
  REQUIRE(needed.size() == 2);
  CHECK(needed.at("shred") == approval::Threshold{{"security-officer", 2}});
  CHECK(needed.at("trust-wrapping-key") == approval::Threshold{{"security-officer", 2}});
}

TEST_CASE("vkeys must have one key of the log's name") {
  const std::string toml = site::site_toml(settings());
  const std::string other = "example.com/bar+a4dd7eaa+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  CHECK(Folder(toml, std::string(kVkey) + "\n" + kVkey).refusal() == "site-key");
  CHECK(Folder(toml, "").refusal() == "vkey-file-empty");
  CHECK(Folder(toml, "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
            .refusal() == "vkey-invalid");
}

TEST_CASE("A field outside its range is refused by its name") {
  const std::string toml = site::site_toml(settings());
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = toml;
    const auto at = changed.find(from);
    REQUIRE(at != std::string::npos);
    changed.replace(at, from.size(), to);
    return failure_of([&] { (void)Folder(changed).read(); });
  };
  CHECK(with("hours = 5", "hours = -1").code == "site-invalid");
  CHECK(with("hours = 5", "hours = 999999").code == "site-invalid");
  CHECK(with("hours = 5", "hours = \"5\"").code == "json-wrong-type");
  CHECK(with("key_id = \"0a0b\"", "key_id = \"xx\"").code == "site-invalid");
  CHECK(with("security-officer = 2", "\"Security Officer\" = 2").code == "site-invalid");
  CHECK(with("security-officer = 2", "").code == "site-invalid");
  CHECK(with("initiator_counts = true", "initiator_counts = 1").code == "json-wrong-type");
  const auto unknown = with("hours = 5", "hours = 5\nhourly = 6");
  CHECK(unknown.code == "site-unknown-field");
  CHECK(unknown.message.find("hourly") != std::string::npos);
  CHECK(unknown.hint.find("docs/formats/site.md") != std::string::npos);
}

TEST_CASE("A folder without site.toml is no site") {
  const Workshop shop;
  const auto refusal = failure_of([&] { (void)site::read_site(shop.folder()); });
  CHECK(refusal.code == "site-missing");
  CHECK(refusal.hint == "keyrite init-site makes one");
}

}  // namespace
}  // namespace keyrite::test
