#include "cli/catalog.h"
#include "cli/run_tool.h"
#include "transcript/show.h"

namespace keyrite {
namespace {

cli::Command verify() {
  return {.name = "verify",
          .summary = "check that a transcript is what its key signed",
          .description =
              "Hashes every entry of log.jsonl (RFC 6962), compares the root with the "
              "checkpoint, and verifies the checkpoint's signatures with the vkeys. With --from "
              "it also compares an earlier checkpoint: that shows any change or removal of an "
              "entry up to the size of that checkpoint, and any second history. It needs no "
              "token and no network.",
          .examples = {{"verify a transcript, and that it extends what a witness saw",
                        "keyrite transcript verify site --vkey noted/vkeys \\\n    --from "
                        "witness/checkpoint"}},
          .progress = true,
          .prepare = cli::prepare_with(verify_command)};
}

cli::Command show() {
  return {
      .name = "show",
      .summary = "read a transcript",
      .description =
          "Verifies the transcript, then lists its acts, one line each, or those that match all "
          "filters given: entries, time, act, key, and what came of it where it was not done. "
          "Keys have their names where the site's registry has them. Entries after the "
          "checkpoint are marked, because nothing is proven about them, and so is an act "
          "without a result. --full shows every field of each entry.",
      .examples = {{"read what generate-kek did since March",
                    "keyrite transcript show site --vkey noted/vkeys \\\n    --act "
                    "generate-kek --since 2026-03-01T00:00:00Z"}},
      .progress = true,
      .text_is = cli::TextIs::kResult,
      .prepare = cli::prepare_with(show_command)};
}

cli::Command prove() {
  return {.name = "prove",
          .summary = "write the proof that one entry is in a transcript",
          .description =
              "Writes a proof file (c2sp.org/tlog-proof@v1). The file shows, without the rest of "
              "the log, that the entry is in the signed tree.",
          .examples = {{"prove entry 12",
                        "keyrite transcript prove site 12 --vkey noted/vkeys \\\n    --out "
                        "entry-12.tlog-proof"}},
          .progress = true,
          .prepare = cli::prepare_with(prove_command)};
}

cli::Command readout() {
  return {.name = "readout",
          .summary = "show size and root as people read them aloud",
          .description =
              "Verifies the transcript, then shows its size and its root: in hex, in words, and "
              "the checkpoint as a QR code. If somebody else keeps what was read out, it shows "
              "later that nothing before it was changed (verify --from). The code has the whole "
              "signed checkpoint or, where that is too long for 80 columns, its three lines "
              "without signatures. --qr-only shows the code of the three lines alone, which fits a "
              "terminal of 24 rows.",
          .examples = {{"read out the head of a site's log, and keep the code as a picture",
                        "keyrite transcript readout site --vkey noted/vkeys \\\n    --qr "
                        "checkpoint.svg"}},
          .progress = true,
          .text_is = cli::TextIs::kResult,
          .prepare = cli::prepare_with(readout_command)};
}

cli::Command export_folder() {
  return {.name = "export",
          .summary = "make a folder that an auditor verifies without keyrite",
          .description =
              "Verifies the transcript, then writes a folder with the log, its checkpoint and "
              "vkeys, proofs, evidence, the approvals of acts with what was asked for, the "
              "site's policy at each time, entries.csv, report.html for people, and VERIFY.txt, "
              "whose commands check all but that page with openssl, coreutils, python3 and "
              "ssh-keygen. Files that name keys, folders or cloud keys are left out, unless you "
              "give --names yes. keyrite exports nothing of a transcript that does not verify.",
          .examples = {{"export a site's log for its auditor",
                        "keyrite transcript export site --vkey noted/vkeys \\\n    --out "
                        "audit-2026"}},
          .progress = true,
          .prepare = cli::prepare_with(export_command)};
}

cli::Command request_timestamp() {
  return {.name = "timestamp request",
          .summary = "ask a timestamp authority when it saw the checkpoint",
          .description =
              "Verifies the transcript and writes an RFC 3161 query over the checkpoint's file: "
              "its SHA-256, a nonce, and a request for the authority's certificate. Checkpoint "
              "and query are kept beside the log until the reply comes.",
          .examples = {{"write a query; a connected machine sends it with curl",
                        "keyrite transcript timestamp request site --out site.tsq"}},
          .prepare = cli::prepare_with(request_timestamp_command)};
}

cli::Command attach_timestamp() {
  return {.name = "timestamp attach",
          .summary = "verify an authority's reply, and keep it with the transcript",
          .description =
              "Verifies the reply against the query and the checkpoint that were kept, and its "
              "certificate against the CA at the time in the reply. Also verifies that the log "
              "still has every entry of that checkpoint. Then keeps the reply in timestamps/SIZE "
              "beside the log.",
          .examples = {{"attach what the authority answered",
                        "keyrite transcript timestamp attach site \\\n    --reply site.tsr --ca "
                        "tsa-ca.pem"}},
          .prepare = cli::prepare_with(attach_timestamp_command)};
}

cli::Command request_witness() {
  return {.name = "witness request",
          .summary = "show a witness that the log only grew",
          .description =
              "Verifies the transcript and writes the body of an add-checkpoint request "
              "(c2sp.org/tlog-witness): the size that the witness has, the proof that the log "
              "still has those entries, and the checkpoint. The checkpoint is kept beside the "
              "log until the reply comes.",
          .examples = {{"ask a witness that has signed 40 entries",
                        "keyrite transcript witness request site --old 40 \\\n    --out "
                        "add-checkpoint.txt"}},
          .prepare = cli::prepare_with(request_witness_command)};
}

cli::Command attach_witness() {
  return {.name = "witness attach",
          .summary = "verify a witness's line, and keep it with the transcript",
          .description =
              "Finds the checkpoint that the witness signed, verifies its line, and verifies "
              "that the log still has every entry of that checkpoint. Then keeps the checkpoint "
              "with the line in witnessed/SIZE beside the log.",
          .examples = {{"attach what a witness answered",
                        "keyrite transcript witness attach site \\\n    --reply lines.txt --vkey "
                        "witness.vkey"}},
          .prepare = cli::prepare_with(attach_witness_command)};
}

cli::Tool tool() {
  return {cli::kTranscript,
          {verify(), show(), prove(), readout(), export_folder(), request_timestamp(),
           attach_timestamp(), request_witness(), attach_witness()}};
}

}  // namespace
}  // namespace keyrite

int main(int argc, char** argv) { return keyrite::cli::run_tool(argc, argv, keyrite::tool()); }
