// An attack that was met left no trace: what was refused before the log was opened was nowhere.
#include <doctest/doctest.h>

#include <filesystem>

#include "cli/site_room.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

// A site with a key to wrap, and parameters of a wrapping key.
struct Ready {
  SiteRoom scene{};
  Ready() {
    if (ready())
      (void)scene.must("generate-kek", {"--type", "aes-256", "--label", "acme", "--for", "aws"});
  }
  [[nodiscard]] bool ready() const { return scene.room().token != nullptr; }
  [[nodiscard]] Words wrap(const std::string& parameters, const std::string& fingerprint) const {
    return {"aws",
            "--label",
            "acme",
            "--parameters",
            scene.room().path(parameters),
            "--wrapping-algorithm",
            "RSAES_OAEP_SHA_1",
            "--expect-wrapping-key",
            fingerprint,
            "--out",
            scene.room().path("bundle")};
  }
  // The error of the entry that a refusal has just left.
  [[nodiscard]] Json trace(std::size_t entries_before) const {
    const auto entries = scene.entries();
    REQUIRE(entries.size() == entries_before + 1);
    const Json& last = entries.back();
    CHECK(last["event"] == "refused");
    CHECK(last["act"] == "wrap-for-import");
    return last["error"];
  }
  [[nodiscard]] std::string fingerprint() const {
    return as_text(scene.room().shop.get("fingerprint"));
  }
};

TEST_CASE("A wrapping key that is not the expected one is in the log, with both fingerprints") {
  const Ready ready;
  if (!ready.ready()) return;
  const auto before = ready.scene.entries().size();
  const std::string wanted(64, 'a');
  ready.scene.refused(ready.scene.run("wrap-for-import", ready.wrap("good.json", wanted)), 6,
                      "wrapping-key-unexpected");
  const Json error = ready.trace(before);
  CHECK(error["code"] == "wrapping-key-unexpected");
  CHECK(error["exit_code"] == 6);
  CHECK(error["expected"] == wanted);
  CHECK(error["found"] == ready.fingerprint());
  (void)ready.scene.must("resume", {});
  CHECK(ready.scene.verify()["unsigned_entries"] == 0);
  ready.scene.check_with_other_programs();
}

TEST_CASE("Parameters that have expired, and a file that holds none, are in the log") {
  const Ready ready;
  if (!ready.ready()) return;
  ready.scene.room().shop.must(
      "sed 's/\"ParametersValidTo\": \"[^\"]*\"/\"ParametersValidTo\": \"2020-01-01T00:00:00Z\"/' "
      "good.json > expired.json && head -c 300 good.json > cut.json");
  auto before = ready.scene.entries().size();
  const auto expired =
      ready.scene.run("wrap-for-import", ready.wrap("expired.json", ready.fingerprint()));
  CHECK(parse_json(as_bytes(expired.out), "out")["error"]["code"] == ready.trace(before)["code"]);
  CHECK(ready.trace(before)["code"] == "parameters-expired");
  before = ready.scene.entries().size();
  const auto cut = ready.scene.run("wrap-for-import", ready.wrap("cut.json", ready.fingerprint()));
  CHECK(cut.exit_code == 3);
  CHECK(parse_json(as_bytes(cut.out), "out")["error"]["code"] == ready.trace(before)["code"]);
}

TEST_CASE("A person's no is in the log, with the fingerprint that was shown") {
  const Ready ready;
  if (!ready.ready()) return;
  Words words = ready.wrap("good.json", {});
  words.erase(words.begin() + 7, words.begin() + 9);  // --expect-wrapping-key and its value
  const auto before = ready.scene.entries().size();
  const auto played =
      run_program(Words{"python3", KEYRITE_SOURCE_DIR "/tests/support/at_terminal.py",
                        Json{{{"expect", "[yes/no] "}}, {{"send", "no\n"}}}.dump(), "--",
                        tool_path("wrap-for-import")} +
                  words + Words{"--site", ready.scene.site(), "--json"});
  CAPTURE(played.err);
  REQUIRE(played.exit_code == 0);
  CHECK(parse_json(as_bytes(played.out), "at_terminal")["exit"] == 6);
  const Json error = ready.trace(before);
  CHECK(error["code"] == "wrapping-key-rejected");
  CHECK(error["found"] == ready.fingerprint());
  CHECK_FALSE(error.contains("expected"));
}

TEST_CASE("A bundle that fails its check is in the log, with what was written down and what is") {
  const Ready ready;
  if (!ready.ready()) return;
  (void)ready.scene.must("wrap-for-import", ready.wrap("good.json", ready.fingerprint()));
  const std::string bundle = ready.scene.room().path("bundle");
  const std::string wanted(64, 'b');
  ready.scene.refused(
      ready.scene.run("verify-import", {"bundle", bundle, "--expect-manifest", wanted}), 6,
      "bundle-manifest-unexpected");
  const auto is = as_text(
      ready.scene.room().shop.must("sha256sum < bundle/manifest.json | cut -c1-64 | tr -d '\\n'"));
  const Json result = ready.scene.entries().back();
  CHECK(result["outcome"] == "refused");
  CHECK(result["error"]["code"] == "bundle-manifest-unexpected");
  CHECK(result["error"]["expected"] == wanted);
  CHECK(result["error"]["found"] == is);
  const Json& facts = result["facts"];
  CHECK(facts["good"] == false);
  CHECK(facts["failed"] == Json{"bundle-manifest-unexpected"});
  CHECK(facts["compared"] ==
        Json{{{"code", "bundle-manifest-unexpected"}, {"expected", wanted}, {"found", is}}});
  // And of answers to it, where no verdict is given at all.
  ready.scene.refused(ready.scene.run("verify-import", {"answers", bundle, "--evidence", bundle,
                                                        "--expect-manifest", wanted}),
                      6, "bundle-manifest-unexpected");
  CHECK(ready.scene.entries().back()["outcome"] == "refused");
  const Json error = ready.scene.entries().back()["error"];
  CHECK(error["code"] == "bundle-manifest-unexpected");
  CHECK(error["expected"] == wanted);
  CHECK(error["found"] == is);
  // A file that is not what the manifest says, and no bundle at all.
  ready.scene.room().shop.must("printf x >> bundle/README.txt");
  ready.scene.refused(ready.scene.run("verify-import", {"bundle", bundle}), 6, "bundle-size");
  CHECK(ready.scene.entries().back()["outcome"] == "refused");
  ready.scene.refused(
      ready.scene.run("verify-import", {"bundle", ready.scene.room().path("nothing")}), 3,
      "folder-missing");
  CHECK(ready.scene.entries().back()["outcome"] == "refused");
  // The next act reads them, and signs them as nobody's word.
  (void)ready.scene.must("resume", {});
  CHECK(ready.scene.verify()["unsigned_entries"] == 0);
}

TEST_CASE("What the command line got wrong, and a dry run, leave no entry") {
  const Ready ready;
  if (!ready.ready()) return;
  const auto before = ready.scene.entries().size();
  ready.scene.refused(ready.scene.run("wrap-for-import", ready.wrap("good.json", "nonsense")), 2,
                      "fingerprint-invalid");
  ready.scene.refused(
      ready.scene.run("wrap-for-import",
                      ready.wrap("good.json", std::string(64, 'a')) + Words{"--dry-run"}),
      6, "wrapping-key-unexpected");
  CHECK(ready.scene.entries().size() == before);
}

TEST_CASE("Where the log cannot be opened, what was refused still comes first") {
  const Ready ready;
  if (!ready.ready()) return;
  const auto before = ready.scene.entries().size();
  Words words = Words{"flock", ready.scene.site("transcript/lock"), tool_path("wrap-for-import")} +
                ready.wrap("good.json", std::string(64, 'a')) +
                Words{"--site", ready.scene.site(), "--json"};
  const auto run = run_program(words);
  ready.scene.refused(run, 6, "wrapping-key-unexpected");
  CHECK(run.err.find("keyrite cannot log this refusal: ") != std::string::npos);
  CHECK(ready.scene.entries().size() == before);
}
}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
