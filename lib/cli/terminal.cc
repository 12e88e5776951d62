#include "cli/terminal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
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
#include "base/screen.h"
#include "base/text.h"
#include "cli/pin_reader.h"
#include "cli/screen_columns.h"
#include "cli/signal_guard.h"

namespace keyrite::cli {
namespace {

[[noreturn]] void refuse(std::string_view what, int number) {
  throw Error(Kind::kFailed, "terminal-unusable",
              fmt::format("the terminal cannot be {}: {}", what,
                          std::error_code(number, std::generic_category()).message()),
              "use another terminal, or a PIN source that needs none");
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

// Echo off, and signals only remembered, until restore() or the destructor.
class QuietTty {
 public:
  explicit QuietTty(const Tty& tty) : tty_(&tty) {
    if (tcgetattr(tty.descriptor(), &before_) != 0) refuse("read", errno);
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
    signals_.restore();
  }

 private:
  [[nodiscard]] bool apply(const termios& wanted) const {
    while (tcsetattr(tty_->descriptor(), TCSAFLUSH, &wanted) != 0) {
      if (errno != EINTR || PromptSignals::caught() != 0) return false;
    }
    return true;
  }

  const Tty* tty_;
  PromptSignals signals_{};
  termios before_{};
  bool restored_{false};
};

// Waits for something typed. False when a signal came first.
bool await_typed(const Tty& tty) {
  std::array<pollfd, 2> both{{{.fd = tty.descriptor(), .events = POLLIN, .revents = 0},
                              {.fd = PromptSignals::descriptor(), .events = POLLIN, .revents = 0}}};
  while (PromptSignals::caught() == 0) {
    if (poll(both.data(), both.size(), -1) < 0 && errno != EINTR) refuse("watched", errno);
    if (both[1].revents == 0 && both[0].revents != 0) return true;
  }
  return false;
}

// Reads to the end of the line. Returns the bytes of the line, its newline included when it fits;
// what does not fit is read and dropped, and shows as a full buffer. Stops early at a signal.
std::size_t read_line(const Tty& tty, std::span<std::uint8_t> buffer) {
  std::size_t length = 0;
  std::uint8_t byte = 0;
  while (await_typed(tty)) {
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

// After a prompt at which a signal came: the process ends by it, or it was stopped and is continued
// here. Error kFailed "interrupted" where what was begun must be logged.
void obey(const Tty& tty, int caught) {
  const bool stops = caught == SIGTSTP || caught == SIGTTIN || caught == SIGTTOU;
  try {
    tty.write(stops            ? "\n"
              : signals_held() ? "\nstopped at the prompt\n"
              : act_reported()
                  ? "\nstopped at the prompt: what was reported is done, and nothing after it\n"
                  : "\nstopped at the prompt: nothing was done\n");
    if (!stops && !way_on().empty()) tty.write(way_on() + "\n");
  } catch (const Error&) {
    // The terminal is gone: so it is with SIGHUP.
  }
  act_on(caught);
  if (stops) return;
  throw Error(Kind::kFailed, "interrupted",
              fmt::format("stopped at the prompt by signal {}", caught), "run the command again");
}

std::string asked(const std::string& prompt, const Tty& tty, ColorWhen color) {
  return toned(prompt, Tone::kAsk, has_color(color, tty.descriptor()));
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
  if (const int caught = PromptSignals::caught(); caught != 0) {
    obey(tty, caught);
    return std::nullopt;
  }
  tty.write("\n");
  return finish_pin(std::move(buffer), length, "terminal");
}

std::optional<crypto::SecretBytes> read_secret_from_tty(const std::string& prompt,
                                                        ColorWhen color) {
  const Tty tty;
  if (!tty.present()) return std::nullopt;
  while (true) {
    auto entry = one_entry(tty, asked(prompt, tty, color));
    if (entry) return entry;
  }
}

std::string trimmed(std::string_view line) {
  return std::string(line.substr(0, line.find_last_not_of(" \t\r\n") + 1));
}

std::string word_of(std::string_view line) {
  std::string word = trimmed(line);
  std::transform(word.begin(), word.end(), word.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return word;
}

bool is_short_yes(std::string_view line) { return word_of(line) == "y"; }

std::optional<bool> answer_of(std::string_view line) {
  const std::string word = word_of(line);
  // The whole word: what it confirms is not undone, and one key is soon hit.
  if (word == "yes") return true;
  if (word == "n" || word == "no") return false;
  return std::nullopt;
}

// One line that is shown as it is typed. nullopt: as one_entry.
std::optional<std::string> one_answer(const Tty& tty, const std::string& prompt) {
  constexpr int kLongestAnswer = 2000;
  std::array<std::uint8_t, kLongestAnswer> buffer{};
  PromptSignals signals;
  // An answer typed before the question was seen is none.
  (void)tcflush(tty.descriptor(), TCIFLUSH);
  tty.write(prompt);
  const std::size_t length = read_line(tty, buffer);
  signals.restore();
  if (const int caught = PromptSignals::caught(); caught != 0) {
    obey(tty, caught);
    return std::nullopt;
  }
  return as_text(ByteView(buffer).first(length));
}

std::optional<bool> ask_at_tty(const act::Question& question, ColorWhen color) {
  constexpr int kTries = 3;
  const Tty tty;
  if (!tty.present()) return std::nullopt;
  const unsigned columns = screen_columns(tty.descriptor());
  for (const auto& line : question.lines) tty.write(lay_out(printable(line), columns) + "\n");
  const std::string prompt = asked(
      lay_out(printable(question.prompt) + (question.typed.empty() ? " [yes/no]" : ""), columns) +
          " ",
      tty, color);
  for (int tries = 0; tries < kTries;) {
    const auto line = one_answer(tty, prompt);
    if (!line) continue;
    if (line->empty()) return false;
    if (!question.typed.empty()) return trimmed(*line) == question.typed;
    const auto answer = answer_of(*line);
    if (answer) return answer;
    tty.write(is_short_yes(*line)
                  ? "One letter does not confirm it: please type the word yes, or no.\n"
                  : "Please answer yes or no.\n");
    ++tries;
  }
  return false;
}

[[noreturn]] void refuse_nobody() {
  throw Error(Kind::kUsage, "terminal-missing", "nobody can answer: there is no terminal",
              "run the command at a terminal");
}

std::optional<std::string> read_line_from_tty(const std::string& prompt, ColorWhen color) {
  const Tty tty;
  if (!tty.present()) refuse_nobody();
  while (true) {
    const auto line = one_answer(tty, asked(printable(prompt), tty, color));
    if (!line) continue;
    if (line->empty()) {
      tty.write("\n");
      return std::nullopt;
    }
    return trimmed(*line);
  }
}

void show_at_tty(std::string_view text) {
  const Tty tty;
  if (tty.present()) tty.write(lay_out(text, screen_columns(tty.descriptor())));
}

unsigned columns_of_tty() {
  const Tty tty;
  return tty.present() ? screen_columns(tty.descriptor()) : 0;
}

}  // namespace

Terminal controlling_terminal(ColorWhen color) {
  return {[color](const act::Question& question) { return ask_at_tty(question, color); },
          [color](const std::string& prompt) { return read_secret_from_tty(prompt, color); },
          [color](const std::string& prompt) { return read_line_from_tty(prompt, color); },
          show_at_tty, columns_of_tty};
}

Terminal in_dry_run(const Terminal& terminal) {
  constexpr std::string_view kMark = "dry run: ";
  Terminal marked = terminal;
  marked.ask = [ask = terminal.ask, kMark](act::Question question) {
    question.prompt = std::string(kMark) + question.prompt;
    return ask(question);
  };
  marked.read_secret = [read = terminal.read_secret, kMark](const std::string& prompt) {
    return read(std::string(kMark) + prompt);
  };
  marked.read_line = [read = terminal.read_line, kMark](const std::string& prompt) {
    return read(std::string(kMark) + prompt);
  };
  return marked;
}

Terminal no_terminal() {
  return {[](const act::Question&) -> std::optional<bool> { return std::nullopt; },
          [](const std::string&) -> std::optional<crypto::SecretBytes> { return std::nullopt; },
          [](const std::string&) -> std::optional<std::string> { refuse_nobody(); },
          [](std::string_view) {}, [] { return 0U; }};
}

}  // namespace keyrite::cli
