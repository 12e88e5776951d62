#include "site/site.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "site/policy.h"
#include "support/command.h"
#include "support/failure.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

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
      .log = {.origin = "example.com/foo", .key_id = "0a0b", .last_signed = "/var/lib/foo"},
      .approvals = site::default_approvals(true)};
  all.approvals.longest = std::chrono::hours(5);
  all.approvals.initiator_counts = true;
  return all;
}

// So many security officers, each with a key. Made once: ssh-keygen takes its time.
std::string roster(std::size_t officers) {
  static const std::vector<std::string> tables = [] {
    const Workshop shop;
    std::vector<std::string> made;
    for (int i = 0; i < 2; ++i) {
      shop.must(fmt::format("ssh-keygen -q -t ed25519 -N '' -f key{}", i));
      const std::string line = as_text(shop.get(fmt::format("key{}.pub", i)));
      made.push_back(
          fmt::format("[[approver]]\nidentity = \"officer{}\"\nroles = "
                      "[\"security-officer\"]\nkeys = [\"{}\"]\n",
                      i, line.substr(0, line.find('\n'))));
    }
    return made;
  }();
  std::string text;
  for (std::size_t i = 0; i < officers; ++i) text += tables.at(i);
  return text;
}

struct Folder {
  Workshop shop{};
  explicit Folder(const std::string& toml, const std::string& vkeys = kVkey) {
    shop.put("site.toml", as_bytes(toml));
    shop.put("vkeys", as_bytes(vkeys + "\n"));
    shop.put("roster.toml", as_bytes(roster(2)));
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
  CHECK(read.settings.approvals.needed == site::default_approvals(true).needed);
  CHECK(read.settings.version == 2);
  CHECK(read.weaknesses.empty());
  CHECK(read.last_signed() == "/var/lib/foo");
  CHECK_FALSE(read.keeps_last_signed());
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
        "{'rotate-compromised': {'security-officer': 2}, 'shred': {'security-officer': 2}, "
        "'trust-wrapping-key': {'security-officer': 2}}");
  CHECK(as_text(folder.shop.must("sha256sum site.toml | cut -c1-64 | tr -d '\\n'")) == read.sha256);
}

TEST_CASE(
    "Two people must approve a shred, a compromise and a trusted wrapping key by default, and "
    "nothing else") {
  const auto needed = site::default_approvals(true).needed;
  REQUIRE(needed.size() == 3);
  CHECK(needed.at("rotate-compromised") == approval::Threshold{{"security-officer", 2}});
  CHECK(needed.at("shred") == approval::Threshold{{"security-officer", 2}});
  CHECK(needed.at("trust-wrapping-key") == approval::Threshold{{"security-officer", 2}});
}

TEST_CASE("A site may demand where a key came from, and says it in one of two words") {
  const auto with = [](const std::string& lines) {
    return Folder(site::site_toml(settings()) + lines);
  };
  CHECK_FALSE(Folder(site::site_toml(settings())).read().settings.required_origin);
  CHECK(with("\n[origin]\nrequired = \"logged\"\n").read().settings.required_origin ==
        KeyOrigin::kLogged);
  auto demanding = settings();
  demanding.required_origin = KeyOrigin::kToken;
  const Folder folder(site::site_toml(demanding));
  CHECK(folder.read().settings.required_origin == KeyOrigin::kToken);
  CHECK(as_text(folder.shop.must(
            "python3 -c 'import tomllib; print(tomllib.load(open("
            "\"site.toml\", \"rb\"))[\"origin\"][\"required\"], end=\"\")'")) == "token");
  CHECK(with("\n[origin]\nrequired = \"unknown\"\n").refusal() == "site-invalid");
  CHECK(with("\n[origin]\nrequired = true\n").refusal() == "json-wrong-type");
  CHECK(with("\n[origin]\n").refusal() == "json-missing-field");
  CHECK(with("\n[origin]\nrequire = \"logged\"\n").refusal() == "site-unknown-field");
}

TEST_CASE("A site says which bases of a wrapping key are enough, a comparison where it says none") {
  using enum WrappingKeyBasis;
  const auto with = [](const std::string& lines) {
    return Folder(site::site_toml(settings()) + lines);
  };
  const auto accepted = [&](const std::string& lines) {
    return with(lines).read().settings.wrapping_keys.accepted;
  };
  CHECK(accepted("") == std::set{kCompared});
  const std::string pinning = "[approvals.needed.destination-pin]\nsecurity-officer = 1\n";
  CHECK(accepted("\n[wrapping-keys]\naccepted = [\"pinned\"]\n" + pinning) == std::set{kPinned});
  // Nobody said who approves a pinned key, or there is no fetcher.
  CHECK(with("\n[wrapping-keys]\naccepted = [\"pinned\"]\n").refusal() == "policy-line-missing");
  CHECK(with("\n[wrapping-keys]\naccepted = [\"vouched\"]\n").refusal() == "policy-role-short");
  for (const char* wrong :
       {"accepted = [\"attested\"]", "accepted = []", "accepted = [\"compared\", \"compared\"]",
        "accepted = [\"compared\"]\nfetchers = 0", "accepted = [\"compared\"]\nfetchers = 101"}) {
    CAPTURE(wrong);
    CHECK(with("\n[wrapping-keys]\n" + std::string(wrong) + "\n").refusal() == "site-invalid");
  }
  CHECK(with("\n[wrapping-keys]\n").refusal() == "json-missing-field");
  CHECK(with("\n[wrapping-keys]\naccepted = [\"compared\"]\nmore = 1\n").refusal() ==
        "site-unknown-field");
  auto all = settings();
  all.wrapping_keys = {.accepted = {kCompared, kPinned}, .fetchers = 2};
  all.approvals.needed["destination-pin"] = {{"security-officer", 1}};
  const Folder folder(site::site_toml(all));
  CHECK(folder.read().settings.wrapping_keys.accepted == std::set{kCompared, kPinned});
  CHECK(folder.read().settings.wrapping_keys.fetchers == 2);
  CHECK(as_text(folder.shop.must("python3 -c 'import tomllib; print(tomllib.load(open("
                                 "\"site.toml\", \"rb\"))[\"wrapping-keys\"], end=\"\")'")) ==
        "{'accepted': ['compared', 'pinned'], 'fetchers': 2}");
}

TEST_CASE("Without a roster policy says by name that nobody need approve, and can be met") {
  auto all = settings();
  all.approvals = site::default_approvals(false);
  const std::string toml = site::site_toml(all);
  CHECK(toml.find("shred = \"nobody\"\n") != std::string::npos);
  const Folder folder(toml);
  folder.shop.must("rm roster.toml");
  const auto read = folder.read();
  REQUIRE(read.settings.approvals.needed.size() == 3);
  CHECK(read.settings.approvals.needed.at("shred").empty());
  CHECK_FALSE(site::needs_anybody(read.settings.approvals));
  folder.shop.put("read.py", as_bytes(std::string_view(R"py(
import tomllib
print(tomllib.load(open("site.toml", "rb"))["approvals"]["needed"], end="")
)py")));
  CHECK(as_text(folder.shop.must("python3 read.py")) ==
        "{'rotate-compromised': 'nobody', 'shred': 'nobody', 'trust-wrapping-key': 'nobody'}");
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
  // Nobody is a word, and no number: zero people would approve anything.
  for (const char* count : {"0", "-1", "101"})
    CHECK(with("security-officer = 2", fmt::format("security-officer = {}", count)).code ==
          "site-invalid");
  CHECK(with("initiator_counts = true", "initiator_counts = 1").code == "json-wrong-type");
  const auto unknown = with("hours = 5", "hours = 5\nhourly = 6");
  CHECK(unknown.code == "site-unknown-field");
  CHECK(unknown.message.find("hourly") != std::string::npos);
  CHECK(unknown.hint.find("docs/formats/site.md") != std::string::npos);
}

// The settings' text with one thing changed, and what comes of it.
Failure with_change(const std::string& from, const std::string& to) {
  std::string changed = site::site_toml(settings());
  const auto at = changed.find(from);
  REQUIRE(at != std::string::npos);
  changed.replace(at, from.size(), to);
  return failure_of([&] { (void)Folder(changed).read(); });
}

TEST_CASE("A policy with a misspelt word, or one that nobody can meet, is refused") {
  const auto operation = with_change("needed.shred]", "needed.shredd]");
  CHECK(operation.code == "policy-operation-unknown");
  CHECK(operation.kind == Kind::kConfig);
  // Every fault is told, so that the file is mended once.
  CHECK(operation.message.find("shredd") != std::string::npos);
  CHECK(operation.message.find("approvals.needed.shred is missing") != std::string::npos);
  CHECK(with_change("[approvals.needed.shred]",
                    "[approvals.needed.Shred]\na = 1\n[approvals.needed.shred]")
            .code == "policy-operation-unknown");
  // Nobody looks for approvals before these, so the line would protect nothing.
  for (const char* act : {"verify-import", "resume", "init-site"}) {
    CHECK(with_change("[approvals.needed.shred]",
                      fmt::format("[approvals.needed.{}]\nsecurity-officer = 1\n"
                                  "[approvals.needed.shred]",
                                  act))
              .code == "policy-operation-unknown");
  }
  CHECK(with_change("security-officer = 2", "security-offcer = 2").code == "policy-role-short");
  CHECK(with_change("security-officer = 2", "security-officer = 3").code == "policy-role-short");
  CHECK(with_change("security-officer = 2", "security-officer = 1").code == "no error");
  CHECK(with_change("[approvals.needed.shred]\nsecurity-officer = 2\n", "").code ==
        "policy-line-missing");
  CHECK(with_change("[approvals.needed.trust-wrapping-key]\nsecurity-officer = 2\n", "").code ==
        "policy-line-missing");
  CHECK(
      with_change("[approvals.needed.shred]\nsecurity-officer = 2\n", "[approvals.needed.shred]\n")
          .code == "site-invalid");
  const std::string first = "[approvals.needed.rotate-compromised]";
  CHECK(with_change(first, "rotate = \"noone\"\n" + first).code == "site-invalid");
  CHECK(with_change(first, "rotate = \"nobody\"\n" + first).code == "no error");
}

TEST_CASE("A policy that needs people needs a roster that can be believed") {
  const Folder folder(site::site_toml(settings()));
  folder.shop.put("roster.toml", as_bytes(roster(1)));
  CHECK(folder.refusal() == "policy-role-short");
  folder.shop.must("rm roster.toml");
  CHECK(folder.refusal() == "policy-role-short");
  folder.shop.put("roster.toml", as_bytes(std::string_view("[[aprover]]\n")));
  CHECK(folder.refusal() == "roster-unknown-field");
  folder.shop.put("roster.toml", as_bytes(roster(2)));
  folder.shop.must("chmod 666 roster.toml");
  CHECK(folder.refusal() == "config-writable-by-others");
}

TEST_CASE("The last signed checkpoint is kept outside, or in the site by that name") {
  const std::string line = "last_signed = \"/var/lib/foo\"";
  CHECK(with_change(line, "last_signed = \"state/last-signed\"").code == "site-invalid");
  CHECK(with_change(line, "last_signed = \"\"").code == "site-invalid");
  auto all = settings();
  all.log.last_signed = "in-site";
  const Folder folder(site::site_toml(all));
  const auto read = folder.read();
  CHECK(read.last_signed() == folder.shop.folder() / "state/last-signed");
  CHECK(read.keeps_last_signed());
  all.log.last_signed = folder.shop.folder() / "apart";
  folder.shop.put("site.toml", as_bytes(site::site_toml(all)));
  CHECK(folder.refusal() == "last-signed-in-site");
  // By way of a link too.
  folder.shop.must("ln -s . link");
  all.log.last_signed = folder.shop.folder() / "link/apart";
  folder.shop.put("site.toml", as_bytes(site::site_toml(all)));
  CHECK(folder.refusal() == "last-signed-in-site");
}

// What keyrite 0.1.0 wrote.
std::string first_version(const std::string& needed) {
  return "format = \"keyrite-site\"\nversion = 1\n[token]\nuri = \"pkcs11:token=Ceremony\"\n"
         "[log]\norigin = \"example.com/foo\"\nkey_id = \"0a0b\"\n"
         "last_signed = \"state/last-signed\"\n[approvals]\nroster = \"roster.toml\"\nhours = 72\n"
         "initiator_counts = false\nuser_verification = false\n[approvals.needed]\n" +
         needed;
}

std::string told_of(const Folder& folder) {
  std::string all;
  for (const auto& sentence : folder.read().weaknesses) all += sentence + "\n";
  return all;
}

TEST_CASE("A site of version 1 is read, and its weaknesses are told") {
  const std::string whole =
      "[approvals.needed.rotate-compromised]\nsecurity-officer = 2\n"
      "[approvals.needed.shred]\nsecurity-officer = 2\n"
      "[approvals.needed.trust-wrapping-key]\nsecurity-officer = 2\n";
  const Folder folder(first_version(whole));
  const auto read = folder.read();
  CHECK(read.settings.version == 1);
  CHECK(read.last_signed() == folder.shop.folder() / "state/last-signed");
  REQUIRE(read.weaknesses.size() == 2);
  CHECK(read.weaknesses[0].find("the site itself keeps the last signed checkpoint") !=
        std::string::npos);
  CHECK(read.weaknesses[1].find("version = 2") != std::string::npos);
  folder.shop.put("site.toml", as_bytes(first_version("[approvals.needed.shredd]\nofficer = 1\n")));
  const std::string told = told_of(folder);
  CHECK(told.find("approvals.needed.shredd: there is no such operation") != std::string::npos);
  CHECK(told.find("needs 1 of role officer, and the roster has 0") != std::string::npos);
  CHECK(told.find("approvals.needed.shred is missing") != std::string::npos);
  CHECK(told.find("approvals.needed.trust-wrapping-key is missing") != std::string::npos);
  folder.shop.put("site.toml", as_bytes(first_version(whole)));
  folder.shop.must("rm roster.toml");
  CHECK(told_of(folder).find("there is no roster") != std::string::npos);
  // Words of version 2 mean nothing there.
  folder.shop.put("site.toml", as_bytes(first_version("shred = \"nobody\"\n")));
  CHECK(folder.refusal() == "json-wrong-type");
  folder.shop.must("sed -i 's/version = 1/version = 3/' site.toml");
  CHECK(folder.refusal() == "site-version");
  folder.shop.must("sed -i 's/keyrite-site/keyrite-bundle/' site.toml");
  CHECK(folder.refusal() == "site-format");
}

TEST_CASE("A folder without site.toml is no site") {
  const Workshop shop;
  const auto refusal = failure_of([&] { (void)site::read_site(shop.folder()); });
  CHECK(refusal.code == "site-missing");
  CHECK(refusal.hint == "name the folder of a site; keyrite init-site makes one");
}

TEST_CASE("A folder that is not there is said to be missing, with the name that was meant") {
  const Workshop shop;
  shop.must("mkdir site");
  const std::string meant = shop.folder() / "site";
  const auto refusal = failure_of([&] { (void)site::read_site(meant + "e"); });
  CHECK(refusal.code == "folder-missing");
  CHECK(refusal.message == "there is no folder " + meant + "e");
  CHECK(refusal.hint == "did you mean " + meant + "?");
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
