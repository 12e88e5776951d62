#include "act/internal/unfinished_acts.h"

#include <fmt/format.h>

#include "act/internal/under_way.h"
#include "base/error.h"
#include "base/text.h"

namespace keyrite::act {

namespace {

// What 0.1.0 signed may be anything, and is settled all the same.
Json entry_of(const transcript::OpenIntent& intent) {
  try {
    Json entry = parse_json(as_bytes(intent.line), fmt::format("entry {}", intent.index));
    return entry.is_object() ? entry : Json::object();
  } catch (const Error&) {
    return Json::object();
  }
}

}  // namespace

std::string Unfinished::field(const char* name) const {
  const auto value = entry.find(name);
  return value != entry.end() && value->is_string() ? value->get<std::string>() : std::string();
}

std::string Unfinished::text() const {
  const std::string act = field("act");
  const std::string time = field("time");
  return fmt::format("{} of {} (entry {})", act.empty() ? "an act" : printable(act),
                     time.empty() ? "unknown time" : printable(time), open.index);
}

std::vector<Unfinished> unfinished_acts(const ActLog& log) {
  std::vector<Unfinished> all;
  for (auto& intent : log.history().open_intents()) {
    if (is_under_way(log.site(), intent.run)) continue;
    Json entry = entry_of(intent);
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

}  // namespace keyrite::act
