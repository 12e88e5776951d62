// What people hand to the tools by mistake, through the real programs against a throw-away token:
// each mistake has its own exit code and error code, a hint, and leaves nothing behind.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "cli/room.h"
#include "support/program.h"
#include "support/skip.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

struct Mistake {
  std::string what{};
  int exit_code{};
  std::string code{};
  bool has_hint{true};
};

// The program refuses with this exit code, this error code and a hint, where there is one.
void check_refused(const Words& words, const Mistake& mistake, const ProgramSettings& with = {}) {
  CAPTURE(mistake.what);
  const auto run = run_program(words + Words{"--json"}, with);
  CAPTURE(run.err);
  CHECK(run.exit_code == mistake.exit_code);
  const Json document = parse_json(as_bytes(run.out), "output");
  REQUIRE(document.contains("error"));
  CHECK(document["error"]["code"] == mistake.code);
  CHECK(document["error"].contains("hint") == mistake.has_hint);
  CHECK((run.err.find(": hint: ") != std::string::npos) == mistake.has_hint);
}

void check_no_bundle(const Room& room, const std::string& out) {
  CHECK_FALSE(std::filesystem::exists(room.path(out)));
  // No temporary folder beside it either.
  for (const auto& entry : std::filesystem::directory_iterator(room.shop.folder())) {
    CHECK(entry.path().filename().native().find(out) == std::string::npos);
  }
}

TEST_CASE("Import parameters of AWS that cannot be used are refused one by one") {
  const Room room;
  if (!room.token) return;
  room.make_key("aes-256", "acme", {"--for", "aws"});
  const std::vector<Mistake> mistakes{
      {"expired", 3, "parameters-expired"},
      {"truncated-key", 3, "public-key-invalid"},
      {"not-base64", 3, "not-base64"},
      {"pem-armoured", 3, "public-key-is-pem"},
      {"rsa-1024", 3, "wrapping-key-size"},
      {"exponent-3", 3, "wrapping-key-exponent"},
      {"ec-key", 3, "wrapping-key-not-rsa"},
      {"cut", 3, "json-invalid"},
      {"duplicate", 3, "json-duplicate-key"},
      {"deep", 3, "json-too-deep"},
      {"escaped-nul", 3, "json-nul-byte"},
      {"raw-nul", 3, "json-nul-byte"},
      {"empty", 3, "file-empty"},
      {"list", 3, "json-wrong-type", false},
      {"huge", 3, "file-too-large"},
      {"absent", 3, "file-unreadable"},
  };
  for (const auto& mistake : mistakes) {
    check_refused(room.wrap_for_aws(mistake.what + ".json", "acme", "new-bundle") + room.at_token(),
                  mistake);
    check_no_bundle(room, "new-bundle");
  }
}

TEST_CASE("Import jobs and key-exchange keys that cannot be used are refused one by one") {
  const Room room;
  if (!room.token) return;
  room.make_key("rsa-2048", "acme", {"--extractable"});
  const auto words = [&](const char* cloud, const std::string& file) {
    return Words{tool_path("wrap-for-import"),
                 cloud,
                 "--label",
                 "acme",
                 "--parameters",
                 room.path(file + ".json"),
                 "--out",
                 room.path("new-bundle"),
                 "--expect-wrapping-key",
                 std::string(64, '0')} +
           room.at_token();
  };
  for (const auto& mistake : {Mistake{"pending-job", 3, "import-job-not-active"},
                              Mistake{"other-size-job", 3, "import-method-key-size"}}) {
    check_refused(words("google", mistake.what), mistake);
  }
  check_refused(words("azure", "kid-without-version"),
                {"kid-without-version", 3, "kid-without-version"});
  check_no_bundle(room, "new-bundle");
}

TEST_CASE("Keys that must not be wrapped, and keys that are not named well, are refused") {
  const Room room;
  if (!room.token) return;
  room.make_key("aes-256", "stays", {"--usage", "encrypt"});
  room.make_key("aes-256", "trusted", {"--for", "aws", "--wrap-with-trusted"});
  room.shop.must(
      "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out twin.pem 2>/dev/null");
  for (const char* id : {"01", "02"}) {
    room.shop.must(std::string("softhsm2-util --import twin.pem --token TEST-soft --pin user-1234 "
                               "--label twin --force --id ") +
                   id);
  }
  const std::vector<Mistake> mistakes{{"stays", 4, "key-not-extractable"},
                                      {"trusted", 4, "target-needs-trusted-wrapping-key"},
                                      {"twin", 4, "object-ambiguous"},
                                      {"nobody", 4, "object-not-found"}};
  for (const auto& mistake : mistakes) {
    check_refused(room.wrap_for_aws("good.json", mistake.what, "new-bundle") + room.at_token(),
                  mistake);
    check_no_bundle(room, "new-bundle");
  }
}

TEST_CASE("A wrong PIN, a token that is absent and an output that exists are told apart") {
  const Room room;
  if (!room.token) return;
  room.make_key("aes-256", "acme", {"--for", "aws"});
  const Words wrap = room.wrap_for_aws("good.json", "acme", "new-bundle");
  check_refused(wrap + room.at_token("wrong-pin"), {"wrong PIN", 5, "pin-wrong"});
  const Words absent{"--module",   room.token->module.path.value(),
                     "--token",    "pkcs11:token=NOPE",
                     "--pin-file", room.path("pin")};
  check_refused(wrap + absent, {"token absent", 4, "token-not-found"});
  const Words make{tool_path("generate-kek"), "--type", "aes-256", "--label", "other"};
  check_refused(make + room.at_token("wrong-pin"), {"wrong PIN", 5, "pin-wrong"});
  check_refused(make + absent + Words{"--dry-run"}, {"token absent", 4, "token-not-found"});
  check_refused(Words{tool_path("token-check")} + room.at_token("wrong-pin"),
                {"wrong PIN", 5, "pin-wrong"});
  check_no_bundle(room, "new-bundle");
  room.shop.put("new-bundle", as_bytes("mine\n"));
  check_refused(wrap + room.at_token(), {"output exists", 2, "output-exists"});
  CHECK(as_text(room.shop.get("new-bundle")) == "mine\n");
  const Words pair{
      tool_path("generate-kek"), "--type", "ec-p256", "--label", "other", "--public-out",
      room.path("new-bundle")};
  check_refused(pair + room.at_token(), {"output exists", 2, "output-exists"});
}

TEST_CASE(
    "A dry run looks at the token: a taken label is refused, and a random id is called random") {
  const Room room;
  if (!room.token) return;
  room.make_key("aes-256", "acme", {});
  const auto dry = [&](const std::string& label) {
    return Words{tool_path("generate-kek"), "--type", "aes-256", "--label", label, "--dry-run"} +
           room.at_token();
  };
  check_refused(dry("acme"), {"label taken", 4, "label-taken"});
  const auto run = run_program(dry("other") + Words{"--json"});
  CHECK(run.exit_code == 0);
  CHECK(parse_json(as_bytes(run.out), "output")["plan"]["id"] == "random");
  CHECK(run.err.find("(id random)") != std::string::npos);
}

TEST_CASE("A key whose report cannot be written is named in the error, exit 8") {
  const Room room;
  if (!room.token) return;
  const auto run = run_program(
      Words{tool_path("generate-kek"), "--type", "aes-256", "--label", "unheard", "--json"} +
          room.at_token(),
      {.out_path = "/dev/full"});
  CHECK(run.exit_code == 8);
  CHECK(run.err.find("the key \"unheard\", id ") != std::string::npos);
  check_refused(
      Words{tool_path("generate-kek"), "--type", "aes-256", "--label", "unheard"} + room.at_token(),
      {"it is there", 4, "label-taken"});
}

TEST_CASE("A bundle whose report cannot be written is named in the error, exit 8") {
  const Room room;
  if (!room.token) return;
  room.make_key("aes-256", "acme", {"--for", "aws"});
  const auto run = run_program(
      room.wrap_for_aws("good.json", "acme", "unheard") + Words{"--json"} + room.at_token(),
      {.out_path = "/dev/full"});
  CHECK(run.exit_code == 8);
  CHECK(run.err.find("wrap-for-import: code: bundle-made-unreported ") != std::string::npos);
  CHECK(run_program({tool_path("verify-import"), "bundle", room.path("unheard")}).exit_code == 0);
}

// `words` as a user who is not root; empty when that cannot be done here.
Words as_nobody(const Words& words) {
  if (::geteuid() != 0) return words;
  if (!std::filesystem::exists("/usr/bin/setpriv")) {
    skip("root reads everything, and there is no setpriv to be somebody else");
    return {};
  }
  return Words{"/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"} +
         words;
}

// Both are found before the token is opened, so nothing of the token needs to be opened to somebody
// else.
TEST_CASE(
    "A file that may not be read and a folder that may not be written are told with the reason") {
  namespace fs = std::filesystem;
  const Room room;
  if (!room.token) return;
  const fs::path open_folder = room.shop.folder() / "shared";
  fs::create_directory(open_folder);
  fs::permissions(room.shop.folder(), fs::perms(0711));
  fs::permissions(open_folder, fs::perms(0755));
  fs::create_directory(room.shop.folder() / "anyone");
  fs::permissions(room.shop.folder() / "anyone", fs::perms(0777));
  fs::copy_file(room.path("good.json"), open_folder / "unreadable.json");
  fs::permissions(open_folder / "unreadable.json", fs::perms::none);
  fs::copy_file(room.path("good.json"), open_folder / "readable.json");
  fs::permissions(open_folder / "readable.json", fs::perms(0644));
  const auto words = [&](const char* file, const std::string& out) {
    Words wrap = room.wrap_for_aws(std::string("shared/") + file, "acme", out);
    return as_nobody(wrap + Words{"--module", room.token->module.path.value(), "--token",
                                  room.token->uri, "--pin-fd", "0"});
  };
  const auto unreadable = words("unreadable.json", "anyone/out");
  if (unreadable.empty()) return;
  check_refused(unreadable, {"unreadable file", 3, "file-unreadable"});
  check_refused(words("readable.json", "shared/out"), {"unwritable folder", 1, "file-unwritable"});
  CHECK_FALSE(fs::exists(open_folder / "out"));
}

// A file system with room for almost nothing, in a mount namespace of its own.
constexpr const char* kOnFullDisk = R"sh(
mkdir -p "$1" && mount -t tmpfs -o size=8k tmpfs "$1" || exit 77
folder=$1; fill=$2; shift 2
[ "$fill" = 0 ] || head -c "$fill" /dev/zero > "$folder/filling"
"$@"; code=$?
ls -A "$folder" | grep -v '^filling$' >&2 && exit 99
exit $code
)sh";

Words on_full_disk(const Room& room, const std::string& filling, const Words& words) {
  room.shop.put("full.sh", as_bytes(std::string_view(kOnFullDisk)));
  return Words{"unshare", "-m", "sh", room.path("full.sh"), room.path("full"), filling} + words;
}

bool can_mount(const Room& room) {
  if (::geteuid() == 0 && run_program(on_full_disk(room, "0", {"true"})).exit_code == 0)
    return true;
  skip("a small file system of one's own can be mounted by root only");
  return false;
}

TEST_CASE("On a full disk neither half a bundle nor a key without its file is left") {
  const Room room;
  if (!room.token || !can_mount(room)) return;
  room.make_key("aes-256", "acme", {"--for", "aws"});
  check_refused(
      on_full_disk(room, "0", room.wrap_for_aws("good.json", "acme", "full/out") + room.at_token()),
      {"bundle on a full disk", 1, "file-unwritable"});
  const Words pair =
      Words{tool_path("generate-kek"), "--type", "ec-p256", "--label", "pair", "--public-out",
            room.path("full/k.pem")} +
      room.at_token();
  const auto run = run_program(on_full_disk(room, "8192", pair + Words{"--json"}));
  CAPTURE(run.err);
  CHECK(run.exit_code == 1);
  const Json error = parse_json(as_bytes(run.out), "output")["error"];
  CHECK(error["code"] == "file-unwritable");
  CHECK(error["message"].get<std::string>().ends_with(": No space left on device"));
  // keyrite looks before it makes the key: its label is free.
  room.make_key("ec-p256", "pair", {});
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
