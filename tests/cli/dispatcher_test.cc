#include <doctest/doctest.h>

#include "cli/document_schema.h"

#include <string>
#include <vector>

#include "support/command.h"
#include "support/program.h"
#include "support/skip.h"

namespace keyrite {
namespace KEYRITE_TEST_FILE {

using test::run_program;

TEST_CASE("keyrite without a tool lists the tools") {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{KEYRITE_DISPATCHER},
        std::vector<std::string>{KEYRITE_DISPATCHER, "--help"},
        std::vector<std::string>{KEYRITE_DISPATCHER, "help"}}) {
    const auto run = run_program(words);
    CHECK(run.exit_code == 0);
    CHECK(run.err.empty());
    for (const std::string tool : {"token-check", "approve", "generate-kek", "wrap-for-import",
                                   "verify-import", "transcript"}) {
      CHECK(run.out.find("\n  " + tool + " ") != std::string::npos);
    }
  }
  CHECK(run_program({KEYRITE_DISPATCHER, "--version"}).out == "keyrite 0.2.0\n");
}

TEST_CASE("An unknown tool is exit 2 and the nearest one is named") {
  const auto run = run_program({KEYRITE_DISPATCHER, "generate-key"});
  CHECK(run.exit_code == 2);
  CHECK(run.out.empty());
  CHECK(run.err ==
        "keyrite: error: there is no tool \"generate-key\"\n"
        "keyrite: hint: did you mean generate-kek? keyrite --help lists the tools\n"
        "keyrite: code: tool-unknown (keyrite explain tool-unknown)\n");
  CHECK(run_program({KEYRITE_DISPATCHER, "help", "zzz"}).exit_code == 2);
  CHECK(run_program({KEYRITE_DISPATCHER, "--json", "generate-kek"}).exit_code == 2);
  CHECK(run_program({KEYRITE_DISPATCHER, "--version", "more"}).exit_code == 2);
  CHECK(run_program({KEYRITE_DISPATCHER, "../libexec/keyrite/generate-kek"}).exit_code == 2);
}

TEST_CASE("With --json an unknown tool is a document, and --version is one") {
  const auto unknown = run_program({KEYRITE_DISPATCHER, "generate-key", "--json=compact"});
  CHECK(unknown.exit_code == 2);
  CHECK(unknown.out.find(R"({"keyrite":"keyrite","version":1,"error":{"code":"tool-unknown",)") ==
        0);
  const auto version = run_program({KEYRITE_DISPATCHER, "--version", "--json=compact"});
  CHECK(version.exit_code == 0);
  CHECK(version.out.find(R"({"keyrite":"keyrite","version":1,"result":{"version":")") == 0);
  CHECK(version.out.find(R"({"name":"OpenSSL","version":"3.)") != std::string::npos);
  CHECK(test::document_objection(parse_json(as_bytes(version.out), "output")) == "");
  CHECK(test::document_objection(parse_json(as_bytes(unknown.out), "output")) == "");
  CHECK(run_program({KEYRITE_DISPATCHER, "--version", "--json=pretty"}).exit_code == 2);
}

TEST_CASE("A dispatcher without its tools says what it cannot start") {
  const test::Workshop shop;
  shop.must(std::string("cp ") + KEYRITE_DISPATCHER + " keyrite");
  const auto run = run_program({(shop.folder() / "keyrite").native(), "resume"});
  CHECK(run.exit_code == 3);
  CHECK(run.err.find("keyrite: code: tool-not-startable ") != std::string::npos);
  CHECK(run.err.find("install keyrite as a whole") != std::string::npos);
}

TEST_CASE("Without /proc the dispatcher says that it is missing, and not that keyrite is") {
  const test::Workshop shop;
  const std::string hide = "mount -t tmpfs none /proc && exec '" KEYRITE_DISPATCHER "' resume";
  // As root, or else as root of a namespace of one's own.
  std::string unshare = "unshare -m";
  if (shop.run(unshare + " true").exit_code != 0) unshare = "unshare -rm";
  if (shop.run(unshare + " true").exit_code != 0) {
    test::skip("no mount namespace can be made here (unshare -m, unshare -rm)");
    return;
  }
  const auto run = run_program({"sh", "-c", unshare + " sh -c \"$0\"", hide});
  CAPTURE(run.err);
  CHECK(run.exit_code == 3);
  CHECK(run.err.find("keyrite: code: tool-not-startable ") != std::string::npos);
  CHECK(run.err.find("hint: mount /proc") != std::string::npos);
  CHECK(run.err.find("install keyrite") == std::string::npos);
}

TEST_CASE("What needs a site says so where there is none") {
  const auto resume = run_program({KEYRITE_DISPATCHER, "resume", "--token", "pkcs11:token=none"});
  CHECK(resume.exit_code == 2);
  CHECK(resume.err.find("resume: code: site-not-given ") != std::string::npos);
  const auto approved =
      run_program({KEYRITE_DISPATCHER, "generate-kek", "--token", "pkcs11:token=none", "--label",
                   "acme", "--type", "aes-256", "--approval", "/nowhere/a.sig"});
  CHECK(approved.exit_code == 2);
  CHECK(approved.err.find("generate-kek: code: approval-without-site ") != std::string::npos);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite
