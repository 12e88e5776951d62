// How the transcript tool tells people what an act found out: one function per command, each of the
// form that cli::prepare_with takes. One thread.
#pragma once

#include <memory>
#include <string>

#include "audit/audit_transcript.h"
#include "audit/export_transcript.h"
#include "audit/show_transcript.h"
#include "audit/transcript_readout.h"
#include "audit/transcript_timestamp.h"
#include "audit/transcript_witness.h"
#include "cli/command.h"

namespace keyrite {

// That the log is read: by dots where no bar shows how far it is.
[[nodiscard]] std::shared_ptr<void> reads_log(const cli::Run& run);

int verify_command(const audit::VerifyTranscriptRequest& request, cli::Run& run);
int show_command(const audit::ShowTranscriptRequest& request, cli::Run& run);
int prove_command(const audit::ProveEntryRequest& request, cli::Run& run);
int export_command(const audit::ExportRequest& request, cli::Run& run);
int readout_command(const audit::ReadoutRequest& request, cli::Run& run);
int request_timestamp_command(const audit::RequestTimestampRequest& request, cli::Run& run);
int attach_timestamp_command(const audit::AttachTimestampRequest& request, cli::Run& run);
int request_witness_command(const audit::RequestWitnessRequest& request, cli::Run& run);
int attach_witness_command(const audit::AttachWitnessRequest& request, cli::Run& run);

// One line an act: which entries, when, what with which key, and what came of it.
[[nodiscard]] std::string short_lines(const audit::ShownTranscript& shown);

// Whose log, how long, by whom signed, and what is not proven.
void show_audited(const audit::AuditedTranscript& audited, const cli::Run& run);

}  // namespace keyrite
