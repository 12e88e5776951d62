// What each provider contributes to import.sh, fetch.sh and README.txt: its steps as shell
// functions, and the commands that come before an import. Pure, any thread. Internal to provider.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provider/destination.h"
#include "provider/fetch_script.h"
#include "provider/script.h"
#include "provider/shell_command.h"

namespace keyrite::provider {

struct Step {
  std::string name{};  // "set-primary": the word on the command line; runs step_set_primary
  std::string what{};  // one line for people
  bool by_default{true};
};

struct StepSet {
  std::string_view needs{};   // for people: "aws 2.9 (of the older line: 1.29) or later"
  std::vector<Step> steps{};  // in the order in which they run
  // step_NAME for each, and what they share. Also: client_version (prints it), wanted_version
  // VERSION (prints the lowest of its line), fix_environment.
  std::string functions{};
};

// fetch_all, client_version, wanted_version and fix_environment as shell functions.
struct ClientCalls {
  std::string_view client{};  // "aws"
  std::string_view needs{};   // as StepSet's
  std::string functions{};
};

namespace aws {
[[nodiscard]] FetchedFiles fetched_files(const FetchOrder& order);
[[nodiscard]] ClientCalls make_fetch(const FetchOrder& order);
// client_version, wanted_version and fix_environment.
[[nodiscard]] std::string client_functions(const std::optional<std::string>& region);
inline constexpr std::string_view kClientNeeds = "aws 2.9, of the older line 1.29, or later";
[[nodiscard]] StepSet make_steps(const Destination& destination, const ScriptInput& input);
[[nodiscard]] std::vector<std::string> preparation(const Destination& destination);
}  // namespace aws
namespace azure {
[[nodiscard]] FetchedFiles fetched_files(const FetchOrder& order);
[[nodiscard]] ClientCalls make_fetch(const FetchOrder& order);
[[nodiscard]] std::string client_functions();
inline constexpr std::string_view kClientNeeds = "az 2.45 or later";
[[nodiscard]] StepSet make_steps(const Destination& destination, const ScriptInput& input);
[[nodiscard]] std::vector<std::string> preparation(const Destination& destination);
}  // namespace azure
namespace google {
[[nodiscard]] FetchedFiles fetched_files(const FetchOrder& order);
[[nodiscard]] ClientCalls make_fetch(const FetchOrder& order);
[[nodiscard]] std::string client_functions();
inline constexpr std::string_view kClientNeeds = "gcloud 528 or later";
[[nodiscard]] StepSet make_steps(const Destination& destination, const ScriptInput& input);
[[nodiscard]] std::vector<std::string> preparation(const Destination& destination);
}  // namespace google

// The digest that a signature with `hash` is made of.
[[nodiscard]] Bytes message_digest(const ChallengeSpec& spec);
// Error kInternal "challenge-without-command": the challenge table has what a cloud cannot be
// asked.
[[noreturn]] void no_command(const ChallengeSpec& spec);

}  // namespace keyrite::provider
