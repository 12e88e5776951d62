#include "transcript/history.h"

#include <algorithm>

#include "base/bytes.h"
#include "crypto/digest.h"
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
  if (const auto head = entry_head(line)) take(index, line, *head, worth);
}

void History::take(std::uint64_t index, std::string_view line, const EntryHead& head, Worth worth) {
  if (worth == Worth::kCounts) (void)clock_.take(index, head);
  if (!head.event.empty() && is_run(head.run)) {
    if (head.event == kOpened) opened_ = true;
    if (head.event == kIntent) {
      open_.insert_or_assign(std::string(head.run), OpenIntent{.index = index,
                                                               .run = std::string(head.run),
                                                               .act = std::string(head.act),
                                                               .line = std::string(line)});
    }
    // Where the outcome is unknown somebody must look again: "settled" closes it.
    const bool known = head.event == kResult && head.outcome != kOutcomeUnknown;
    if (known || head.event == kSettled) close(head.run, worth);
    if (head.decides && head.event == kResult && head.outcome == kOutcomeDone) decided_.add(line);
    if (worth == Worth::kCounts && !head.statement_sha256.empty()) use(index, head);
  }
  forget_expired();
}

// Of two entries that name a statement the later end counts: nobody shortens what another one used.
void History::use(std::uint64_t index, const EntryHead& head) {
  const auto until = entry_time(head.statement_not_after);
  const auto [found, is_new] =
      used_.try_emplace(std::string(head.statement_sha256), Use{.index = index, .until = until});
  Use& use = found->second;
  if (!is_new)
    use.until = use.until && until ? std::optional(std::max(*use.until, *until)) : std::nullopt;
  if (use.until) first_end_ = first_end_ ? std::min(*first_end_, *use.until) : *use.until;
}

// A statement is judged by the log's clock, which goes back only where an officer confirmed it; and
// then no statement that is older is valid.
void History::forget_expired() {
  const auto latest = clock_.latest();
  if (!first_end_ || !latest || *latest <= *first_end_) return;
  first_end_.reset();
  for (auto one = used_.begin(); one != used_.end();) {
    const auto until = one->second.until;
    if (until && *latest > *until) {
      one = used_.erase(one);
      continue;
    }
    if (until) first_end_ = first_end_ ? std::min(*first_end_, *until) : *until;
    ++one;
  }
}

void History::Decided::add(std::string_view line) {
  Hasher hasher;
  const Hash leaf = hasher.leaf(as_bytes(line));
  Bytes both(chain.begin(), chain.end());
  both.insert(both.end(), leaf.begin(), leaf.end());
  chain = hash_of(crypto::sha256(both)).value();
  ++count;
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
  return found->second.index;
}

}  // namespace keyrite::transcript
