// SPDX-FileCopyrightText: The keyrite authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/fresh_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/json.h"
#include "cli/harden.h"
#include "cli/pin_reader.h"
#include "cli/run_tool.h"

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace keyrite::cli {

namespace {

constexpr int kPinDescriptor = 3;

[[noreturn]] void not_started(int reason) {
  throw Error(Kind::kFailed, "process-not-started",
              fmt::format("a fresh process of this program was not started: {}",
                          std::system_category().message(reason)),
              "make room for another process, and run the same command again");
}

// Both ends are closed on every path.
class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) not_started(errno);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  [[nodiscard]] int to_read() const { return ends_[0]; }
  [[nodiscard]] int to_write() const { return ends_[1]; }
  void close_end(std::size_t end) {
    if (ends_.at(end) >= 0) ::close(ends_.at(end));
    ends_.at(end) = -1;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

class Actions {
 public:
  Actions() { ::posix_spawn_file_actions_init(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() { ::posix_spawn_file_actions_destroy(&actions_); }
  void give(int ours, int theirs) { ::posix_spawn_file_actions_adddup2(&actions_, ours, theirs); }
  // A module's connections to its token are not the child's.
  void close_from(int first) { ::posix_spawn_file_actions_addclosefrom_np(&actions_, first); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    (void)wait();
  }
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : static_cast<int>(Kind::kUnknownOutcome);
  }

 private:
  pid_t pid_;
};

void write_all(int descriptor, ByteView content) {
  while (!content.empty()) {
    const auto count = ::write(descriptor, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;  // it ended: its answer says so
    content = content.subspan(static_cast<std::size_t>(count));
  }
}

std::string read_all(int descriptor, std::chrono::milliseconds patience) {
  std::string text;
  std::array<char, 4096> room{};
  for (;;) {
    struct pollfd ready {
      .fd = descriptor, .events = POLLIN, .revents = 0
    };
    const int found = ::poll(&ready, 1, static_cast<int>(patience.count()));
    if (found < 0 && errno == EINTR) continue;
    if (found <= 0) {
      throw Error(Kind::kFailed, "process-hangs",
                  fmt::format("a fresh process of this program did not answer within {} s",
                              std::chrono::ceil<std::chrono::seconds>(patience).count()),
                  "find out whether the token answers at all, with token-check");
    }
    const auto count = ::read(descriptor, room.data(), room.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(room.data(), static_cast<std::size_t>(count));
  }
}

pid_t spawn(const std::string& program, std::string_view word, const Actions& actions) {
  std::string own = program;
  std::string only(word);
  std::array<char*, 3> words{own.data(), only.data(), nullptr};
  pid_t pid = -1;
  const int failed =
      ::posix_spawn(&pid, program.c_str(), actions.get(), nullptr, words.data(), environ);
  if (failed != 0) not_started(failed);
  return pid;
}

std::optional<crypto::SecretBytes> given_pin() {
  if (::fcntl(kPinDescriptor, F_GETFD) < 0) return std::nullopt;
  return read_pin_fd(kPinDescriptor);
}

}  // namespace

act::FreshProcess start_fresh(const std::string& program, std::string_view word,
                              const std::string& question, const crypto::SecretBytes* pin,
                              std::chrono::milliseconds patience) {
  Pipe input;
  Pipe output;
  Pipe secret;
  Actions actions;
  actions.give(input.to_read(), STDIN_FILENO);
  actions.give(output.to_write(), STDOUT_FILENO);
  if (pin != nullptr) actions.give(secret.to_read(), kPinDescriptor);
  actions.close_from(pin != nullptr ? kPinDescriptor + 1 : kPinDescriptor);
  // What a token without a disk's patience has only promised is on the disk before anybody looks.
  ::sync();
  Child child(spawn(program, word, actions));
  input.close_end(0);
  output.close_end(1);
  secret.close_end(0);
  write_all(input.to_write(), as_bytes(question));
  input.close_end(1);
  if (pin != nullptr) write_all(secret.to_write(), pin->reveal());
  secret.close_end(1);
  act::FreshProcess done{.answer = read_all(output.to_read(), patience)};
  done.exit_code = child.wait();
  return done;
}

int run_fresh(const AnswerFresh& answer) {
  int code = 0;
  Json document;
  try {
    Env env = process_env();
    (void)harden_process();
    refuse_code_variables(env.variable);
    refuse_debug_variables(env.variable);
    const std::string question = read_all(STDIN_FILENO, kPatience);
    std::cout << answer(question, [pin = std::make_shared<std::optional<crypto::SecretBytes>>(
                                       given_pin())](const pkcs11::TokenInfo&, pkcs11::UserType) {
      return std::exchange(*pin, std::nullopt);
    });
  } catch (const Error& error) {
    code = error.exit_code();
    std::cout << Json{{"error", error.message()}, {"code", error.code()}}.dump();
  }
  std::cout.flush();
  return std::cout ? code : static_cast<int>(Kind::kFailed);
}

int run_tool_or_fresh(int argc, char** argv, const Tool& tool, std::string_view word,
                      const AnswerFresh& answer) {
  if (argc == 2 && std::string_view(argv[1]) == word) return run_fresh(answer);
  return run_tool(argc, argv, tool);
}

}  // namespace keyrite::cli
