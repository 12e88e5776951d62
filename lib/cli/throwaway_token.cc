// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/throwaway_token.h"

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/random.h"

namespace keyrite::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPinBytes = 8;
constexpr std::array<std::string_view, 3> kModules{
    "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"};

std::string module_of(const std::optional<std::string>& given) {
  if (given) return *given;
  for (const auto one : kModules) {
    if (is_there(one)) return std::string(one);
  }
  throw Error(Kind::kConfig, "softhsm-missing", "a rehearsal needs SoftHSM, which is not installed",
              "install softhsm2, or name its module with --module");
}

Bytes bytes_of(std::string_view text) {
  const ByteView view = as_bytes(text);
  return {view.begin(), view.end()};
}

std::string new_pin() { return to_hex(crypto::random_bytes(kPinBytes)); }

[[noreturn]] void failed(std::string_view why) {
  throw Error(Kind::kFailed, "throwaway-token-failed",
              fmt::format("softhsm2-util made no token: {}", why),
              "run softhsm2-util --show-slots, which says what is wrong with SoftHSM");
}

// softhsm2-util asks for each PIN twice, at its terminal: so no PIN is in its arguments.
std::string answer_prompts(int terminal, const std::string& so_pin, const std::string& pin) {
  const std::array<std::string, 4> answers{so_pin, so_pin, pin, pin};
  std::string screen;
  std::size_t seen = 0;
  std::size_t next = 0;
  std::array<char, 512> buffer{};
  while (true) {
    const ssize_t got = read(terminal, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return screen;  // at its end a terminal gives EIO
    screen.append(buffer.data(), static_cast<std::size_t>(got));
    const auto prompt = screen.find("PIN: ", seen);
    if (prompt == std::string::npos || next == answers.size()) continue;
    seen = prompt + 1;
    const std::string line = answers[next++] + "\n";
    if (write(terminal, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
      failed("its terminal takes nothing");
  }
}

void initialise(const std::string& so_pin, const std::string& pin) {
  int terminal = -1;
  const pid_t child = forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child < 0) failed("no process was started");
  if (child == 0) {
    execlp("softhsm2-util", "softhsm2-util", "--init-token", "--free", "--label", "rehearsal",
           static_cast<char*>(nullptr));
    _exit(127);
  }
  const std::string screen = answer_prompts(terminal, so_pin, pin);
  close(terminal);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
    throw Error(Kind::kConfig, "softhsm-missing",
                "a rehearsal needs softhsm2-util, which is not installed", "install softhsm2");
  }
  failed(printable(screen));
}

}  // namespace

ThrowawayToken make_throwaway_token(const std::string& folder,
                                    const std::optional<std::string>& module) {
  ThrowawayToken token{.module = module_of(module)};
  const fs::path place = real_place(folder);
  const std::string pin = new_pin();
  const std::string so_pin = new_pin();
  const std::string tokens = (place / "tokens").native();
  const std::string config = fmt::format(
      "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens);
  write_new_folder(place, {{.name = "softhsm2.conf", .content = bytes_of(config)},
                           {.name = "so-pin", .content = bytes_of(so_pin)},
                           {.name = "pin", .content = bytes_of(pin)}});
  require_folder(tokens);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before the module is loaded, in a process of one thread
  if (setenv("SOFTHSM2_CONF", (place / "softhsm2.conf").c_str(), 1) != 0)
    failed("the environment cannot be changed");
  initialise(so_pin, pin);
  token.pin_file = (place / "pin").native();
  token.so_pin_file = (place / "so-pin").native();
  token.uri = "pkcs11:token=rehearsal";
  return token;
}

}  // namespace keyrite::cli
