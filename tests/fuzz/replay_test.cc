// Each fuzz target over its corpus (corpus/NAME): what libFuzzer found worth keeping, and what once
// broke a target, holds in every build.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <vector>

#include "base/file.h"
#include "fuzz/target.h"

namespace keyrite::fuzz {
namespace KEYRITE_TEST_FILE {

namespace fs = std::filesystem;

const fs::path kCorpus = fs::path(KEYRITE_FUZZ_DIR) / "corpus";

std::vector<fs::path> files_of(std::string_view target) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(kCorpus / target)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// "taken", "refused", or what broke.
std::string replayed(const Target& target, const fs::path& file) {
  try {
    return target.run(read_file(file)) == Outcome::kTaken ? "taken" : "refused";
  } catch (const std::exception& error) {
    return error.what();
  }
}

TEST_CASE("Each file of a fuzz target's corpus keeps the target's properties") {
  for (const Target& target : targets()) {
    CAPTURE(target.name);
    std::set<std::string> outcomes;
    for (const fs::path& file : files_of(target.name)) {
      CAPTURE(file.filename().native());
      const std::string outcome = replayed(target, file);
      const bool held = outcome == "taken" || outcome == "refused";
      CHECK_MESSAGE(held, outcome);
      outcomes.insert(outcome);
    }
    // Else nothing behind the first check would be tried, or no refusal.
    CHECK(outcomes.count("taken") == 1);
    CHECK(outcomes.count("refused") == 1);
  }
}

TEST_CASE("Every fuzz target has a corpus, and every corpus a target") {
  std::set<std::string> folders;
  for (const auto& entry : fs::directory_iterator(kCorpus))
    folders.insert(entry.path().filename().native());
  std::set<std::string> names;
  for (const Target& target : targets()) {
    names.insert(std::string(target.name));
    CHECK(target_named(target.name) == &target);
  }
  CHECK(names.size() == targets().size());
  CHECK(folders == names);
  CHECK(target_named("no-such-target") == nullptr);
}

TEST_CASE("An Error that blames us, or that cannot be printed, breaks a target") {
  CHECK_THROWS_AS(require_plain(Error(Kind::kInternal, "openssl", "no")), Broken);
  CHECK_THROWS_AS(require_plain(Error(Kind::kConfig, "Not a slug", "no")), Broken);
  CHECK_THROWS_AS(require_plain(Error(Kind::kConfig, "code", "\x1b[2J")), Broken);
  CHECK_NOTHROW(require_plain(Error(Kind::kConfig, "file-empty", "it is empty", "fill it")));
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::fuzz
