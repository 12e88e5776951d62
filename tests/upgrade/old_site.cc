#include "upgrade/old_site.h"

#include <doctest/doctest.h>

#include <filesystem>

#include "support/skip.h"

namespace keyrite::test {
namespace {

constexpr const char* kSoftHsm = "/usr/lib/softhsm/libsofthsm2.so";

// git keeps no modes, and the paths are those of another machine.
constexpr const char* kMoveHere = R"sh(set -e
cp -R "$SOURCE" old
chmod -R u=rwX,go= old
cd old
printf 'directories.tokendir = %s/token/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$PWD" \
  > token/softhsm2.conf
sed -i -e "s|^module = .*|module = \"$MODULE\"|" -e "s|^pin_file = .*|pin_file = \"$PWD/token/pin\"|" \
  -e "s|^so_pin_file = .*|so_pin_file = \"$PWD/token/so-pin\"|" site/site.toml
)sh";

}  // namespace

OldSite::OldSite() : has_token_(std::filesystem::exists(kSoftHsm)) {
  if (!has_token_) skip(std::string("SoftHSMv2 is not installed: ") + kSoftHsm);
  shop_.put("move.sh", as_bytes(std::string_view(kMoveHere)));
  shop_.must(std::string("SOURCE=" KEYRITE_SOURCE_DIR "/tests/upgrade/made-by-0.1.0 MODULE=") +
             kSoftHsm + " sh move.sh");
}

ProgramRun OldSite::run(std::vector<std::string> words) const {
  words.front() = tool_path(words.front());
  words.emplace_back("--json");
  return run_program(words, {.environment = {{"SOFTHSM2_CONF", path("token/softhsm2.conf")}}});
}

Json OldSite::result(std::vector<std::string> words, int exit_code) const {
  const auto done = run(std::move(words));
  INFO(done.err);
  REQUIRE(done.exit_code == exit_code);
  return Json::parse(done.out).at("result");
}

std::string OldSite::refusal(std::vector<std::string> words, int exit_code) const {
  const auto done = run(std::move(words));
  INFO(done.err);
  CHECK(done.exit_code == exit_code);
  return Json::parse(done.out).at("error").at("code");
}

void OldSite::ask_no_approvals() const {
  shop_.must("sed -i '/^.approvals.needed.generate-kek.$/,$d' old/site/site.toml");
}

}  // namespace keyrite::test
