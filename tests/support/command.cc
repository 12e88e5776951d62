#include "support/command.h"

#include <doctest/doctest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace keyrite::test {

Workshop::Workshop() {
  std::string pattern = (std::filesystem::temp_directory_path() / "keyrite-test-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  folder_ = pattern;
}

Workshop::~Workshop() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::filesystem::path Workshop::put(const std::string& name, ByteView content) const {
  std::ofstream file(folder_ / name, std::ios::binary);
  file.write(reinterpret_cast<const char*>(content.data()),
             static_cast<std::streamsize>(content.size()));
  file.close();
  REQUIRE(file.good());
  return folder_ / name;
}

Bytes Workshop::get(const std::string& name) const {
  std::ifstream file(folder_ / name, std::ios::binary);
  REQUIRE(file.good());
  return Bytes(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

Output Workshop::run(const std::string& line) const {
  std::FILE* pipe = popen(("cd '" + folder_.string() + "' && { " + line + "; }").c_str(), "r");
  REQUIRE(pipe != nullptr);
  Output output;
  std::array<std::uint8_t, 4096> part{};
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), pipe)) {
    output.out.insert(output.out.end(), part.begin(),
                      part.begin() + static_cast<std::ptrdiff_t>(got));
  }
  const int status = pclose(pipe);
  output.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

Bytes Workshop::must(const std::string& line) const {
  Output output = run(line);
  INFO("command: ", line);
  REQUIRE(output.exit_code == 0);
  return output.out;
}

std::string Workshop::naming(const std::string& words, const std::string& paths) const {
  const Bytes found =
      must("python3 " KEYRITE_SOURCE_DIR "/tests/support/files_naming.py '" + words + "' " + paths);
  return {found.begin(), found.end()};
}

}  // namespace keyrite::test
