#include "cli/terminal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "cli/pin_reader.h"

namespace keyrite::cli {
namespace {

// Signals that may end or stop the process while echo is off: all whose default is that
// (signal(7)), but those of a defect and of the system itself.
constexpr std::array kWatched{SIGHUP,  SIGINT,    SIGQUIT, SIGTERM,   SIGUSR1,
                              SIGUSR2, SIGALRM,   SIGPOLL, SIGVTALRM, SIGPROF,
                              SIGXCPU, SIGSTKFLT, SIGTSTP, SIGTTIN,   SIGTTOU};
volatile std::sig_atomic_t g_caught = 0;
extern "C" void remember_signal(int number) { g_caught = number; }

[[noreturn]] void refuse(std::string_view what, int number) {
  throw Error(Kind::kFailed, "terminal-unusable",
              fmt::format("the terminal cannot be {}: {}", what,
                          std::error_code(number, std::generic_category()).message()),
              "run at another terminal, or name a source that needs none");
}

// /dev/tty, open for one dialogue.
class Tty {
 public:
  Tty() : descriptor_(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {}
  Tty(const Tty&) = delete;
  Tty& operator=(const Tty&) = delete;
  ~Tty() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  [[nodiscard]] bool present() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

  void write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t put = ::write(descriptor_, text.data(), text.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) refuse("written", errno);
      text.remove_prefix(static_cast<std::size_t>(put));
    }
  }

 private:
  int descriptor_;
};

// Echo off, and the watched signals only remembered, until restore() or the destructor.
class QuietTty {
 public:
  explicit QuietTty(const Tty& tty) : tty_(&tty) {
    if (tcgetattr(tty.descriptor(), &before_) != 0) refuse("read", errno);
    g_caught = 0;
    struct sigaction remember {};
    remember.sa_handler = remember_signal;  // without SA_RESTART, so that read() returns
    sigemptyset(&remember.sa_mask);
    for (std::size_t i = 0; i < kWatched.size(); ++i) {
      sigaction(kWatched.at(i), nullptr, &actions_.at(i));
      // What the caller chose to ignore (nohup) stays ignored.
      if (actions_.at(i).sa_handler != SIG_IGN) sigaction(kWatched.at(i), &remember, nullptr);
    }
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL);
    quiet.c_lflag |= ICANON | ISIG;
    if (!apply(quiet)) {
      const int number = errno;
      restore();
      refuse("made quiet", number);
    }
  }
  QuietTty(const QuietTty&) = delete;
  QuietTty& operator=(const QuietTty&) = delete;
  ~QuietTty() { restore(); }

  void restore() {
    if (restored_) return;
    restored_ = true;
    (void)apply(before_);
    for (std::size_t i = 0; i < kWatched.size(); ++i) {
      sigaction(kWatched.at(i), &actions_.at(i), nullptr);
    }
  }

 private:
  [[nodiscard]] bool apply(const termios& wanted) const {
    while (tcsetattr(tty_->descriptor(), TCSAFLUSH, &wanted) != 0) {
      if (errno != EINTR || g_caught != 0) return false;
    }
    return true;
  }

  const Tty* tty_;
  termios before_{};
  std::array<struct sigaction, kWatched.size()> actions_{};
  bool restored_{false};
};

// Reads to the end of the line. Returns the bytes of the line, its newline included when it fits;
// what does not fit is read and dropped, and shows as a full buffer. Stops early at a signal.
std::size_t read_line(const Tty& tty, std::span<std::uint8_t> buffer) {
  std::size_t length = 0;
  std::uint8_t byte = 0;
  while (g_caught == 0) {
    const ssize_t got = read(tty.descriptor(), &byte, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse("read", errno);
    if (got == 0) break;
    if (length < buffer.size()) buffer[length++] = byte;
    if (byte == '\n') break;
  }
  crypto::wipe({&byte, 1});
  return length;
}

// One entry. nullopt: a signal stopped the process in the middle and it was continued; ask again.
std::optional<crypto::SecretBytes> one_entry(const Tty& tty, const std::string& prompt) {
  crypto::SecretBytes buffer(kMaxPinBytes + 2);
  std::size_t length = 0;
  {
    QuietTty quiet(tty);
    tty.write(prompt);
    length = read_line(tty, buffer.reveal_for_writing());
    quiet.restore();
  }
  tty.write("\n");
  if (const int caught = std::exchange(g_caught, 0); caught != 0) {
    const bool stopped = caught == SIGTSTP || caught == SIGTTIN || caught == SIGTTOU;
    if (!stopped) tty.write("stopped at the prompt: nothing was done\n");
    (void)std::raise(caught);  // with the caller's own handlers back in place
    if (stopped) return std::nullopt;
    throw Error(Kind::kFailed, "interrupted", "the entry was interrupted", "run again");
  }
  return finish_pin(std::move(buffer), length, "terminal");
}

std::optional<crypto::SecretBytes> read_secret_from_tty(const std::string& prompt) {
  const Tty tty;
  if (!tty.present()) return std::nullopt;
  while (true) {
    auto entry = one_entry(tty, prompt);
    if (entry) return entry;
  }
}

std::string trimmed(std::string_view line) {
  return std::string(line.substr(0, line.find_last_not_of(" \t\r\n") + 1));
}

std::optional<bool> answer_of(std::string_view line) {
  std::string word = trimmed(line);
  std::transform(word.begin(), word.end(), word.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  // The whole word: what it confirms is not undone, and one key is soon hit.
  if (word == "yes") return true;
  if (word == "n" || word == "no") return false;
  return std::nullopt;
}

std::optional<bool> ask_at_tty(const acts::Question& question) {
  constexpr int kTries = 3;
  constexpr std::size_t kLongestAnswer = 160;
  const Tty tty;
  if (!tty.present()) return std::nullopt;
  g_caught = 0;
  for (const auto& line : question.lines) tty.write(printable(line) + "\n");
  for (int i = 0; i < kTries; ++i) {
    // An answer typed before the question was seen is none.
    (void)tcflush(tty.descriptor(), TCIFLUSH);
    tty.write(printable(question.prompt) + (question.typed.empty() ? " [yes/no] " : " "));
    std::array<std::uint8_t, kLongestAnswer> buffer{};
    const std::size_t length = read_line(tty, buffer);
    if (length == 0) return false;
    const std::string line = as_text(ByteView(buffer).first(length));
    if (!question.typed.empty()) return trimmed(line) == question.typed;
    const auto answer = answer_of(line);
    if (answer) return answer;
    tty.write("Please answer yes or no.\n");
  }
  return false;
}

}  // namespace

Terminal controlling_terminal() { return {ask_at_tty, read_secret_from_tty}; }

Terminal no_terminal() {
  return {[](const acts::Question&) -> std::optional<bool> { return std::nullopt; },
          [](const std::string&) -> std::optional<crypto::SecretBytes> { return std::nullopt; }};
}

}  // namespace keyrite::cli
