#include "transcript/history.h"

#include <algorithm>

#include <fmt/format.h>

namespace keyrite::transcript {

namespace {

// The text value of a key, by the bytes of canonical JSON: there is no white space, and a quote
// inside a text has a backslash before it, so these bytes are a key or nothing.
std::optional<std::string_view> text_value(std::string_view line, std::string_view key) {
  const std::string wanted = fmt::format("\"{}\":\"", key);
  const auto at = line.find(wanted);
  if (at == std::string_view::npos) return std::nullopt;
  const auto begin = at + wanted.size();
  const auto end = line.find('"', begin);
  if (end == std::string_view::npos) return std::nullopt;
  return line.substr(begin, end - begin);
}

}  // namespace

void History::take(std::uint64_t index, std::string_view line) {
  if (const auto time = text_value(line, "time")) last_time_ = *time;
  const auto event = text_value(line, "event");
  const auto run = text_value(line, "run");
  if (!event || !run) return;
  if (*event == kOpened) opened_ = true;
  const std::string of(*run);
  if (*event == kIntent) open_[of] = {.index = index, .run = of, .line = std::string(line)};
  // Where the outcome is unknown somebody must look again: "settled" closes it.
  const bool known = *event == kResult && text_value(line, "outcome") != "unknown";
  if (known || *event == kSettled) open_.erase(of);
  if (const auto used = text_value(line, "statement_sha256")) used_.emplace(*used, index);
}

std::vector<OpenIntent> History::open_intents() const {
  std::vector<OpenIntent> intents;
  for (const auto& [run, intent] : open_) intents.push_back(intent);
  std::ranges::sort(intents, {}, &OpenIntent::index);
  return intents;
}

std::optional<std::uint64_t> History::use_of(std::string_view statement_sha256) const {
  const auto found = used_.find(statement_sha256);
  if (found == used_.end()) return std::nullopt;
  return found->second;
}

}  // namespace keyrite::transcript
