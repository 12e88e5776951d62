// How the transcript tool tells people what an act found out: one function per command, each of the
// form that cli::prepare_with takes. One thread.
#pragma once

#include "acts/audit_transcript.h"
#include "acts/export_transcript.h"
#include "acts/show_transcript.h"
#include "acts/transcript_readout.h"
#include "acts/transcript_timestamp.h"
#include "acts/transcript_witness.h"
#include "cli/command.h"

namespace keyrite {

int verify_command(const acts::VerifyTranscriptRequest& request, cli::Run& run);
int show_command(const acts::ShowTranscriptRequest& request, cli::Run& run);
int prove_command(const acts::ProveEntryRequest& request, cli::Run& run);
int export_command(const acts::ExportRequest& request, cli::Run& run);
int readout_command(const acts::ReadoutRequest& request, cli::Run& run);
int request_timestamp_command(const acts::RequestTimestampRequest& request, cli::Run& run);
int attach_timestamp_command(const acts::AttachTimestampRequest& request, cli::Run& run);
int request_witness_command(const acts::RequestWitnessRequest& request, cli::Run& run);
int attach_witness_command(const acts::AttachWitnessRequest& request, cli::Run& run);

// Whose log, how long, by whom signed, and what is not proven.
void show_audited(const acts::AuditedTranscript& audited, const cli::Run& run);

}  // namespace keyrite
