#include "cli/site_scene.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/text.h"
#include "transcript/entry.h"

namespace keyrite::test {
namespace {

Json entry_of(const char* act, const char* event, const char* run, const char* time) {
  return {{"act", act}, {"event", event}, {"run", run}, {"time", time}};
}

Json about_key(Json entry, const char* key, const char* id) {
  entry["keys"] = Json::array({{{"key", key}, {"id", id}}});
  return entry;
}

}  // namespace

SiteScene::SiteScene() {
  put("site.toml", "[site]\n");
  put("vkeys", scene_.ed25519().text() + "\n");
  add(entry_of("init-site", "intent", kFirstRun, "2026-03-01T09:00:00Z"));
  add(entry_of("init-site", "result", kFirstRun, "2026-03-01T09:00:01Z"));
  const auto generate = [](const char* event, const char* time) {
    return about_key(entry_of("generate-kek", event, kSecondRun, time), kFirstKey, "a1b2c3");
  };
  add(generate("intent", "2026-03-01T10:00:00Z"));
  add(generate("result", "2026-03-01T10:00:02Z"));
  const auto wrap = [](const char* event, const char* time) {
    return about_key(entry_of("wrap-for-import", event, kThirdRun, time), kFirstKey, "a1b2c3");
  };
  add(wrap("intent", "2026-03-02T10:00:00Z"));
  add(wrap("result", "2026-03-02T10:00:05Z"));
  add({{"act", "recovery"}, {"event", "truncated"}, {"bytes", 7}});
  add(about_key(
      entry_of("rotate", "intent", "aaaabbbbccccddddeeeeffff00001111", "2026-03-03T10:00:00Z"),
      kSecondKey, "d4e5f6"));
  add({{"act", "note"}, {"event", "afterwards"}});
  write(8);
}

void SiteScene::put(const std::string& name, const std::string& content) const {
  std::filesystem::create_directories(std::filesystem::path(site() + "/" + name).parent_path());
  shop().put("site/" + name, as_bytes(content));
}

std::string SiteScene::get(const std::string& name) const {
  return as_text(shop().get("site/" + name));
}

std::size_t SiteScene::add(const Json& content, const transcript::Voucher& voucher) {
  auto& lines = scene_.lines();
  transcript::Hasher hasher;
  std::optional<transcript::Hash> prev;
  if (!lines.empty()) prev = hasher.leaf(as_bytes(lines.back()));
  lines.push_back(transcript::entry_bytes(content, {.seq = lines.size(), .prev = prev}, voucher));
  return lines.size() - 1;
}

void SiteScene::write(std::size_t size) {
  std::string log;
  for (const auto& line : scene_.lines()) log += line + "\n";
  put("transcript/log.jsonl", log);
  put("transcript/checkpoint", scene_.checkpoint(size));
}

ProgramRun SiteScene::run(std::vector<std::string> words) const {
  std::replace(words.begin(), words.end(), std::string("SITE"), site());
  words.insert(words.begin(), tool_path("transcript"));
  return run_program(words);
}

Json SiteScene::result(std::vector<std::string> words) const {
  words.emplace_back("--json");
  const auto done = run(std::move(words));
  INFO(done.err);
  REQUIRE(done.exit_code == 0);
  return Json::parse(done.out).at("result");
}

bool fits_terminal(const std::string& text) {
  std::size_t columns = 0;
  for (const char c : text) {
    // One column per character: bytes that continue one are not counted.
    if (c == '\n') {
      columns = 0;
    } else if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U && ++columns > 80) {
      return false;
    }
  }
  return true;
}

}  // namespace keyrite::test
