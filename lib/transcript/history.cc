#include "transcript/history.h"

#include <algorithm>

#include "transcript/outcome.h"

namespace keyrite::transcript {

namespace {

// What an entry can name as its run: one that 0.1.0 signed may have anything there.
bool is_run(std::string_view run) {
  constexpr std::size_t kLongest = 64;
  return !run.empty() && run.size() <= kLongest &&
         std::ranges::all_of(run, [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

void History::take(std::uint64_t index, std::string_view line, Worth worth) {
  const auto head = entry_head(line);
  if (!head) return;
  if (worth == Worth::kCounts) (void)clock_.take(index, *head);
  if (head->event.empty() || !is_run(head->run)) return;
  if (head->event == kOpened) opened_ = true;
  if (head->event == kIntent) {
    open_.insert_or_assign(std::string(head->run), OpenIntent{.index = index,
                                                              .run = std::string(head->run),
                                                              .act = std::string(head->act),
                                                              .line = std::string(line)});
  }
  // Where the outcome is unknown somebody must look again: "settled" closes it.
  const bool known = head->event == kResult && head->outcome != kOutcomeUnknown;
  if (known || head->event == kSettled) close(head->run, worth);
  if (worth == Worth::kCounts && !head->statement_sha256.empty())
    used_.emplace(head->statement_sha256, index);
}

void History::close(std::string_view run, Worth worth) {
  const auto intent = open_.find(run);
  if (intent == open_.end()) return;
  // Of an act at the token the next one looks for itself what became of it.
  if (worth == Worth::kClaim && !is_act_on_files(intent->second.act)) return;
  open_.erase(intent);
}

const OpenIntent* History::open_intent(std::string_view run) const {
  const auto intent = open_.find(run);
  return intent == open_.end() ? nullptr : &intent->second;
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
