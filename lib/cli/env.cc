#include "cli/env.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>

#include "base/error.h"
#include "cli/screen_columns.h"
#include "cli/signal_guard.h"

namespace keyrite::cli {

namespace {

std::string user_name() {
  constexpr std::size_t kRoom = 4096;
  std::array<char, kRoom> room{};
  struct passwd entry {};
  struct passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, room.data(), room.size(), &found) == 0 && found != nullptr)
    return entry.pw_name;
  return std::to_string(::geteuid());
}

}  // namespace

Env process_env() {
  Env env;
  env.out = &std::cout;
  env.err = &std::cerr;
  env.out_columns = screen_columns(STDOUT_FILENO);
  env.err_columns = screen_columns(STDERR_FILENO);
  env.err_descriptor = STDERR_FILENO;
  env.now = [] {
    return std::chrono::floor<TimePoint::duration>(std::chrono::system_clock::now());
  };
  env.variable = [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());  // NOLINT(concurrency-mt-unsafe)
    if (value == nullptr) return std::nullopt;
    return value;
  };
  env.terminal = controlling_terminal();
  env.hold_signals = hold_signals;
  env.release_signals = release_signals;
  env.interrupted = interrupted;
  env.user = user_name();
  env.program = "/proc/self/exe";
  return env;
}

void flush_output(Env& env, std::string_view hint) {
  env.out->flush();
  if (!*env.out) {
    throw Error(Kind::kFailed, "output-unwritable",
                "the result cannot be written to standard output", std::string(hint));
  }
  env.err->flush();
}

}  // namespace keyrite::cli
