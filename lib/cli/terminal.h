// The person at the terminal. Everything that needs a human goes through /dev/tty, so that
// redirected streams neither answer a question nor receive a PIN. Two functions instead of a class,
// so that tests bring their own. One thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "act/context.h"
#include "cli/color.h"
#include "crypto/secret_bytes.h"

namespace keyrite::cli {

struct Terminal {
  // The person's yes or no; nullopt when nobody is there. End of input counts as no.
  std::function<std::optional<bool>(const act::Question&)> ask{};
  // One line typed without echo; nullopt when nobody is there. Errors kPin "pin-empty",
  // "pin-too-long".
  std::function<std::optional<crypto::SecretBytes>(const std::string& prompt)> read_secret{};
  // act::Context::read_line.
  std::function<std::optional<std::string>(const std::string& prompt)> read_line{};
  // A text for the person, laid out for the terminal; where nobody is there, for nobody.
  std::function<void(std::string_view text)> show{};
  // How wide it is at this moment; 0: nobody is there, or it does not say.
  std::function<unsigned()> columns{};
};

// The controlling terminal of this process. Echo is restored on every path, also when a signal ends
// or stops the process in the middle of an entry. What was typed before the prompt was shown is
// thrown away.
// `color`: of its prompts.
[[nodiscard]] Terminal controlling_terminal(ColorWhen color = ColorWhen::kAuto);
// The same person; every prompt begins with "dry run: ".
[[nodiscard]] Terminal in_dry_run(const Terminal& terminal);
// Nobody: every question is answered by nullopt.
[[nodiscard]] Terminal no_terminal();

}  // namespace keyrite::cli
