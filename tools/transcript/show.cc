#include "transcript/show.h"

#include <fmt/format.h>

#include "base/canonical_json.h"
#include "base/text.h"
#include "transcript/event.h"

namespace keyrite {

namespace {

// As much of a run's 32 digits as tells it from the others of a page.
constexpr std::size_t kRunDigits = 8;
constexpr std::size_t kTimeColumns = 20;

// Takes a text out of an entry that is shown elsewhere than among the rest.
std::string taken(Json& rest, const char* name, std::size_t longest = std::string::npos) {
  const Json value = rest.value(name, Json(nullptr));
  rest.erase(name);
  if (value.is_null()) return {};
  const std::string text = value.is_string() ? value.get<std::string>() : canonical_json(value);
  return printable(text.substr(0, longest));
}

std::string event_text(const std::string& event, const audit::ShownEntry& one) {
  std::string text = event;
  if (event == transcript::kIntent && !one.counterpart) text = "intent, WITHOUT a result";
  if (one.entry.contains("no_entry")) text = "NO ENTRY of keyrite";
  if (event == transcript::kResult && one.counterpart)
    text = fmt::format("result of {}", *one.counterpart);
  if (!one.is_unvouched) return text;
  return text.empty() ? std::string("UNVOUCHED") : text + ", UNVOUCHED";
}

// Blanks in words that are longer than a line: what an entry says may be anything.
std::string breakable(std::string_view text, std::size_t longest) {
  std::string broken;
  std::size_t length = 0;
  for (const char c : text) {
    const bool begins = (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    if (c == ' ') length = 0;
    if (begins && ++length > longest) {
      broken += ' ';
      length = 1;
    }
    broken += c;
  }
  return broken;
}

// `name=value`, values as JSON.
std::string fields_text(const Json& rest) {
  std::string text;
  for (const auto& [name, value] : rest.items())
    text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, canonical_json(value));
  return breakable(printable(text), kColumns - 7);
}

// Two kinds of line: where, when, who and what; and below, set in, all the rest.
std::string entry_lines(const audit::ShownEntry& one) {
  Json rest = one.entry;
  rest.erase("seq");
  rest.erase("prev");
  const std::string time = taken(rest, "time", kTimeColumns);
  const std::string run = taken(rest, "run", kRunDigits);
  const std::string act = taken(rest, "act");
  const std::string event = event_text(taken(rest, "event"), one);
  std::string text = format_table(
      {{fmt::format("{:>5}", one.index), fmt::format("{:<6}", one.is_signed ? "yes" : "NO"),
        fmt::format("{:<20}", time), fmt::format("{:<8}", run),
        breakable(fmt::format("{}{}{}", act, event.empty() ? "" : ": ", event), 32)}});
  if (!rest.empty()) text += format_table({{"     ", fields_text(rest)}});
  return text;
}

}  // namespace

int show_command(const audit::ShowTranscriptRequest& request, cli::Run& run) {
  auto waiting = reads_log(run);
  const auto shown = audit::show_transcript(request, run.context.progress);
  waiting.reset();
  if (request.full) {
    std::string text = "entry  signed  time                  run       act: event\n";
    for (const auto& one : shown.entries) text += entry_lines(one);
    run.show(text);
  } else {
    run.show(short_lines(shown));
    if (!shown.names.why_not.empty()) run.context.note(shown.names.why_not);
  }
  show_audited(shown.audited, run);
  run.result(shown.to_json());
  return 0;
}

}  // namespace keyrite
