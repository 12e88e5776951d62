#include "provider/state_script.h"

#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "base/text.h"
#include "provider/client_text.h"

namespace keyrite::provider {
namespace {

struct ChangeWords {
  std::string_view file{};
  std::string_view does{};  // "Disables"
};

ChangeWords words_of(CloudChange change) {
  switch (change) {
    case CloudChange::kDisable:
      return {"disable", "Disables"};
    case CloudChange::kEnable:
      return {"enable", "Enables"};
    case CloudChange::kScheduleDeletion:
      return {"schedule-deletion", "Schedules the deletion of"};
  }
  throw Error(Kind::kInternal, "value-outside-table",
              "a change of a cloud's key outside the table");
}

// After the settings $name and $client.
constexpr std::string_view kFunctions =
    R"sh([ "$print" = yes ] || command -v "$client" > /dev/null 2>&1 || {
  say "$client is not installed here"
  exit 1
}

# Whatever the environment says: no pager, no prompt.
AWS_PAGER=''
CLOUDSDK_CORE_DISABLE_PROMPTS=1
export AWS_PAGER CLOUDSDK_CORE_DISABLE_PROMPTS

# is PLACE FOUND WANTED
is() {
  if [ "$2" = "$3" ]; then
    say "$1: $2"
  else
    say "$1: it is \"$2\" and should be \"$3\""
    left=1
  fi
}
left_out() {
  say "$1: NOT done: $2"
  left=1
}

)sh";

// A switch may take a moment until the cloud says that it is done.
constexpr std::string_view kAwait =
    R"sh(# await WANTED QUESTION: asks until it is so, a minute at most.
await() {
  tries=0
  while :; do
    found=$("$2") || found=unknown
    [ "$found" != "$1" ] || return 0
    tries=$((tries + 1))
    [ "$tries" -lt 12 ] || return 0
    sleep 5
  done
}

)sh";

std::string switch_text(const StateStep& step, std::size_t number) {
  const auto place = shell_quote(step.place);
  if (step.only_asks && step.question) {
    return fmt::format(
        "question_{0}() {{ {1}; }}\nif [ \"$print\" = yes ]; then\n  printf '%s\\n' {2}\nelse\n"
        "  await {3} question_{0}\n  is {4} \"$found\" {3}\nfi\n\n",
        number, step.question->command, shell_quote(step.question->command),
        shell_quote(step.question->wanted), place);
  }
  if (!step.command || !step.question)
    return fmt::format("left_out {} {}\n\n", place, shell_quote(step.why_not));
  return fmt::format(
      "question_{5}() {{ {2}; }}\n"
      "if [ \"$print\" = yes ]; then\n  printf '%s\\n' {0}\n"
      "elif found=$(question_{5}) && [ \"$found\" = {3} ]; then\n  say {6}\n"
      "elif {1} > /dev/null; then\n  await {3} question_{5}\n  is {4} \"$found\" {3}\nelse\n"
      "  left_out {4} 'the command failed'\nfi\n\n",
      shell_quote(*step.command), *step.command, step.question->command,
      shell_quote(step.question->wanted), place, number,
      shell_quote(step.place + ": it is so already"));
}

std::string head(const StateScript& script, std::string_view does, const std::string& name) {
  return fmt::format(
      "#!/bin/sh\n# {} {} at {}. This file contains no secrets.\n"
      "# sh {} --print shows the commands. Names are in single quotes and are never expanded.\n"
      "# shellcheck disable=SC1003,SC2016,SC2317,SC2329\nset -eu\n\nname={}\nclient={}\n",
      does, script.version, provider_title(script.provider), name, name,
      provider_client(script.provider));
}

std::string step_text(const StateStep& step) {
  const auto place = shell_quote(step.place);
  if (!step.command) return fmt::format("left_out {} {}\n\n", place, shell_quote(step.why_not));
  const std::string asked =
      step.question ? fmt::format("  found=$({}) || found=unknown\n  is {} \"$found\" {}\n",
                                  step.question->command, place, shell_quote(step.question->wanted))
                    : fmt::format("  say {}\n", shell_quote(step.place + ": done"));
  return fmt::format(
      "if [ \"$print\" = yes ]; then\n  printf '%s\\n' {0}\nelif {1} > /dev/null; then\n{2}else\n"
      "  left_out {3} 'the command failed'\nfi\n\n",
      shell_quote(*step.command), *step.command, asked, place);
}

}  // namespace

std::string state_script_name(Provider provider, CloudChange change) {
  return fmt::format("{}-{}.sh", provider_name(provider), words_of(change).file);
}

std::string switch_script_name(Provider provider) {
  return fmt::format("{}-switch.sh", provider_name(provider));
}

std::string switch_script(const StateScript& script) {
  std::string text = head(script, "Switches to", switch_script_name(script.provider));
  text += kPrintOption;
  text += kFunctions;
  text += kAwait;
  for (std::size_t i = 0; i < script.steps.size(); ++i) text += switch_text(script.steps[i], i);
  return text + "exit \"$left\"\n";
}

std::string state_script(const StateScript& script) {
  std::string text =
      head(script, words_of(script.change).does, state_script_name(script.provider, script.change));
  text += kPrintOption;
  text += kFunctions;
  for (const auto& step : script.steps) text += step_text(step);
  return text + "exit \"$left\"\n";
}

}  // namespace keyrite::provider
