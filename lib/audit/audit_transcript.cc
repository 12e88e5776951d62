#include "audit/audit_transcript.h"

#include <charconv>

#include <fmt/format.h>

#include "audit/campaign_uses.h"
#include "audit/statement_uses.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "site/layout.h"
#include "transcript/layout.h"

namespace keyrite::audit {

namespace {

std::uint64_t parse_index(const std::string& text) {
  std::uint64_t index = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (failure != std::errc{} || end != text.data() + text.size()) {
    throw Error(Kind::kUsage, "index-invalid",
                fmt::format("\"{}\" is not the number of an entry", printable(text)),
                "give a number from 0 on; keyrite transcript show lists the entries");
  }
  return index;
}

bool proves(const transcript::ProofFile& proof, const std::string& entry,
            const transcript::Checkpoint& checkpoint) {
  transcript::Hasher hasher;
  return verifies_inclusion(hasher, proof.index, checkpoint.head.size, hasher.leaf(as_bytes(entry)),
                            proof.proof, checkpoint.head.root);
}

// Nothing is proven of what the checkpoint does not sign. It may be all right: it waits for the
// next signature.
void require_all_signed(const transcript::Verified& verified) {
  if (verified.unsigned_entries == 0 && verified.torn_bytes == 0) return;
  throw Error(Kind::kWaiting, "log-not-all-signed",
              fmt::format("the checkpoint signs {}, and not what the log has behind them: {}{}",
                          counted_entries(verified.checkpoint.head.size),
                          counted_entries(verified.unsigned_entries),
                          verified.torn_bytes == 0 ? "" : ", and a line that was torn off"),
              "sign the log with keyrite resume, then verify it again");
}

}  // namespace

AuditedTranscript verify_transcript(const VerifyTranscriptRequest& request,
                                    const ReadProgress& progress) {
  const TranscriptSource source = transcript_source(request.folder, request.vkey, progress);
  StatementUses uses;
  CampaignUses campaigns;
  std::vector<transcript::Hash> leaves;
  AuditedTranscript audited =
      audit(source, request.from, [&](const transcript::SignedEntry& entry) {
        leaves.push_back(entry.leaf);
        uses.take(entry.index, entry.line, entry.head);
        campaigns.take(entry.index, entry.line);
      });
  // A log alone tells of two uses of one statement; with the statements there is more to compare.
  // A site has them.
  const std::string folder = source.site.value_or(source.folder);
  audited.statements =
      require_statements(uses, site::in_site(folder, site::kApprovalsName),
                         log_of_use(audited.verified.checkpoint.origin, source.keys, leaves),
                         source.site ? Holder::kSite : Holder::kCopy);
  if (request.all_signed) require_all_signed(audited.verified);
  return audited;
}

ProvenEntry prove_entry(const ProveEntryRequest& request, const ReadProgress& progress) {
  const TranscriptSource source = transcript_source(request.folder, request.vkey, progress);
  const std::uint64_t index = parse_index(request.index);
  std::vector<transcript::Hash> leaves;
  std::string entry;
  ProvenEntry proven{.audited = audit(source, std::nullopt,
                                      [&](const transcript::SignedEntry& read) {
                                        leaves.push_back(read.leaf);
                                        if (read.index == index) entry = read.line;
                                      }),
                     .index = index};
  const auto& checkpoint = proven.audited.verified.checkpoint;
  if (index >= checkpoint.head.size) {
    throw Error(Kind::kUsage, "index-not-signed",
                fmt::format("entry {} is not signed yet: the checkpoint signs {} entries", index,
                            checkpoint.head.size),
                "sign the log with keyrite resume: only a signed entry can be proven");
  }
  transcript::Hasher hasher;
  const transcript::ProofFile proof{
      .index = index,
      .proof = inclusion_proof(hasher, leaves, index),
      .checkpoint = as_text(read_file(transcript::checkpoint_of(source.folder)))};
  if (!proves(transcript::parse_proof_file(proof.bytes(), "the proof"), entry, checkpoint)) {
    refuse_moving_transcript();
  }
  proven.entry_sha256 = crypto::sha256_hex(as_bytes(entry));
  write_new_file(request.out, as_bytes(proof.bytes()));
  return proven;
}

Json ProvenEntry::to_json() const {
  Json json = audited.to_json();
  json["index"] = index;
  json["entry_sha256"] = entry_sha256;
  return json;
}

}  // namespace keyrite::audit
