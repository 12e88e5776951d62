#include "cli/catalog.h"
#include "cli/run_tool.h"
#include "transcript/show.h"

namespace keyrite {
namespace {

cli::Command verify() {
  return {.name = "verify",
          .summary = "check that a transcript is what its key signed",
          .description =
              "Hashes every entry of log.jsonl (RFC 6962), compares the root with the checkpoint "
              "and the checkpoint's signatures with the vkeys. With --from also an earlier "
              "checkpoint: an entry at or below its size that was changed or removed since is "
              "found, and so is a second history. No token, no network.",
          .examples = {{"verify a transcript, and that it extends what a witness saw",
                        "keyrite transcript verify site --vkey noted/vkeys \\\n    --from "
                        "witness/checkpoint"}},
          .prepare = cli::prepare_with(verify_command)};
}

cli::Command show() {
  return {.name = "show",
          .summary = "read a transcript",
          .description =
              "Verifies the transcript, then lists its entries, or those that fit all of what is "
              "given. Those after the checkpoint are marked: nothing is proven about them. A "
              "result names its intent; an intent whose result is missing says so.",
          .examples = {{"read what generate-kek did since March",
                        "keyrite transcript show site --vkey noted/vkeys \\\n    --act "
                        "generate-kek --since 2026-03-01T00:00:00Z"}},
          .prepare = cli::prepare_with(show_command)};
}

cli::Command prove() {
  return {.name = "prove",
          .summary = "write the proof that one entry is in a transcript",
          .description =
              "Writes a proof file (c2sp.org/tlog-proof@v1) which shows, without the rest of the "
              "log, that the entry is in the signed tree.",
          .examples = {{"prove entry 12",
                        "keyrite transcript prove site 12 --vkey noted/vkeys \\\n    --out "
                        "entry-12.tlog-proof"}},
          .prepare = cli::prepare_with(prove_command)};
}

cli::Tool tool() { return {cli::kTranscript, {verify(), show(), prove()}}; }

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
