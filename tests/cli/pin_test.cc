#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "support/command.h"
#include "support/program.h"
#include "support/skip.h"

namespace keyrite {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;
using test::ProgramRun;
using test::ProgramSettings;
using test::Workshop;

ProgramRun take_pin(const std::vector<std::string>& options, const ProgramSettings& settings = {}) {
  std::vector<std::string> words{KEYRITE_PROBE, "pin", "--json"};
  if (std::find(options.begin(), options.end(), "--token") == options.end()) {
    words.insert(words.end(), {"--token", "pkcs11:token=t"});
  }
  words.insert(words.end(), options.begin(), options.end());
  return test::run_program(words, settings);
}

Json result_of(const ProgramRun& run) {
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  return parse_json(as_bytes(run.out), "output")["result"];
}

void check_refused(const ProgramRun& run, const std::string& code, int exit_code) {
  CAPTURE(code);
  CHECK(parse_json(as_bytes(run.out), "output")["error"]["code"] == code);
  CHECK(run.exit_code == exit_code);
  CHECK(run.err.find("1234") == std::string::npos);
}

std::string put(const Workshop& shop, const std::string& name, const std::string& content,
                mode_t mode = 0600) {
  const auto path = shop.put(name, as_bytes(content));
  REQUIRE(chmod(path.c_str(), mode) == 0);
  return path.string();
}

const Json kPin{to_hex(as_bytes("1234"))};

TEST_CASE("A PIN file gives its content without one trailing newline") {
  const Workshop shop;
  CHECK(result_of(take_pin({"--pin-file", put(shop, "bare", "1234")})) == kPin);
  CHECK(result_of(take_pin({"--pin-file", put(shop, "line", "1234\n")})) == kPin);
  CHECK(result_of(take_pin({"--pin-file", put(shop, "read-only", "1234\n", 0400)})) == kPin);
  // Only one: what more there is would be sent to the token.
  check_refused(take_pin({"--pin-file", put(shop, "two", "1234\n\n")}), "pin-line-break", 5);
  CHECK(result_of(take_pin({"--so", "--so-pin-file", put(shop, "so", "1234")})) == kPin);
}

TEST_CASE("A PIN file that others may use is refused") {
  const Workshop shop;
  for (const mode_t mode : {0640U, 0604U, 0660U, 0610U, 0622U}) {
    check_refused(take_pin({"--pin-file", put(shop, "open", "1234", mode)}), "pin-file-mode", 3);
  }
}

TEST_CASE("A PIN file of another user is refused") {
  if (geteuid() != 0) return test::skip("only root can give a file away");
  const Workshop shop;
  const auto path = put(shop, "other", "1234");
  REQUIRE(chown(path.c_str(), 54321, 0) == 0);
  check_refused(take_pin({"--pin-file", path}), "pin-file-owner", 3);
}

TEST_CASE("A PIN file must be a regular file and not a link to one") {
  const Workshop shop;
  const auto file = put(shop, "file", "1234");
  fs::create_symlink(file, shop.folder() / "link");
  REQUIRE(mkfifo((shop.folder() / "fifo").c_str(), 0600) == 0);
  for (const std::string name : {"link", "fifo", ".", "missing"}) {
    check_refused(take_pin({"--pin-file", (shop.folder() / name).string()}), "pin-file-unreadable",
                  3);
  }
}

TEST_CASE("An empty and an endless PIN are refused") {
  const Workshop shop;
  check_refused(take_pin({"--pin-file", put(shop, "empty", "")}), "pin-empty", 5);
  check_refused(take_pin({"--pin-file", put(shop, "newline", "\n")}), "pin-empty", 5);
  // A file written on another system would spend a try of the PIN.
  check_refused(take_pin({"--pin-file", put(shop, "crlf", "1234\r\n")}), "pin-line-break", 5);
  check_refused(take_pin({"--pin-file", put(shop, "lines", "1234\n5678\n")}), "pin-line-break", 5);
  check_refused(take_pin({"--pin-file", put(shop, "long", std::string(1025, '1'))}), "pin-too-long",
                5);
  CHECK(take_pin({"--pin-file", put(shop, "longest", std::string(1024, '1') + "\n")}).exit_code ==
        0);
}

TEST_CASE("What no keyboard types as a PIN is refused before the token sees it") {
  const Workshop shop;
  using namespace std::string_literals;
  check_refused(take_pin({"--pin-file", put(shop, "bom",
                                            "\xef\xbb\xbf"
                                            "1234")}),
                "pin-not-text", 5);
  check_refused(take_pin({"--pin-file", put(shop, "le",
                                            "\xff\xfe"
                                            "1\0002\0003\0004\000"s)}),
                "pin-not-text", 5);
  check_refused(take_pin({"--pin-file", put(shop, "be", "\xfe\xff\0001\0002\0003\0004"s)}),
                "pin-not-text", 5);
  check_refused(take_pin({"--pin-file", put(shop, "bare16", "1\0002\0003\0004\000"s)}),
                "pin-not-text", 5);
  check_refused(take_pin({"--pin-file", put(shop, "latin1",
                                            "gr\xfc\xdf"
                                            "e")}),
                "pin-not-text", 5);
  CHECK(result_of(take_pin({"--pin-file", put(shop, "utf8",
                                              "gr\xc3\xbc\xc3\x9f"
                                              "e\n")})) == Json{to_hex(as_bytes("gr\xc3\xbc\xc3\x9f"
                                                                                "e"))});
}

TEST_CASE("A shell's process substitution is told of --pin-fd") {
  const auto run = test::run_program(
      {"bash", "-c", KEYRITE_PROBE " pin --json --token pkcs11:token=t --pin-file <(echo 1234)"});
  check_refused(run, "pin-file-unreadable", 3);
  CHECK(run.err.find("--pin-fd 3 3< <(command)") != std::string::npos);
}

TEST_CASE("A descriptor gives its PIN once: what has its number later is not sent to the token") {
  CHECK(result_of(take_pin({"--pin-fd", "0"}, {.input = "1234\n"})) == kPin);
  check_refused(take_pin({"--pin-fd", "0", "--twice"}, {.input = "1234\n"}), "pin-fd-unreadable",
                3);
  CHECK(result_of(take_pin({"--so", "--so-pin-fd", "0"}, {.input = "1234\n"})) == kPin);
  check_refused(take_pin({"--pin-fd", "0"}), "pin-empty", 5);
  check_refused(take_pin({"--pin-fd", "99"}), "pin-fd-unreadable", 3);
  check_refused(take_pin({"--pin-fd", "4294967295"}), "pin-fd-unreadable", 3);
  check_refused(take_pin({"--pin-fd", "-1"}), "value-not-a-number", 2);
}

TEST_CASE("The systemd credential is used when no source is named") {
  const Workshop shop;
  const ProgramSettings settings{
      .environment = {{"CREDENTIALS_DIRECTORY", shop.folder().string()}}};
  check_refused(take_pin({}, settings), "pin-no-source", 2);
  put(shop, "keyrite-pin", "1234\n", 0440);
  CHECK(result_of(take_pin({}, settings)) == kPin);
  check_refused(take_pin({"--so"}, settings), "pin-no-source", 2);
  put(shop, "keyrite-so-pin", "so");
  CHECK(result_of(take_pin({"--so"}, settings)) == Json{to_hex(as_bytes("so"))});
  CHECK(result_of(take_pin({"--pin-file", put(shop, "named", "other")}, settings)) ==
        Json{to_hex(as_bytes("other"))});
  put(shop, "keyrite-pin", "1234\n", 0444);
  check_refused(take_pin({}, settings), "pin-file-mode", 3);
}

TEST_CASE("pin-source in the URI is a file and nothing else") {
  const Workshop shop;
  const auto path = put(shop, "pin", "1234\n");
  for (const std::string prefix : {"file:", "file://", "file://localhost", ""}) {
    CHECK(result_of(take_pin({"--token", "pkcs11:token=t?pin-source=" + prefix + path})) == kPin);
  }
  for (const std::string source :
       {"|cat", "file:relative", "https://a/b", "file://elsewhere/pin"}) {
    CAPTURE(source);
    check_refused(take_pin({"--token", "pkcs11:token=t?pin-source=" + source}),
                  "pin-source-unsupported", 2);
  }
  check_refused(take_pin({"--token", "pkcs11:token=t?pin-value=1234"}), "uri-has-pin-value", 2);
}

TEST_CASE("Two sources for one PIN are refused before any is read") {
  const Workshop shop;
  const auto file = put(shop, "pin", "1234");
  const std::string uri = "pkcs11:token=t?pin-source=file:" + file;
  check_refused(take_pin({"--pin-file", file, "--pin-fd", "0"}), "pin-sources-conflict", 2);
  check_refused(take_pin({"--token", uri, "--pin-fd", "0"}), "pin-sources-conflict", 2);
  check_refused(take_pin({"--token", uri, "--pin-file", file}), "pin-sources-conflict", 2);
  check_refused(take_pin({"--so-pin-file", file, "--so-pin-fd", "0"}), "pin-sources-conflict", 2);
  check_refused(take_pin({"--pin-fd", "0", "--so-pin-fd", "0"}), "pin-sources-conflict", 2);
}

TEST_CASE("A token with a PIN pad is not given a PIN unless a source is named") {
  CHECK(result_of(take_pin({"--pin-pad"})) == Json{nullptr});
  CHECK(result_of(take_pin({"--pin-pad", "--pin-fd", "0"}, {.input = "1234"})) == kPin);
}

TEST_CASE("What is no PIN of the token by its length is not sent to it") {
  const Workshop shop;
  for (const std::string pin : {"123", "123412341"}) {
    check_refused(take_pin({"--bounded", "--pin-file", put(shop, pin, pin)}), "pin-length", 5);
    CHECK(result_of(take_pin({"--pin-file", put(shop, pin, pin)})).size() == 1);
  }
  CHECK(result_of(take_pin({"--bounded", "--pin-file", put(shop, "pin", "12341234")})).size() == 1);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite
