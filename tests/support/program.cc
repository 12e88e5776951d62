#include "support/program.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

namespace keyrite::test {
namespace {

// An unnamed file: the program may write as much as it likes without anybody reading meanwhile.
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
File unnamed_file() {
  File file(std::tmpfile(), std::fclose);
  REQUIRE(file);
  return file;
}

std::string content(std::FILE* file) {
  std::string text;
  std::array<char, 4096> part{};
  off_t at = 0;
  while (true) {
    const ssize_t got = pread(fileno(file), part.data(), part.size(), at);
    REQUIRE(got >= 0);
    if (got == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(got));
    at += got;
  }
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& added) {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string variable = *entry;
    if (!added.contains(variable.substr(0, variable.find('=')))) variables.push_back(variable);
  }
  for (const auto& [name, value] : added) variables.push_back(name + "=" + value);
  // What the sanitizers are told of tokens' leaks when the program is built with them.
  variables.emplace_back("ASAN_OPTIONS=fast_unwind_on_malloc=0");
  variables.emplace_back("LSAN_OPTIONS=print_suppressions=0:suppressions=" KEYRITE_SOURCE_DIR
                         "/tests/support/lsan.supp");
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> raw;
  raw.reserve(words.size() + 1);
  for (auto& word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  return raw;
}

// What a spawned process gets for streams; freed with the object.
class Streams {
 public:
  Streams() { posix_spawn_file_actions_init(&actions_); }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;
  ~Streams() { posix_spawn_file_actions_destroy(&actions_); }
  void connect(std::FILE* file, int descriptor) {
    posix_spawn_file_actions_adddup2(&actions_, fileno(file), descriptor);
  }
  void open(const std::string& path, int descriptor) {
    posix_spawn_file_actions_addopen(&actions_, descriptor, path.c_str(), O_WRONLY | O_CREAT, 0600);
  }
  void close(int descriptor) { posix_spawn_file_actions_addclose(&actions_, descriptor); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

pid_t start(std::vector<std::string> words, std::vector<std::string> environment,
            const Streams& streams) {
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t process = 0;
  const int failure = posix_spawnp(&process, words.front().c_str(), streams.get(), &attributes,
                                   pointers(words).data(), pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  REQUIRE_MESSAGE(failure == 0, words.front() << " cannot be started, error " << failure);
  return process;
}

int wait_for(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0) REQUIRE(errno == EINTR);
  constexpr int kSignalBase = 128;
  return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
}

}  // namespace

ProgramRun run_program(const std::vector<std::string>& words, const ProgramSettings& settings) {
  const File in = unnamed_file();
  const File out = unnamed_file();
  const File err = unnamed_file();
  REQUIRE(std::fputs(settings.input.c_str(), in.get()) >= 0);
  std::rewind(in.get());
  Streams streams;
  streams.connect(in.get(), STDIN_FILENO);
  if (settings.out_path.empty()) {
    streams.connect(out.get(), STDOUT_FILENO);
  } else {
    streams.open(settings.out_path, STDOUT_FILENO);
  }
  streams.connect(err.get(), STDERR_FILENO);
  for (const int descriptor : settings.closed) streams.close(descriptor);
  const int exit_code = wait_for(start(words, environment_with(settings.environment), streams));
  return {exit_code, content(out.get()), content(err.get())};
}

std::string tool_path(const std::string& name) { return KEYRITE_TOOLS_DIR "/" + name; }

}  // namespace keyrite::test
