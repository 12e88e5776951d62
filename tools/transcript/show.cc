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

std::string counted(std::size_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// What is in the folder; of what there is none, nothing.
std::string contents_text(const audit::Exported& exported) {
  std::string text = "the log";
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count != 0) text += ", " + counted(count, what);
  };
  add(exported.proofs, "proof");
  add(exported.evidence, "evidence file");
  add(exported.approvals - exported.withheld, "approval");
  return text;
}

}  // namespace

void show_audited(const audit::AuditedTranscript& audited, const cli::Run& run) {
  const auto& verified = audited.verified;
  const auto& checkpoint = verified.checkpoint;
  const auto say = [&](const std::string& text) { run.show(format_table({{text}})); };
  const auto say_below = [&](const std::string& text) {
    run.show(format_table({{"", printable(text)}}));
  };
  say(fmt::format("log {}: the checkpoint signs {} entries; root", printable(checkpoint.origin),
                  checkpoint.head.size));
  say_below(to_hex(checkpoint.head.root));
  for (const auto& key : verified.signatures.verified) {
    say("signed by");
    say_below(key);
  }
  if (audited.keys_of_site) {
    say(fmt::format(
        "The vkeys come from the site itself, from {}. Whoever can change the log can change them "
        "too: COMPARE them with those that were noted elsewhere, or give those with --vkey.",
        printable(*audited.keys_of_site)));
  }
  if (verified.signatures.unknown != 0)
    say(fmt::format("{} signature(s) by other keys are not checked", verified.signatures.unknown));
  if (verified.from) {
    say(fmt::format("the log still contains the {} entries of the earlier checkpoint",
                    verified.from->head.size));
  }
  if (verified.unsigned_entries != 0) {
    say(fmt::format("{} entries are after the checkpoint: NOTHING is proven about them",
                    verified.unsigned_entries));
  }
  for (const auto& range : audited.marks.unvouched()) {
    say(fmt::format(
        "entries {} to {} are UNVOUCHED: anybody who can write the log may have written them",
        range.first, range.last));
  }
  for (const std::uint64_t index : audited.marks.set_back()) {
    say(fmt::format(
        "the time of entry {} is before the time of an earlier entry: the CLOCK was set back",
        index));
  }
  if (audited.statements && !audited.statements->not_here.empty()) {
    say("entries acted under approvals whose statements are NOT in this folder. This folder does "
        "not show what they approved, or who approved it");
    for (const auto& sha256 : audited.statements->not_here) say_below(sha256);
  }
  if (verified.torn_bytes != 0) {
    say(fmt::format("the last line is incomplete ({} bytes): its writer was interrupted",
                    verified.torn_bytes));
  }
}

int verify_command(const audit::VerifyTranscriptRequest& request, cli::Run& run) {
  const auto audited = audit::verify_transcript(request);
  show_audited(audited, run);
  if (!audited.verified.from) {
    run.show(
        "Only a checkpoint that somebody else kept can show that this is the only history\n"
        "(--from).");
  }
  run.result(audited.to_json());
  return 0;
}

int show_command(const audit::ShowTranscriptRequest& request, cli::Run& run) {
  const auto shown = audit::show_transcript(request);
  std::string text = "entry  signed  time                  run       act: event\n";
  for (const auto& one : shown.entries) text += entry_lines(one);
  run.show(text);
  show_audited(shown.audited, run);
  run.result(shown.to_json());
  return 0;
}

int export_command(const audit::ExportRequest& request, cli::Run& run) {
  const auto exported = audit::export_transcript(request);
  show_audited(exported.audited, run);
  run.show(format_table(
      {{fmt::format("{} has {} files: {}. Its VERIFY.txt says how to check them without keyrite. "
                    "Note the SHA-256 of its SHA256SUMS:",
                    printable(request.out), exported.files, contents_text(exported))}}));
  run.show(fmt::format("  {}", exported.sums_sha256));
  if (exported.withheld != 0) {
    run.show(format_table(
        {{fmt::format("Not exported: {}. Their statements name keys (version 1). --names yes "
                      "exports them too.",
                      counted(exported.withheld, "approval"))}}));
  }
  for (const auto& name : exported.passed_over)
    run.show(fmt::format("{}: not exported: keyrite writes no file of this name", printable(name)));
  run.result(exported.to_json());
  return 0;
}

int prove_command(const audit::ProveEntryRequest& request, cli::Run& run) {
  const auto proven = audit::prove_entry(request);
  const auto& checkpoint = proven.audited.verified.checkpoint;
  run.show(format_table({{fmt::format(
      "{} proves that entry {} is in the log {} of {} entries; SHA-256 of the entry:",
      printable(request.out), proven.index, printable(checkpoint.origin), checkpoint.head.size)}}));
  run.show(fmt::format("  {}", proven.entry_sha256));
  run.result(proven.to_json());
  return 0;
}

}  // namespace keyrite
