#include <doctest/doctest.h>

#include "cli/site_scene.h"

namespace keyrite::test {
namespace KEYRITE_TEST_FILE {

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string error_code(const SiteScene& scene, std::vector<std::string> words) {
  words.emplace_back("--json");
  const auto run = scene.run(std::move(words));
  CHECK(run.exit_code != 0);
  return Json::parse(run.out).at("error").at("code");
}

// The numbers of the entries that are shown.
std::vector<int> shown(const SiteScene& scene, std::vector<std::string> words) {
  words.insert(words.begin(), {"show", "SITE"});
  std::vector<int> indexes;
  const Json result = scene.result(std::move(words));
  for (const auto& one : result.at("entries")) indexes.push_back(one.at("index"));
  return indexes;
}

TEST_CASE("A site and its transcript's folder are the same transcript, and name the site's vkeys") {
  const SiteScene scene;
  for (const std::string& folder :
       {scene.site(), scene.site() + "/transcript", scene.site() + "/transcript/"}) {
    const auto run = scene.run({"verify", folder});
    CHECK(run.exit_code == 0);
    CHECK(says(run.err, "the checkpoint signs 8 entries"));
    CHECK(says(run.err, "The vkeys come from the site itself"));
    CHECK(says(run.err, "COMPARE them"));
    const Json result = scene.result({"verify", folder});
    CHECK(result.at("vkeys_from") == "site");
    CHECK(result.at("size") == 8);
  }
}

TEST_CASE("Given vkeys are used in the place of the site's, and nothing is said of these") {
  const SiteScene scene;
  const std::string own = scene.get("vkeys").substr(0, scene.get("vkeys").size() - 1);
  const LogScene stranger(0);
  scene.put("vkeys", stranger.ed25519().text() + "\n");
  CHECK(error_code(scene, {"verify", "SITE"}) == "note-unsigned");
  const auto run = scene.run({"verify", "SITE", "--vkey", own});
  CHECK(run.exit_code == 0);
  CHECK_FALSE(says(run.err, "come from the site itself"));
  CHECK(scene.result({"verify", "SITE", "--vkey", own}).at("vkeys_from") == "given");
}

TEST_CASE("A file of the site that is given as vkey is the site's own word all the same") {
  const SiteScene scene;
  const auto own = scene.site() + "/vkeys";
  const auto run = scene.run({"verify", "SITE", "--vkey", own});
  CHECK(run.exit_code == 0);
  CHECK(says(run.err, "The vkeys come from the site itself"));
  CHECK(scene.result({"verify", "SITE", "--vkey", own}).at("vkeys_from") == "site");
  // By another way into the same folder, and in the folder of a transcript without a site.
  scene.shop().must("ln -s site way && cp -r site/transcript apart && cp site/vkeys apart/vkeys");
  CHECK(scene.result({"verify", "SITE", "--vkey", scene.path("way/vkeys")}).at("vkeys_from") ==
        "site");
  CHECK(scene.result({"verify", scene.path("apart"), "--vkey", scene.path("apart/vkeys")})
            .at("vkeys_from") == "site");
  scene.shop().must("cp site/vkeys noted");
  CHECK(scene.result({"verify", "SITE", "--vkey", scene.path("noted")}).at("vkeys_from") ==
        "given");
}

TEST_CASE("Without a site somebody must say whose keys, and a site may have lost its own") {
  const SiteScene scene;
  scene.shop().must("cp -r site/transcript apart");
  const auto run = scene.run({"verify", scene.path("apart")});
  CHECK(run.exit_code == 2);
  CHECK(says(run.err, "is not part of a site that names its keys, and --vkey is not given"));
  CHECK(says(run.err, "hint: give the vkey that was noted when the site was made"));
  CHECK(error_code(scene, {"verify", scene.path("apart")}) == "vkey-missing");
  CHECK(error_code(scene, {"show", scene.path("nowhere")}) == "folder-missing");
  scene.put("vkeys", "\n");
  CHECK(error_code(scene, {"verify", "SITE"}) == "vkey-file-empty");
  scene.shop().must("rm site/vkeys");
  CHECK(error_code(scene, {"verify", "SITE"}) == "file-unreadable");
}

TEST_CASE("show takes the entries that python3 takes, for each filter and for all of them") {
  const SiteScene scene;
  const auto python = [&](const std::string& condition) {
    scene.shop().put("filter.py", as_bytes(R"(
import json
for e in map(json.loads, open('site/transcript/log.jsonl', encoding='utf-8')):
    names = [v for k in e.get('keys', []) for v in k.values()]
    if )" + condition + R"(:
        print(e['seq'])
)"));
    std::vector<int> indexes;
    const std::string out = as_text(scene.shop().must("python3 filter.py"));
    for (std::size_t at = 0; at < out.size(); at = out.find('\n', at) + 1)
      indexes.push_back(std::stoi(out.substr(at)));
    return indexes;
  };
  CHECK(shown(scene, {}) == python("True"));
  CHECK(shown(scene, {"--act", "generate-kek"}) == python("e['act'] == 'generate-kek'"));
  CHECK(shown(scene, {"--act", "generate"}).empty());
  CHECK(shown(scene, {"--key", kFirstKey}) == python(std::string("'") + kFirstKey + "' in names"));
  CHECK(shown(scene, {"--key", "A1B2C3"}) == python("'a1b2c3' in names"));
  CHECK(shown(scene, {"--key", "d4e5f6"}) == std::vector<int>{7});
  CHECK(shown(scene, {"--key", "d4e5"}).empty());
  CHECK(shown(scene, {"--run", kThirdRun}) == std::vector<int>{4, 5});
  CHECK(shown(scene, {"--run", "FEDCBA98"}) == std::vector<int>{4, 5});
  CHECK(shown(scene, {"--since", "2026-03-01T10:00:02Z"}) ==
        python("e.get('time', '') >= '2026-03-01T10:00:02Z'"));
  CHECK(shown(scene, {"--until", "2026-03-01T11:00:02+01:00"}) ==
        python("'time' in e and e['time'] <= '2026-03-01T10:00:02Z'"));
  // A day means its start, or its end.
  for (const std::string day : {"2026-03-01", "2026-03-02"}) {
    CHECK(shown(scene, {"--since", day}) == python("e.get('time', '') >= '" + day + "T00:00:00Z'"));
    CHECK(shown(scene, {"--until", day}) ==
          python("'time' in e and e['time'] <= '" + day + "T23:59:59Z'"));
  }
  CHECK(shown(scene, {"--since", "2026-03-01T09:00:01Z", "--until", "2026-03-02T10:00:00Z", "--key",
                      "a1b2c3", "--act", "generate-kek"}) == std::vector<int>{2, 3});
}

TEST_CASE("show refuses filters that mean nothing") {
  const SiteScene scene;
  CHECK(error_code(scene, {"show", "SITE", "--key", "acme"}) == "key-not-hex");
  CHECK(error_code(scene, {"show", "SITE", "--run", "fedcba9"}) == "run-not-hex");
  CHECK(error_code(scene, {"show", "SITE", "--since", "yesterday"}) == "time-invalid");
  CHECK(error_code(scene, {"show", "SITE", "--until", "2026-02-30"}) == "time-invalid");
}

TEST_CASE("show names the intent of a result, the result that is missing, and fits a terminal") {
  SiteScene scene;
  scene.add({{"act", "note"}, {"event", std::string(200, 'e')}, {"text", "a\u202eb\n"}});
  scene.write(8);
  const auto run = scene.run({"show", "SITE", "--full"});
  CHECK(run.exit_code == 0);
  CHECK(fits_terminal(run.out));
  CHECK(says(run.out, "    2  yes     2026-03-01T10:00:00Z  01234567  generate-kek: intent\n"));
  CHECK(
      says(run.out, "    3  yes     2026-03-01T10:00:02Z  01234567  generate-kek: result of 2\n"));
  CHECK(says(run.out, "rotate: intent, WITHOUT a result\n"));
  CHECK(says(run.out, "    8  NO "));
  CHECK_FALSE(says(run.out, "\u202e"));
  const Json entries = scene.result({"show", "SITE"}).at("entries");
  CHECK(entries.at(2).at("counterpart") == 3);
  CHECK(entries.at(3).at("counterpart") == 2);
  CHECK(entries.at(7).at("counterpart") == nullptr);
  CHECK(entries.at(6).at("counterpart") == nullptr);
}

TEST_CASE("show has one line for each act, and says what is not as it should be") {
  SiteScene scene;
  scene.add({{"act", std::string(200, 'a')}, {"event", "a\u202eb\n"}});
  scene.write(8);
  const auto run = scene.run({"show", "SITE"});
  CHECK(run.exit_code == 0);
  CHECK(run.err.empty());
  CHECK(fits_terminal(run.out));
  const std::string key = std::string(kFirstKey).substr(0, 8) + "...";
  CHECK(
      run.out.starts_with("entries  when (UTC)        act, its key, what came of it\n"
                          "    0-1  2026-03-01 09:00  init-site\n"
                          "    2-3  2026-03-01 10:00  generate-kek " +
                          key +
                          "\n"
                          "    4-5  2026-03-02 10:00  wrap-for-import " +
                          key +
                          "\n"
                          "      6  -                 recovery: truncated\n"
                          "      7  2026-03-03 10:00  rotate " +
                          std::string(kSecondKey).substr(0, 8) +
                          "...: NO RESULT\n"
                          "      8  -                 note: afterwards: NOT SIGNED"));
  CHECK_FALSE(says(run.out, "\u202e"));
  // Of a pair of which one is left out, the other one says so.
  const auto half = scene.run({"show", "SITE", "--until", "2026-03-01T10:00:01Z"});
  CHECK(says(half.out, "      2  2026-03-01 10:00  generate-kek " + key + ": intent of 3\n"));
}

TEST_CASE("What 0.1.0 signed can be read and exported, whatever it is") {
  SiteScene scene;
  scene.scene().lines().emplace_back("x");
  scene.scene().lines().emplace_back(
      R"({"act":5,"event":"intent","keys":[{"id":5}],"run":"r","time":"never"})");
  scene.write(scene.scene().lines().size());
  CHECK(scene.run({"verify", "SITE"}).exit_code == 0);
  const auto run = scene.run({"show", "SITE", "--full"});
  CHECK(run.exit_code == 0);
  CHECK(says(run.out, "NO ENTRY of keyrite"));
  CHECK(scene.run({"show", "SITE", "--since", "2026-01-01T00:00:00Z"}).exit_code == 0);
  CHECK(scene.run({"export", "SITE", "--out", scene.path("audit")}).exit_code == 0);
}

}  // namespace KEYRITE_TEST_FILE
}  // namespace keyrite::test
