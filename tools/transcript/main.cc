#include <fmt/format.h>

#include "acts/audit_transcript.h"
#include "base/canonical_json.h"
#include "base/text.h"
#include "cli/catalog.h"
#include "cli/command.h"
#include "cli/run_tool.h"

namespace keyrite {
namespace {

constexpr unsigned kColumns = 80;

void show_verified(const transcript::Verified& verified, const cli::Run& run) {
  const auto& checkpoint = verified.checkpoint;
  run.show(fmt::format("log {}: {} entries are what the checkpoint signs; root\n  {}",
                       printable(checkpoint.origin), checkpoint.head.size,
                       to_hex(checkpoint.head.root)));
  for (const auto& key : verified.signatures.verified)
    run.show(fmt::format("signed by {}", printable(key)));
  if (verified.signatures.unknown != 0) {
    run.show(
        fmt::format("{} signature(s) by keys that were not given", verified.signatures.unknown));
  }
  if (verified.from) {
    run.show(fmt::format("it still holds the {} entries of the earlier checkpoint",
                         verified.from->head.size));
  }
  if (verified.unsigned_entries != 0) {
    run.show(fmt::format("{} entries came after the checkpoint: NOTHING is proven about them",
                         verified.unsigned_entries));
  }
  if (verified.torn_bytes != 0) {
    run.show(fmt::format("the last line does not end ({} bytes): its writing was cut off",
                         verified.torn_bytes));
  }
}

int verify(const acts::VerifyTranscriptRequest& request, cli::Run& run) {
  const auto verified = acts::verify_transcript(request);
  show_verified(verified, run);
  if (!verified.from) {
    run.show(
        "Whether this is the only history, only a checkpoint from another hand can tell (--from).");
  }
  run.result(verified.to_json());
  return 0;
}

int show(const acts::ShowTranscriptRequest& request, cli::Run& run) {
  const auto shown = acts::show_transcript(request);
  std::vector<std::vector<std::string>> rows{{"entry", "signed", "act", "what"}};
  for (const auto& one : shown.entries) {
    Json rest = one.entry;
    const Json act = rest.value("act", Json("?"));
    for (const char* told : {"act", "seq", "prev"}) rest.erase(told);
    rows.push_back({std::to_string(one.index), one.is_signed ? "yes" : "NO",
                    printable(act.is_string() ? act.get<std::string>() : act.dump()),
                    printable(canonical_json(rest))});
  }
  run.show(format_table(rows, kColumns));
  show_verified(shown.verified, run);
  run.result(shown.to_json());
  return 0;
}

int prove(const acts::ProveEntryRequest& request, cli::Run& run) {
  const auto proven = acts::prove_entry(request);
  run.show(fmt::format(
      "{} proves that entry {} is in the log {} of {} entries; SHA-256 of the "
      "entry:\n  {}",
      printable(request.out), proven.index, printable(proven.verified.checkpoint.origin),
      proven.verified.checkpoint.head.size, proven.entry_sha256));
  run.result(proven.to_json());
  return 0;
}

cli::Tool tool() {
  return {
      cli::kTranscript,
      {{.name = "verify",
        .summary = "check that a transcript is what its key signed",
        .description =
            "Hashes every entry of log.jsonl (RFC 6962), compares the root with the checkpoint and "
            "the checkpoint's signatures with the vkeys. With --from also an earlier checkpoint: "
            "an entry at or below its size that was changed or removed since is found, and so is "
            "a second history. No token, no network.",
        .examples = {{"verify a transcript, and that it extends what a witness saw",
                      "keyrite transcript verify site/transcript \\\n    --vkey trust/vkeys --from "
                      "witness/checkpoint"}},
        .prepare = cli::prepare_with(verify)},
       {.name = "show",
        .summary = "read a transcript",
        .description = "Verifies the transcript, then lists its entries. Those after the "
                       "checkpoint are marked: nothing is proven about them.",
        .examples = {{"read what generate-kek did",
                      "keyrite transcript show site/transcript --vkey trust/vkeys \\\n    --act "
                      "generate-kek"}},
        .prepare = cli::prepare_with(show)},
       {.name = "prove",
        .summary = "write the proof that one entry is in a transcript",
        .description = "Writes a proof file (c2sp.org/tlog-proof@v1) which shows, without the rest "
                       "of the log, that the entry is in the signed tree.",
        .examples = {{"prove entry 12",
                      "keyrite transcript prove site/transcript 12 --vkey trust/vkeys \\\n    "
                      "--out entry-12.tlog-proof"}},
        .prepare = cli::prepare_with(prove)}}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
