#include "audit/transcript_witness.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "audit/internal/witness_reply.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/presence.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "transcript/layout.h"
#include "transcript/sent.h"

namespace keyrite::audit {

namespace {

namespace fs = std::filesystem;
using transcript::NoteKey;
using transcript::NoteSignature;

std::uint64_t old_size(const std::string& text, std::uint64_t size) {
  const auto old = plain_number(text);
  if (old && *old <= size) return *old;
  throw Error(Kind::kUsage, "witness-old-invalid",
              fmt::format("--old \"{}\" is not a size that this log had: its checkpoint signs {}",
                          printable(text), counted_entries(size)),
              "give the size that the witness signed last, or 0 if it has seen none");
}

// The body of c2sp.org/tlog-witness, add-checkpoint.
std::string add_checkpoint_body(std::uint64_t old, const transcript::Proof& proof,
                                const std::string& checkpoint) {
  std::string body = fmt::format("old {}\n", old);
  for (const auto& hash : proof) body += to_base64(hash) + "\n";
  return body + "\n" + checkpoint;
}

// Which of the checkpoints that were sent out the line is over.
std::string cosigned_file(const std::string& folder, const NoteKey& witness,
                          const NoteSignature& line) {
  for (const auto& sha256 : transcript::sent_checkpoints(folder)) {
    std::string path = transcript::sent_file(folder, sha256, transcript::kSentCheckpoint);
    if (verifies(witness, line, transcript::read_checkpoint(path).note.text)) return path;
  }
  refuse_witness("witness-signature-wrong",
                 fmt::format("the signature of {} does not fit any checkpoint that keyrite "
                             "transcript witness request sent",
                             witness.name()),
                 "give the reply to a request that was made here");
}

// The log's keys: those given, and the site's where none of them is one.
TranscriptSource source_beside_witness(const std::string& folder,
                                       const std::vector<std::string>& vkey,
                                       const NoteKey& witness) {
  TranscriptSource given = transcript_source(folder, vkey);
  if (given.keys.size() > 1) return given;
  TranscriptSource own = transcript_source(folder, {});
  own.keys.push_back(witness);
  return own;
}

void keep_line(const std::string& place, const std::string& sent, const NoteSignature& line) {
  const bool there = is_there(place);
  transcript::Note note = transcript::read_checkpoint(there ? place : sent).note;
  const bool same = std::any_of(
      note.signatures.begin(), note.signatures.end(),
      [&](const NoteSignature& one) { return one.name == line.name && one.id == line.id; });
  if (same) {
    refuse_witness("witness-attached",
                   fmt::format("{} already has a line by {}", printable(place), line.name),
                   "do nothing: one line of a witness is enough for one checkpoint");
  }
  if (there && note.text != transcript::read_checkpoint(sent).note.text) refuse_moving_transcript();
  note.signatures.push_back(line);
  if (there) {
    replace_file(place, as_bytes(note.bytes()));
  } else {
    write_new_file(place, as_bytes(note.bytes()));
  }
}

// Who the witness is, for whoever verifies its line later.
void keep_vkey(const fs::path& folder, const NoteKey& witness) {
  const fs::path path = folder / "vkeys";
  const std::string known = is_there(path) ? as_text(read_file(path)) : std::string();
  const std::string line = witness.text() + "\n";
  if (known.find(line) == std::string::npos) replace_file(path, as_bytes(known + line));
}

}  // namespace

RequestedWitness request_witness(const RequestWitnessRequest& request) {
  const TranscriptSource source = transcript_source(request.folder, request.vkey);
  std::vector<transcript::Hash> leaves;
  RequestedWitness requested{
      .audited = audit(source, std::nullopt, [&](const transcript::SignedEntry& entry) {
        leaves.push_back(entry.leaf);
      })};
  requested.old_size = old_size(request.old, leaves.size());
  transcript::Hasher hasher;
  const auto proof = consistency_proof(hasher, leaves, requested.old_size);
  const Bytes checkpoint = audited_checkpoint(source, requested.audited);
  require_writable_new_path(request.out);
  (void)transcript::keep_sent(source.folder, crypto::sha256_hex(checkpoint),
                              transcript::kSentCheckpoint, checkpoint);
  write_new_file(request.out,
                 as_bytes(add_checkpoint_body(requested.old_size, proof, as_text(checkpoint))));
  return requested;
}

AttachedWitness attach_witness(const AttachWitnessRequest& request, TimePoint now) {
  const TranscriptSource given = transcript_source(request.folder, request.vkey);
  const NoteKey witness = witness_of(given.keys);
  const TranscriptSource source = source_beside_witness(request.folder, request.vkey, witness);
  const auto lines = lines_of(as_text(read_file(request.reply)), request.reply);
  const NoteSignature line = line_by(witness, lines);
  const std::string sent = cosigned_file(source.folder, witness, line);
  AttachedWitness attached{.audited = audit(source, sent),
                           .witness = witness.name(),
                           .time = transcript::cosignature_time(line)};
  attached.remarks = remarks_on(line, attached.time, lines, now);
  attached.size = attached.audited.verified.from->head.size;
  const fs::path folder = fs::path(source.folder) / kWitnessed;
  std::error_code ignored;
  fs::create_directory(folder, ignored);
  attached.place = folder / std::to_string(attached.size);
  keep_line(attached.place, sent, line);
  keep_vkey(folder, witness);
  return attached;
}

Json RequestedWitness::to_json() const {
  Json json = audited.to_json();
  json["old_size"] = old_size;
  return json;
}

Json AttachedWitness::to_json() const {
  Json json = audited.to_json();
  json["witness"] = witness;
  json["witnessed_size"] = size;
  json["time"] = time ? Json(format_rfc3339(*time)) : Json(nullptr);
  json["place"] = place;
  json["remarks"] = remarks;
  return json;
}

}  // namespace keyrite::audit
