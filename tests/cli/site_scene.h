// A site's folder as acts leave it: site.toml, vkeys, and a transcript that openssl signed, with
// the intents and results of a few acts. In a Workshop's folder; one thread.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "support/program.h"
#include "transcript/entry.h"
#include "unit/transcript/log_scene.h"

namespace keyrite::test {

inline constexpr const char* kFirstRun = "00112233445566778899aabbccddeeff";
inline constexpr const char* kSecondRun = "0123456789abcdef0123456789abcdef";
inline constexpr const char* kThirdRun = "fedcba9876543210fedcba9876543210";
inline constexpr const char* kFirstKey = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";
inline constexpr const char* kSecondKey = "6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b";

class SiteScene {
 public:
  // Nine entries: init-site, generate-kek, wrap-for-import of that key, a recovery, and a rotate
  // whose result is missing; all of them but the last are signed.
  SiteScene();

  [[nodiscard]] const Workshop& shop() const { return scene_.shop(); }
  [[nodiscard]] LogScene& scene() { return scene_; }
  [[nodiscard]] std::string site() const { return scene_.shop().folder() / "site"; }
  [[nodiscard]] std::string path(const std::string& name) const {
    return scene_.shop().folder() / name;
  }
  // Puts a file below the site, and the folders above it.
  void put(const std::string& name, const std::string& content) const;
  [[nodiscard]] std::string get(const std::string& name) const;
  // Adds an entry after the others; its seq.
  std::size_t add(const Json& content, const transcript::Voucher& voucher = {});
  // Writes log and checkpoint, which signs the first `size` entries.
  void write(std::size_t size);
  // The tool with these words; "SITE" stands for the site's folder.
  [[nodiscard]] ProgramRun run(std::vector<std::string> words) const;
  // The same with --json; its result. Exit 0 is required.
  [[nodiscard]] Json result(std::vector<std::string> words) const;

 private:
  LogScene scene_{0};
};

// Whether no line has more than 80 columns.
[[nodiscard]] bool fits_terminal(const std::string& text);

}  // namespace keyrite::test
