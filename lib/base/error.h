// The one exception family of keyrite. An Error says what failed and on which object. It has the
// CKR name and number if a token returned one, and a remedy for the reader. Its kind is the exit
// code of the process. Value type; copy it freely. Every layer throws it, and one place catches it:
// cli::run_tool.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <vector>

namespace keyrite {

// The exit codes of every tool (docs/exit-codes.md lists them for scripts).
enum class Kind : int {
  kFailed = 1,          // the act failed
  kUsage = 2,           // the command line is wrong
  kConfig = 3,          // configuration, input file or script is wrong
  kToken = 4,           // token absent, or it refused
  kPin = 5,             // PIN wrong, last try, or locked
  kVerification = 6,    // a check of evidence failed
  kWaiting = 7,         // waiting for somebody: an approval, an import, a proof
  kUnknownOutcome = 8,  // the token may or may not have acted
  kInternal = 70,       // a defect of keyrite
};

// What a token answered: the function's name, the CKR name ("CKR_KEY_UNEXTRACTABLE") and its
// number.
struct CkrAnswer {
  std::string function{};
  std::string name{};
  std::uint64_t value{};
};

// What a check compared: SHA-256 or another fingerprint in hex, so that a log may hold both.
struct Compared {
  std::string expected{};
  std::string found{};
};

// One of several checks that failed: an Error is the first of them, and programs want all.
struct FailedCheck {
  std::string what{};    // what was checked
  std::string object{};  // the file or field
  std::string code{};
  std::string message{};
};

class Error : public std::exception {
 public:
  // `code` is a stable slug ("parameters-expired") for scripts and tests; `message` one sentence
  // without a full stop, naming the object; `hint` the remedy.
  Error(Kind kind, std::string code, std::string message, std::string hint = {});

  // Adds what the token answered; the rendered message then ends in ": NAME (0x..)".
  Error&& with_ckr(CkrAnswer answer) &&;
  // Adds the two fingerprints that differ; the message says of them what people need.
  Error&& with_compared(Compared both) &&;
  // Adds all checks that failed, this one among them; the message stays that of this one.
  Error&& with_failed_checks(std::vector<FailedCheck> all) &&;

  [[nodiscard]] const char* what() const noexcept override { return rendered_.c_str(); }
  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] int exit_code() const noexcept { return static_cast<int>(kind_); }
  [[nodiscard]] const std::string& code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return rendered_; }
  [[nodiscard]] const std::string& hint() const noexcept { return hint_; }
  [[nodiscard]] const std::optional<CkrAnswer>& ckr() const noexcept { return ckr_; }
  [[nodiscard]] const std::optional<Compared>& compared() const noexcept { return compared_; }
  [[nodiscard]] const std::vector<FailedCheck>& failed_checks() const noexcept {
    return failed_checks_;
  }

 private:
  Kind kind_;
  std::string code_;
  std::string rendered_;
  std::string hint_;
  std::optional<CkrAnswer> ckr_{};
  std::optional<Compared> compared_{};
  std::vector<FailedCheck> failed_checks_{};
};

}  // namespace keyrite
