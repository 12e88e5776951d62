#include "acts/internal/unfinished_acts.h"

#include <fmt/format.h>

#include "base/text.h"

namespace keyrite::acts {

std::string Unfinished::text() const {
  return fmt::format("{} of {} (entry {})", printable(entry.value("act", std::string("an act"))),
                     printable(entry.value("time", std::string("unknown time"))), open.index);
}

std::vector<Unfinished> unfinished_acts(const ActLog& log) {
  std::vector<Unfinished> all;
  for (auto& intent : log.history().open_intents()) {
    Json entry = parse_json(as_bytes(intent.line), fmt::format("entry {}", intent.index));
    all.push_back({std::move(intent), std::move(entry)});
  }
  return all;
}

void tell_unfinished(const ActLog& log, const Context& context) {
  for (const auto& one : unfinished_acts(log)) {
    context.note(
        fmt::format("{} has no known result: keyrite resume looks at the "
                    "token for what it left",
                    one.text()));
  }
}

}  // namespace keyrite::acts
