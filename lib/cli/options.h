// From command-line words to request fields, by way of CLI11; and the fields of one command in the
// groups in which help and man page show them. One source for all three. Values, one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "act/request.h"
#include "cli/command.h"

namespace keyrite::cli {

// What every command takes besides its request.
struct OutputRequest {
  bool json{false};
  bool quiet{false};
  bool dry_run{false};
  bool no_progress{false};
  std::optional<std::string> color{};  // read before (cli/color.h)
  bool help{false};
  bool version{false};
};

struct OptionGroup {
  std::string_view title{};  // "Options", "Token", "Output"
  act::BoundRequest fields{};
};

// A command with all its options bound, ready to parse, to be described, and to run.
struct PreparedOptions {
  PreparedCommand command{};
  PreparedToken token{};  // no fields and no binding where the command uses none
  PreparedSite site{};
  std::shared_ptr<OutputRequest> output{};
  std::vector<OptionGroup> groups{};
};
[[nodiscard]] PreparedOptions prepare_options(const Command& command);

// The option that `word` ("--name" or "--name=value") names, or nullptr.
[[nodiscard]] const act::BoundField* option_named(std::string_view word,
                                                  const std::vector<OptionGroup>& groups);

// Sets the fields that `words` name. Does not look for what is missing. Errors kUsage:
// "option-unknown" (with the nearest option in the hint; never with the value given to it),
// "argument-missing", "argument-unexpected", and those of BoundField::set.
void parse_words(const std::vector<std::string>& words, const std::vector<OptionGroup>& groups);

// Error kUsage "value-missing" for the first required field of any group that has no value.
void require_complete(const std::vector<OptionGroup>& groups);

}  // namespace keyrite::cli
